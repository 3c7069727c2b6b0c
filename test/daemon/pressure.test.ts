import { expect, it } from 'vitest';
import { createPressure } from '../../src/daemon/pressure.ts';
import type { OrderState } from '../../src/domain/order.ts';
import { ORDER_TABLE } from '../../src/domain/order.ts';

it('E24: above the limit it pushes back, and lets go at nine tenths of it; what is settled or with a human counts nothing', async () => {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(ORDER_TABLE).map((state) => [state, 0]));
  const notes: string[] = [];
  let retrying = 0;
  const orders = {
    census: () => Promise.resolve(counts as Record<OrderState, number>),
    retrying: () => Promise.resolve(retrying),
  };
  const bounds = { limit: () => 100, unwell: () => false };
  const pressure = createPressure(orders, bounds, (event) => void notes.push(event));
  const at = async (charging: number): Promise<boolean> => {
    counts['confirmed'] = charging - 40;
    counts['charge-unknown'] = 40;
    await pressure.measure();
    return pressure.overloaded();
  };
  counts['placed'] = 1_000_000;
  counts['challenged'] = 1_000_000;
  expect([await at(100), await at(101), await at(91), await at(90), await at(95)]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(notes).toEqual(['pressure.on', 'pressure.off']);
  retrying = 5000;
  expect(await at(5095)).toBe(false);
});

it('pushes back while the store is unwell: what is under way needs the memory that is left', async () => {
  const counts = Object.fromEntries(Object.keys(ORDER_TABLE).map((state) => [state, 0])) as Record<OrderState, number>;
  let problem: string | undefined;
  const bounds = { limit: () => 100, unwell: () => problem !== undefined };
  const orders = { census: () => Promise.resolve(counts), retrying: () => Promise.resolve(0) };
  const pressure = createPressure(orders, bounds, () => undefined);
  await pressure.measure();
  expect(pressure.overloaded()).toBe(false);
  problem = 'Redis has used more than 90 % of its maxmemory';
  expect(pressure.overloaded()).toBe(true);
  problem = undefined;
  expect(pressure.overloaded()).toBe(false);
});

it.each([
  ['confirmed', true],
  ['charging', true],
  ['charge-unknown', true],
  ['reserved', true],
  ['committing', true],
  ['refunding', true],
  ['challenged', false],
  ['disputed', false],
  ['closed', false],
] as const)('an order that is %s waits for the OCS: %s', async (state, waits) => {
  const none = Object.fromEntries(Object.keys(ORDER_TABLE).map((each) => [each, 0])) as Record<OrderState, number>;
  const orders = { census: () => Promise.resolve({ ...none, [state]: 101 }), retrying: () => Promise.resolve(0) };
  const pressure = createPressure(orders, { limit: () => 100, unwell: () => false }, () => undefined);
  await pressure.measure();
  expect(pressure.overloaded()).toBe(waits);
});
