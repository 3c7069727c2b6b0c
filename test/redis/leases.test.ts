import { expect, it, vi } from 'vitest';
import { createStores } from '../../src/redis/stores.ts';
import { dedupe, LEASE, MSISDN, openStep, partitionOfMsisdn, reply } from './fixtures.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const partition = partitionOfMsisdn(MSISDN);
const of = (owner: string) => createStores(bench.handle, { partitions: PARTITIONS, owner, hash, now: () => bench.now });

it('what a dead process held is free at once, what others hold stays theirs', async () => {
  const dead = await of('dead');
  const living = await of('living');
  const lost = openStep('charging');
  const kept = openStep('charging');
  await dead.orders.open(lost, undefined);
  const text = reply('help');
  await dead.mts.owe(dedupe(), text, lost.now, LEASE);
  await living.orders.open(kept, undefined);
  expect(await living.leases.free(partition, (owner) => owner === 'dead', lost.now, lost.now + LEASE)).toBe(2);
  expect(await living.orders.take(kept.frozen.id, kept.now + 1, LEASE)).toBeUndefined();
  expect(await living.orders.take(lost.frozen.id, lost.now + 1, LEASE)).toMatchObject({ lease: { fence: 2 } });
  expect(await living.mts.take(text.id, lost.now + 1, LEASE)).toMatchObject({ lease: { fence: 2 } });
});

it('its holder, should it live after all, may not send any more (E5)', async () => {
  const dead = await of('dead');
  const step = openStep('charging');
  await dead.orders.open(step, undefined);
  await bench.stores.leases.free(partition, () => true, step.now, step.now + LEASE);
  expect(await dead.orders.renew(step.frozen.id, 1, step.now + 9 * LEASE)).toBe(false);
});

it('what is free is due', async () => {
  const dead = await of('dead');
  const step = openStep('charging');
  await dead.orders.open(step, undefined);
  expect(await dead.wake.claimDue(partition, step.now, 10)).toEqual([]);
  await bench.stores.leases.free(partition, () => true, step.now, step.now + LEASE);
  expect(await dead.wake.claimDue(partition, step.now, 10)).toHaveLength(1);
});

it('is freed in slices, however many there are', async () => {
  const dead = await of('dead');
  await Promise.all(Array.from({ length: 1200 }, () => dead.orders.open(openStep('charging'), undefined)));
  expect(await bench.stores.leases.free(partition, () => true, 1, Infinity)).toBe(1200);
});

it('reads only what could be held: an order that waits for its subscriber is none of it', async () => {
  const dead = await of('dead');
  const held = openStep('charging');
  const waiting = openStep('challenged');
  await dead.orders.open(held, undefined);
  await dead.orders.open(waiting, undefined);
  const read = vi.spyOn(bench.handle.redis, 'hget');
  expect(await bench.stores.leases.free(partition, () => true, held.now, held.now + LEASE)).toBe(1);
  expect(read).toHaveBeenCalledTimes(1);
});
