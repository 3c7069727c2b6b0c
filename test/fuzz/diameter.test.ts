import { expect, it } from 'vitest';
import { fuzz } from './diameter.ts';

it('a few thousand hostile messages crash nothing, hang nothing, and the peer answers after each batch', async () => {
  const report = await fuzz({ cases: 4_000, seed: 20_262, progress: () => undefined });
  expect(report.failures).toEqual([]);
  expect(report.batches).toBe(8);
  expect(Object.values(report.ends).reduce((sum, count) => sum + count, 0)).toBe(4_000);
});
