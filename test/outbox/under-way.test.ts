import { expect, it } from 'vitest';
import { createUnderWay } from '../../src/outbox/under-way.ts';
import { entry } from './support.ts';

const [one, two] = [entry({ id: '1-0' }), entry({ id: '2-0' })];

it('a batch may have been begun by another process where one of its entries was taken over, until it is acknowledged', () => {
  const underWay = createUnderWay();
  underWay.takenOver([one]);
  expect(underWay.isTakenOver([one, two])).toBe(true);
  expect(underWay.isTakenOver([two])).toBe(false);
  underWay.acknowledged([one]);
  expect(underWay.isTakenOver([one, two])).toBe(false);
});

it('what was handled is not handled again, and forgotten once it is acknowledged', () => {
  const underWay = createUnderWay();
  underWay.handled([one]);
  expect(underWay.open([one, two])).toEqual([two]);
  underWay.acknowledged([one]);
  expect(underWay.open([one, two])).toEqual([one, two]);
});
