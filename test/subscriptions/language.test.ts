import { describe, expect, it } from 'vitest';
import type { OwedMt } from '../../src/domain/notice.ts';
import { useBench, useServer } from '../redis/support.ts';
import type { RedisWorld } from './world.ts';
import { AMINA, kes, newsWorld } from './world.ts';

const server = useServer();
const bench = useBench(server);

/** What was said since, by kind and language. */
async function since(w: RedisWorld, change: () => Promise<unknown>, until: string): Promise<readonly string[]> {
  const said: string[] = [];
  const note = ({ kind, language }: OwedMt): void => void said.push(`${kind} ${language}`);
  const { mts } = w.ports;
  w.ports = { ...w.ports, mts: { ...mts, accepted: (mt, ...rest) => (note(mt), mts.accepted(mt, ...rest)) } };
  await change();
  await w.until(until);
  return said;
}

const world = (): Promise<RedisWorld> => newsWorld(bench.handle);

describe('the texts of a subscription', () => {
  it('come in the language that its subscriber has chosen since', async () => {
    const w = await world();
    const french = () => w.ports.subscribers.setLanguage(AMINA, 'fr');
    expect(await since(w, french, '2026-03-09T00:00:00Z')).toEqual(['reminder fr', 'renewed fr']);
    expect((await w.subscription(AMINA))?.language).toBe('fr');
  });

  it('tell of a new price, and of its end, in it too', async () => {
    const w = await world();
    const change = async () => {
      await w.ports.subscribers.setLanguage(AMINA, 'fr');
      w.sell('news', { period: 'week', price: kes(1500) });
      await w.until('2026-03-08T00:00:00Z');
      w.catalogue = { ...w.catalogue, services: new Map() };
    };
    const said = await since(w, change, '2026-03-16T00:00:00Z');
    expect(said).toEqual(expect.arrayContaining(['price-changed fr', 'ended fr']));
    expect(said.filter((one) => !one.endsWith(' fr'))).toEqual([]);
  });

  it('stay in the one that it began with where none was chosen', async () => {
    const w = await world();
    const said = await since(w, () => Promise.resolve(), '2026-03-09T00:00:00Z');
    expect(said).toEqual(['reminder en', 'renewed en']);
  });

  it('E9: a renewal that is under way keeps its own words', async () => {
    const w = await world();
    w.balances.set(AMINA, 0);
    await w.until('2026-03-08T09:00:00Z');
    const said = await since(w, () => w.ports.subscribers.setLanguage(AMINA, 'fr'), '2026-03-10T00:00:00Z');
    expect(said).toEqual(['renewal-paused en']);
  });
});
