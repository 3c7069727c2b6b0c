import { expect, it } from 'vitest';
import { createPressure } from '../../src/daemon/pressure.ts';
import type { OrderState } from '../../src/domain/order.ts';
import { ORDER_TABLE } from '../../src/domain/order.ts';

it('E24: above the limit it pushes back, and lets go at nine tenths of it; what is settled or with a human counts nothing', async () => {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(ORDER_TABLE).map((state) => [state, 0]));
  const notes: string[] = [];
  const census = () => Promise.resolve(counts as Record<OrderState, number>);
  const pressure = createPressure(
    census,
    () => 100,
    (event) => void notes.push(event),
  );
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
});
