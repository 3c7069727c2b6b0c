import { describe, expect, it } from 'vitest';
import { askRefund } from '../../src/flow/charge/ask-refund.ts';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import { resolveOrder } from '../../src/flow/charge/resolve-order.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, grants, isSilent, says } from './fakes/ocs.ts';
import { World } from './world.ts';

/** The first commit was booked in silence; its resend over another peer is answered by `act`. */
async function resent(act: Act): Promise<World> {
  const w = new World();
  w.ocs.plays(grants(), isSilent('booked'), act);
  await w.mo('FILM');
  await w.work();
  return w;
}

function late(w: World, resultCode = 2001): Promise<void> {
  const { frozen, charge } = w.order();
  const sessionId = charge?.sessionId ?? '';
  return recordLate(w.ports, { orderId: frozen.id, sessionId, action: 'commit', answer: answer(resultCode) });
}

describe('E5: the answer to a commit whose resend was answered first', () => {
  it.each([5002, 4012, 5012])('settles the dispute that a %i began, once', async (code) => {
    const w = await resent(says(code));
    expect([w.states(), w.ocs.paid]).toEqual([['disputed'], 500]);
    await late(w);
    await late(w);
    await late(w, code);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    expect(w.noted('charge.repeat')).toHaveLength(2);
  });

  it('E14: gives the money back where a STOP came during the dispute', async () => {
    const w = await resent(says(5002));
    await w.mo('STOP FILM');
    await late(w);
    expect(w.states()).toEqual(['refunding']);
    await w.work();
    expect([w.states(), w.ocs.paid]).toEqual([['refunded'], 0]);
  });

  it('changes nothing once that one has placed it', async () => {
    const w = await resent(grants());
    await late(w);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
  });

  it('settles no dispute about the refund of what was placed', async () => {
    const w = await resent(grants());
    w.ocs.plays(says(5012));
    await askRefund(w.ports, w.order().frozen.id, { who: 'amina', why: 'asked for by letter' });
    await w.work();
    expect(w.states()).toEqual(['disputed']);
    await late(w);
    expect(w.states()).toEqual(['disputed']);
  });

  it.each([
    ['placed', 'placed'],
    ['uncharged', 'uncharged'],
    ['refund', 'disputed'],
  ] as const)('leaves alone what a person ruled %s', async (outcome, state) => {
    const w = await resent(says(5002));
    await resolveOrder(w.ports, w.order().frozen.id, { outcome, why: 'row 7 of its book', who: 'amina' });
    w.ocs.plays(says(5012));
    if (outcome === 'refund') await w.work();
    await late(w);
    expect(w.states()).toEqual([state]);
    expect(w.noted('charge.orphan')).toHaveLength(outcome === 'uncharged' ? 1 : 0);
  });
});
