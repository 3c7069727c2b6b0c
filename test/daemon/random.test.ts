import { expect, test } from 'vitest';
import { createRandom } from '../../src/daemon/random.ts';

test('gives as many octets as were asked for, and none of them twice', () => {
  const random = createRandom();
  const given = Array.from({ length: 2000 }, (_, at) => random((at % 24) + 8));
  expect(given.every((octets, at) => octets.length === (at % 24) + 8)).toBe(true);
  expect(new Set(given.map((octets) => Buffer.from(octets).toString('hex'))).size).toBe(given.length);
  expect(random(10_000)).toHaveLength(10_000);
});
