import { describe, expect, it } from 'vitest';
import { createStores } from '../../src/redis/stores.ts';
import { eventually } from '../queue/support.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());

/** Stores whose reads of subscribers are answered when they are told to be. */
async function slowStores() {
  const asked: (() => void)[] = [];
  const call: typeof bench.handle.call = (args) =>
    args[0] === 'HGETALL' ? new Promise((resolve) => asked.push(() => resolve([]))) : bench.handle.call(args);
  const settings = { partitions: PARTITIONS, owner: 'test', hash, now: () => bench.now };
  const stores = await createStores({ ...bench.handle, call }, settings);
  return { asked, subscribers: stores.subscribers };
}

describe('reading whoever sends something', () => {
  it('begins 64 at once, and keeps nobody waiting that has begun', async () => {
    const { asked, subscribers } = await slowStores();
    const senders = Array.from({ length: 100 }, (_, at) => subscribers.readSender(`2547000000${at}`));
    expect(asked).toHaveLength(64);
    const begun = subscribers.read('254711111111');
    expect(asked).toHaveLength(65);
    for (let answered = 0; answered < 101; answered++) {
      await eventually(() => asked.length > answered);
      asked[answered]?.();
    }
    expect((await Promise.all([...senders, begun])).every(({ providers }) => providers.size === 0)).toBe(true);
  });
});
