import { expect, it } from 'vitest';
import { fuzz } from './smpp.ts';

it('a few thousand hostile PDUs crash nothing, hang nothing, and the link answers after each batch', async () => {
  const report = await fuzz({ cases: 4_000, seed: 20_261, progress: () => undefined });
  expect(report.failures).toEqual([]);
  expect(report.batches).toBe(8);
  expect(Object.values(report.ends).reduce((sum, count) => sum + count, 0)).toBe(4_000);
});
