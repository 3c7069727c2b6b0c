import { describe, expect, it } from 'vitest';
import type { Subject } from '../../simulators/ocs/faults.ts';
import { createFaults } from '../../simulators/ocs/faults.ts';
import { provoke, STEPS } from './process-faults.ts';

function debit(retransmit: boolean): Subject {
  return {
    command: 'CCR',
    originHost: 'orderd-0.lab.example',
    credit: {
      sessionId: 'orderd;1;2',
      requestType: 'EVENT',
      action: 'DIRECT_DEBITING',
      requestNumber: 0,
      subSession: undefined,
      serviceContext: 'orderd@example',
      msisdn: '254700000101',
      originHost: 'orderd-0.lab.example',
      originRealm: 'lab.example',
      endToEnd: 1,
      retransmit,
      items: [],
    },
  };
}

describe('what the OCS must do that an order comes to a step', () => {
  it.each(STEPS.filter((step) => step.includes('refund')))(
    'leaves the shortage that leads to %s to a new debit, however many are sent again before it',
    (step) => {
      const faults = createFaults(() => 0);
      provoke(faults, step);
      for (let again = 0; again < 50; again++) expect(faults.strike(debit(true))).toBeUndefined();
      expect(faults.strike(debit(false))).toMatchObject({ action: 'grant', units: 100 });
    },
  );

  it('asks nothing of it where every order comes there', () => {
    const faults = createFaults(() => 0);
    provoke(faults, 'order.placed');
    expect(faults.list()).toEqual([]);
  });
});
