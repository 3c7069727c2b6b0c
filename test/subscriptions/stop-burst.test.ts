import { describe, expect, it } from 'vitest';
import { goOn } from '../../src/flow/go-on.ts';
import type { Ports } from '../../src/flow/ports/ports.ts';
import { receiveMo } from '../../src/flow/receive-mo.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, newsWorld, RedisWorld } from './world.ts';

const bench = useBench(useServer());

/** An MO that has read its sender, and goes on when it is told to; another process does its own meanwhile. */
interface Begun {
  readonly goOn: () => Promise<void>;
}

async function handle(ports: Ports, w: RedisWorld, text: string): Promise<void> {
  const { next } = await receiveMo(ports, w.write(text, { from: AMINA }));
  await goOn(ports, next);
}

async function begin(w: RedisWorld, text: string): Promise<Begun> {
  const ports = await w.second();
  const [read, more] = [gate(), gate()];
  const readSender = async (msisdn: string) => {
    const sender = await ports.subscribers.readSender(msisdn);
    read.open();
    await more.opened;
    return sender;
  };
  const whole = handle({ ...ports, subscribers: { ...ports.subscribers, readSender } }, w, text);
  await read.opened;
  return { goOn: () => (more.open(), whole) };
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const opens: (() => void)[] = [];
  return { opened: new Promise((resolve) => opens.push(resolve)), open: () => opens.forEach((each) => each()) };
}

/** Weekly NEWS for a trusted or a less trusted provider; nobody has anything yet. */
async function world(score = 90): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.sell('news', { period: 'week' });
  w.credit('acme', score);
  return w;
}

const STOPS = ['STOP', 'STOP ALL', 'STOP NEWS'];
const texts = (w: RedisWorld): readonly string[] => w.lines.map((line) => line.replace(/^.*5000 -> \S+ {2}/, ''));

describe('a STOP that is heard while an order of the same handset is on its way', () => {
  it.each(STOPS)('NEWS, %s: what opened since the sender was read is ended', async (text) => {
    const w = await world();
    const stop = await begin(w, text);
    await handle(w.ports, w, 'NEWS');
    await stop.goOn();
    expect(await w.subscription(AMINA)).toBeUndefined();
    expect(texts(w).at(-1)).toMatch(/^(Everything is stopped|Stopped: Daily News)/);
    const { paid } = w.ocs;
    await w.until('2026-04-20T00:00:00Z');
    expect(w.ocs.paid).toBe(paid);
  });

  it.each(STOPS)('NEWS, %s: a challenge that was opened since is cancelled', async (text) => {
    const w = await world(60);
    const stop = await begin(w, text);
    await handle(w.ports, w, 'NEWS');
    await stop.goOn();
    await handle(w.ports, w, 'YES');
    expect([w.ocs.paid, await w.subscription(AMINA)]).toEqual([0, undefined]);
  });

  it.each(STOPS)('NEWS, %s: an order that opens only then is not opened, and that is said', async (text) => {
    const w = await world();
    const order = await begin(w, 'NEWS');
    await handle(w.ports, w, text);
    await order.goOn();
    expect(texts(w).at(-1)).toMatch(/^Stopped: Daily News/);
    await w.until('2026-04-20T00:00:00Z');
    expect([w.ocs.paid, await w.subscription(AMINA)]).toEqual([0, undefined]);
  });

  it('STOP, NEWS, STOP without ids of the SMSC: the second STOP is no repeat of the first to an order between them', async () => {
    const w = await world();
    const unnamed = { from: AMINA, smscId: undefined };
    await w.mo('STOP', unnamed);
    w.clock.advance(1000);
    const order = await begin(w, 'NEWS');
    w.clock.advance(1000);
    await w.mo('STOP', unnamed);
    await order.goOn();
    expect(texts(w).at(-1)).toMatch(/^Stopped: Daily News/);
    expect([w.ocs.paid, await w.subscription(AMINA)]).toEqual([0, undefined]);
  });

  it('an order that came after the STOP is ordered', async () => {
    const w = await world();
    await handle(w.ports, w, 'STOP');
    w.clock.advance(1);
    await handle(w.ports, w, 'NEWS');
    expect(await w.subscription(AMINA)).toBeDefined();
  });

  it('an order of which the STOP does not speak goes on', async () => {
    const w = await world();
    const order = await begin(w, 'NEWS');
    await handle(w.ports, w, 'STOP GAME');
    await order.goOn();
    expect(await w.subscription(AMINA)).toBeDefined();
  });

  it('a repeat of an order that a STOP ended since is a repeat', async () => {
    const w = await world();
    const order = w.write('NEWS', { from: AMINA });
    await w.deliver(order);
    await handle(w.ports, w, 'STOP');
    const said = w.lines.length;
    await w.deliver(order);
    expect(w.lines).toHaveLength(said);
  });

  it('a second subscription: a STOP that must ask which, asks of what was ordered just before too', async () => {
    const w = await newsWorld(bench.handle);
    const stop = await begin(w, 'STOP');
    await handle(w.ports, w, 'FILM');
    await stop.goOn();
    expect(texts(w).at(-1)).toMatch(/NEWS.*FILM|FILM.*NEWS/);
    expect(await w.subscription(AMINA)).toBeDefined();
  });
});
