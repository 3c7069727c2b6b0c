import { expect, it } from 'vitest';
import type { ReceiptState } from '../../src/domain/message.ts';
import { isFinal } from '../../src/domain/message.ts';

it('ENROUTE and ACCEPTED go on, and UNKNOWN does not say how it ended (SMPP 3.4 5.2.28): no text is said again for it', () => {
  const states: ReceiptState[] = [
    'enroute', 'accepted', 'delivered', 'expired', 'deleted', 'undeliverable', 'unknown', 'rejected', 'skipped',
  ]; // prettier-ignore
  expect(states.filter((state) => !isFinal(state))).toEqual(['enroute', 'accepted', 'unknown']);
});
