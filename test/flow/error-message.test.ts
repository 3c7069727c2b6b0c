import { describe, expect, it } from 'vitest';
import { askRefund } from '../../src/flow/charge/ask-refund.ts';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, grants, isSilent } from './fakes/ocs.ts';
import { World } from './world.ts';

/** RFC 6733 7.1.5, 7.2: a node on the way fails a request for good. */
const errorMessage = (resultCode: number): Act => {
  return () => ({ ...answer(resultCode), errorBit: true });
};

describe('E2: an error message of a node on the way', () => {
  it.each([5012, 5004, 4002])(
    '%i to a resend clears no silence: the next resend finds what was debited',
    async (code) => {
      const w = new World();
      w.ocs.plays(isSilent('booked'), errorMessage(code));
      await w.mo('NEWS');
      await w.work();
      expect([w.states(), w.ocs.paid]).toEqual([['charge-unknown'], 500]);
      await w.work();
      expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
      expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false, true, true]);
    },
  );

  it('to a first send denies: nobody can have debited', async () => {
    const w = new World();
    w.ocs.plays(errorMessage(5012));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
  });

  it('to the resend of a commit begins no dispute', async () => {
    const w = new World();
    w.ocs.plays(grants(), isSilent('booked'), errorMessage(5012));
    await w.mo('FILM');
    await w.work();
    expect(w.states()).toEqual(['committing']);
    await w.work();
    expect(w.states()).toEqual(['placed']);
  });

  it('that comes late begins none either', async () => {
    const w = new World();
    w.ocs.plays(grants(), isSilent('booked'));
    await w.mo('FILM');
    const { frozen, charge } = w.order();
    const late = { orderId: frozen.id, sessionId: charge?.sessionId ?? '', action: 'commit' } as const;
    await recordLate(w.ports, { ...late, answer: { ...answer(5012), errorBit: true } });
    expect(w.states()).toEqual(['committing']);
    await w.work();
    expect(w.states()).toEqual(['placed']);
  });

  it('to the resend of a refund begins none either', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.ocs.plays(isSilent('booked'), errorMessage(5012));
    await askRefund(w.ports, w.order().frozen.id, { who: 'amina', why: 'asked for by letter' });
    await w.work();
    await w.work();
    expect(w.states()).toEqual(['refunding']);
    await w.work();
    expect([w.states(), w.ocs.paid]).toEqual([['refunded'], 0]);
  });
});
