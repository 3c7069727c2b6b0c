import { expect, it } from 'vitest';
import type { OrderState } from '../../src/domain/order.ts';
import type { Provided } from '../../src/flow/ports/ports.ts';
import { resolveOrder } from '../../src/flow/charge/resolve-order.ts';
import type { Act } from '../flow/fakes/ocs.ts';
import { grants, isSilent, meanwhile } from '../flow/fakes/ocs.ts';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const bench = useBench(useServer());
const AMINA = '254700000001';

/** How the renewal of the 8th comes to a state, and where STOP is texted; undefined: by whoever reached it. */
interface Scene {
  readonly state: OrderState;
  readonly keyword: 'NEWS' | 'FILM';
  /** Plays until the order is in its state, with STOP on the way where it lasts no longer. */
  readonly play: (w: RedisWorld) => Promise<void> | void;
  /** STOP is texted once the state is reached, and then this. */
  readonly after?: (w: RedisWorld) => Promise<void> | void;
}

const stop = (w: RedisWorld, keyword: string): Promise<void> => w.says(`STOP ${keyword}`, AMINA);
const stopped = (w: RedisWorld, keyword: string, act: Act): Act => meanwhile(() => stop(w, keyword), act);

/** The provider is asked, and meanwhile the subscriber stops; then it says that it has provided. */
function asks(w: RedisWorld, keyword: string): void {
  const provide = async (): Promise<Provided> => {
    w.tell('     provider is asked');
    await stop(w, keyword);
    return { kind: 'done' };
  };
  w.ports = { ...w.ports, provide };
}

const SCENES: readonly Scene[] = [
  {
    state: 'confirmed',
    keyword: 'NEWS',
    play: (w) => void (w.ocs.open = false),
    after: (w) => void (w.ocs.open = true),
  },
  { state: 'charging', keyword: 'NEWS', play: (w) => w.ocs.plays(stopped(w, 'NEWS', grants())) },
  { state: 'charge-unknown', keyword: 'NEWS', play: (w) => w.ocs.plays(isSilent('booked')) },
  { state: 'reserved', keyword: 'FILM', play: (w) => asks(w, 'FILM') },
  { state: 'charged', keyword: 'NEWS', play: (w) => asks(w, 'NEWS') },
  { state: 'committing', keyword: 'FILM', play: (w) => w.ocs.plays(grants(), stopped(w, 'FILM', grants())) },
  { state: 'placed', keyword: 'NEWS', play: () => undefined },
  { state: 'refunding', keyword: 'NEWS', play: (w) => w.ocs.plays(grants(400), stopped(w, 'NEWS', grants())) },
  {
    state: 'disputed',
    keyword: 'NEWS',
    play: async (w) => {
      w.ocs.plays(...Array.from({ length: 500 }, () => isSilent('booked')));
      await w.until('2026-03-10T09:00:00Z');
    },
    after: async (w) => {
      w.ocs.forget();
      w.tell('--   Staff find the debit in the book of the OCS');
      const order = await renewal(w);
      await resolveOrder(w.ports, order?.frozen.id ?? '', { outcome: 'refund', why: 'row 2', who: 'noc' });
    },
  },
];

const renewal = async (w: RedisWorld) =>
  (await w.stores.index.ofSubscriber(AMINA, 9)).find(({ frozen }) => frozen.renewal !== undefined);

/** Services of which the provider is asked before they are told, for the states in which it is. */
function sell(w: RedisWorld, state: OrderState): void {
  const asked = state === 'reserved' || state === 'charged';
  const provision = asked ? ({ provision: 'before-notice' } as const) : {};
  w.sell('news', { period: 'week', price: kes(1200), ...provision });
  w.sell('film', { period: 'week', price: kes(1200), ...provision });
  if (asked) w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'done' }) };
}

async function told({ state, keyword, play, after }: Scene): Promise<readonly string[]> {
  await bench.handle.redis.flushdb();
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.names.set(AMINA, 'Amina');
  sell(w, state);
  await w.says(keyword, AMINA);
  await w.until('2026-03-08T08:59:59Z');
  await play(w);
  if (state !== 'disputed') await w.until('2026-03-08T09:00:01Z');
  await stopThere(w, state, keyword);
  await after?.(w);
  await w.until('2026-04-01T00:00:00Z');
  const order = await renewal(w);
  w.tell(`--   The renewal is ${order?.state ?? 'gone'}; Amina paid ${w.ocs.paid / 100}, ${w.ocs.held.size} held`);
  expect(await w.subscription(AMINA)).toBeUndefined();
  return [`STOP while the renewal is ${state}`, ...w.lines.filter((line) => !line.includes(': silent')), ''];
}

/** Where the STOP did not come on the way: the state is held, and it comes now. */
async function stopThere(w: RedisWorld, state: OrderState, keyword: string): Promise<void> {
  if (w.lines.some((line) => line.endsWith(`Amina -> 5000  STOP ${keyword}`))) return;
  expect((await renewal(w))?.state).toBe(state);
  await stop(w, keyword);
}

it('STOP reaches a renewal in every state: nothing is kept that was not given, nothing is charged again', async () => {
  const lines: string[] = [];
  for (const scene of SCENES) lines.push(...(await told(scene)));
  await expect(lines.join('\n')).toMatchFileSnapshot('../golden/stop-states.txt');
  // The first period is paid; the one in which STOP came only where it had been given before.
  const paid = [...lines.join('\n').matchAll(/The renewal is (\S+); Amina paid (\d+), (\d+) held/g)];
  expect(paid.map(([, state, minor, held]) => [state, Number(minor), Number(held)])).toEqual([
    ['cancelled', 12, 0],
    ['refunded', 12, 0],
    ['refunded', 12, 0],
    ['cancelled', 12, 0],
    ['refunded', 12, 0],
    ['refunded', 12, 0],
    ['placed', 24, 0],
    ['refunded', 12, 0],
    ['refunded', 12, 0],
  ]);
}, 60_000);
