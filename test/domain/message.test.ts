import { expect, it } from 'vitest';
import type { ReceiptState } from '../../src/domain/message.ts';
import { isFinal } from '../../src/domain/message.ts';

it('ENROUTE and ACCEPTED are the only states that another one follows (SMPP 3.4 5.2.28)', () => {
  const states: ReceiptState[] = [
    'enroute', 'accepted', 'delivered', 'expired', 'deleted', 'undeliverable', 'unknown', 'rejected', 'skipped',
  ]; // prettier-ignore
  expect(states.filter((state) => !isFinal(state))).toEqual(['enroute', 'accepted']);
});
