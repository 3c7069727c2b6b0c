import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { CreditAnswer } from '../../src/domain/charge.ts';
import { answer, isSilent, meanwhile, says } from './fakes/ocs.ts';
import { World } from './world.ts';

/** The answer to the order's debit arrives after its sender stopped waiting. */
function late(w: World, given: CreditAnswer, action: 'debit' | 'reserve' = 'debit'): Promise<void> {
  const { frozen, charge } = w.order();
  const sessionId = charge?.sessionId ?? '';
  return recordLate(w.ports, { orderId: frozen.id, sessionId, action, answer: given });
}

describe('money that no order accounts for is alarmed: a person pays it back', () => {
  it.each([answer(2001), answer(2002, 120)])(
    'money that was taken late and denied before is an orphan: %o',
    async (said) => {
      const w = new World();
      w.ocs.plays(isSilent('booked'), says(4012));
      await w.mo('NEWS');
      await w.work();
      expect(w.states()).toEqual(['uncharged']);
      await late(w, said);
      expect(w.noted('charge.orphan')).toMatchObject([{ state: 'uncharged', result: said.resultCode }]);
    },
  );

  it('so is money that the answer waited for took, after the late denial of the first send', async () => {
    const w = new World();
    w.ocs.plays(
      isSilent('booked'),
      meanwhile(() => late(w, answer(4012))),
    );
    await w.mo('NEWS');
    await w.work();
    expect(w.states()).toEqual(['uncharged']);
    expect(w.noted('charge.orphan')).toMatchObject([{ order: w.order().frozen.id, state: 'uncharged', result: 2001 }]);
  });

  it('the answer waited for says again what a late one said: no orphan', async () => {
    const w = new World();
    w.ocs.plays(
      isSilent('booked'),
      meanwhile(() => late(w, answer(2001))),
    );
    await w.mo('NEWS');
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.noted('charge.orphan')).toEqual([]);
  });

  it('a second answer to what is placed is none', async () => {
    const w = new World();
    await w.mo('NEWS');
    await late(w, answer(2001));
    expect(w.noted('charge.repeat')).toHaveLength(1);
    expect(w.noted('charge.orphan')).toEqual([]);
  });

  it.each(['balance', 'price'] as const)(
    'a late answer to a question about the %s is none: it took nothing',
    async (action) => {
      const w = new World();
      await recordLate(w.ports, { orderId: '00-gone', sessionId: 'x', action, answer: answer(2001) });
      expect(w.noted('charge.orphan')).toEqual([]);
    },
  );

  it('an answer to an order that is gone is an orphan, noted', async () => {
    const w = new World();
    await recordLate(w.ports, { orderId: '00-gone', sessionId: 'x', action: 'debit', answer: answer(2001) });
    expect(w.noted('charge.orphan')).toEqual([{ order: '00-gone', result: 2001 }]);
  });
});

describe('E5: an error answer (3xxx) is not definite, so a grant that follows it is the first', () => {
  it('is recorded where the order waits for its next try, which is not made', async () => {
    const w = new World();
    w.ocs.plays(says(3002));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['confirmed']);
    await late(w, answer(2001));
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    await w.work();
    expect(w.ocs.received).toHaveLength(1);
    expect(w.noted('charge.orphan')).toEqual([]);
  });

  it('so is a reservation, which is then committed', async () => {
    const w = new World();
    w.ocs.plays(says(3002));
    await w.mo('FILM');
    await late(w, answer(2001), 'reserve');
    expect(w.states()).toEqual(['reserved']);
    await w.work();
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['reserve', 'commit']);
    expect(w.states()).toEqual(['placed']);
  });

  it('after a STOP, which has cancelled the order, it is an orphan', async () => {
    const w = new World();
    w.ocs.plays(says(3002));
    await w.mo('NEWS');
    await w.mo('STOP NEWS');
    expect(w.states()).toEqual(['cancelled']);
    await late(w, answer(2001));
    expect(w.states()).toEqual(['cancelled']);
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'cancelled', result: 2001 }]);
  });
});
