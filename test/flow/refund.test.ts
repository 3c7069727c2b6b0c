import { describe, expect, it } from 'vitest';
import { resolveOrder } from '../../src/flow/charge/resolve-order.ts';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { Late } from '../../src/flow/charge/record-charge.ts';
import { HOUR, SECOND, World } from './world.ts';
import { answer, closesFirst, grants, isSilent, meanwhile, says } from './fakes/ocs.ts';

/** Stopped while it was charged: the debit went through and goes back. */
function stopped(w: World): void {
  w.ocs.plays(meanwhile(() => w.mo('STOP')));
}

/** A refund that was booked in silence, and refused when it was sent again. `given`: its first answer, late. */
async function disputedRefund(): Promise<{ readonly w: World; readonly given: Late }> {
  const w = new World();
  stopped(w);
  w.ocs.plays(isSilent('booked'), says(5012));
  await w.mo('NEWS');
  await w.work();
  expect(w.states()).toEqual(['disputed']);
  const { frozen, refund } = w.order();
  return { w, given: { orderId: frozen.id, sessionId: refund!.sessionId, action: 'refund', answer: answer(2001) } };
}

describe('E6: refunds', () => {
  it('have their own Session-Id, stored once and kept for every resend, with T after a silence', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(isSilent('booked'), isSilent());
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunding']);
    await w.work();
    w.restart();
    await w.work();
    const [debit, ...refunds] = w.ocs.received;
    expect(new Set(refunds.map(({ identity }) => identity.sessionId)).size).toBe(1);
    expect(refunds[0]?.identity.sessionId).not.toBe(debit?.identity.sessionId);
    expect(refunds.map(({ retransmit }) => retransmit)).toEqual([false, true, true]);
    expect(refunds[2]?.identity.originHost).toBe('orderd-2.example.org');
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
  });

  it('tell nobody that they do not have what they have ordered again meanwhile', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(isSilent('lost'));
    await w.mo('NEWS');
    w.clock.advance(SECOND);
    await w.mo('NEWS');
    expect(w.heard()).toEqual(['stop-requested', 'ordered']);
    await w.work();
    expect([w.heard().at(-1), w.ocs.paid]).toEqual(['paid-back', 500]);
  });

  it('are stored until answered, though the OCS is away', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(() => {
      w.ocs.open = false;
      return { kind: 'not-sent', reason: 'the peer closed' };
    });
    await w.mo('NEWS');
    await w.work();
    await w.work();
    expect(w.states()).toEqual(['refunding']);
    w.ocs.open = true;
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('begin without T when the OCS was away at first', async () => {
    const w = new World();
    w.ocs.plays(
      meanwhile(
        () => w.mo('STOP'),
        (request, ocs) => {
          ocs.book(request);
          ocs.open = false;
          return answer(2001);
        },
      ),
    );
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'refunding', refund: undefined });
    w.ocs.open = true;
    await w.work();
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false, false]);
    expect(w.states()).toEqual(['refunded']);
  });

  const refunds = (w: World) => w.ocs.received.slice(1).map(({ retransmit }) => retransmit);

  it.each([
    ['the peer closed before a byte left', closesFirst(), [false]],
    ['an error answer said so (RFC 6733 3)', says(3004), [false, false]],
  ])('have no T where nothing was done with the send before: %s', async (_, act, flags) => {
    const w = new World();
    stopped(w);
    w.ocs.plays(act);
    await w.mo('NEWS');
    w.restart();
    await w.work();
    expect(refunds(w)).toEqual(flags);
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('keep T once a send went unanswered, whatever comes of the others', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(closesFirst(), isSilent('booked'), closesFirst(), says(3004));
    await w.mo('NEWS');
    for (let i = 0; i < 4; i++) await w.work();
    expect(refunds(w)).toEqual([false, true, true]);
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('have T where a process died over the send, though one before had not left (E1)', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(closesFirst(), (request, ocs) => {
      ocs.book(request);
      throw new Error('killed');
    });
    await w.mo('NEWS');
    await expect(w.work()).rejects.toThrow('killed');
    w.restart();
    await w.pass(HOUR);
    expect(refunds(w)).toEqual([false, true]);
    expect(w.ocs.paid).toBe(0);
  });

  it('E4: are as old as the first send that may have left', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(closesFirst());
    await w.mo('NEWS');
    w.ocs.open = false;
    await w.pass(25 * HOUR);
    w.ocs.open = true;
    w.ocs.plays(isSilent('booked'));
    await w.pass(HOUR);
    await w.pass(HOUR);
    expect(refunds(w)).toEqual([false, true]);
    expect(w.states()).toEqual(['refunded']);
  });

  it('E14: follow a commit that had not left when the STOP came', async () => {
    const w = new World();
    w.ocs.plays(grants(), closesFirst());
    await w.mo('FILM');
    await w.mo('STOP FILM');
    await w.work();
    expect(w.ocs.received.map(({ action, retransmit }) => `${action} ${retransmit}`)).toEqual([
      'reserve false', 'commit false', 'refund false',
    ]); // prettier-ignore
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('are not called an order that takes longer', async () => {
    const w = new World();
    w.ocs.plays(grants(120), isSilent());
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunding']);
    expect(w.heard()).toEqual([]);
    await w.work();
    expect(w.heard()).toEqual(['refunded']);
  });

  it('a refusal that comes after the refund was given is no dispute', async () => {
    const w = new World();
    stopped(w);
    const hearLate = (): Promise<void> => {
      const { frozen, refund } = w.order();
      const given = { orderId: frozen.id, sessionId: refund!.sessionId, action: 'refund' } as const;
      return recordLate(w.ports, { ...given, answer: answer(2001) });
    };
    w.ocs.plays(isSilent('booked'), meanwhile(hearLate, says(5012)));
    await w.mo('NEWS');
    expect(await w.work()).toEqual({ kind: 'rest' });
    expect(w.states()).toEqual(['refunded']);
  });

  it('a second success of the debit finds the refund and stops', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), grants()));
    await w.mo('NEWS');
    const { frozen, charge } = w.order();
    await recordLate(w.ports, {
      orderId: frozen.id,
      sessionId: charge!.sessionId,
      action: 'debit',
      answer: answer(2001),
    });
    expect(w.jobs).toEqual([]);
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'refund']);
  });

  it('a late answer to the refund ends it', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    const { frozen, refund } = w.order();
    const given = { orderId: frozen.id, sessionId: refund!.sessionId, action: 'refund', answer: answer(2001) } as const;
    await recordLate(w.ports, given);
    expect(w.states()).toEqual(['refunded']);
    await recordLate(w.ports, given);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
  });

  it('one that was given up and succeeds after all settles the dispute about it, once', async () => {
    const { w, given } = await disputedRefund();
    await recordLate(w.ports, { ...given, answer: answer(5012) });
    expect(w.states()).toEqual(['disputed']);
    await recordLate(w.ports, given);
    await recordLate(w.ports, given);
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.noted('charge.orphan')).toEqual([]);
    expect(w.noted('refund.recorded').map(({ state }) => state)).toEqual(['disputed', 'refunded']);
  });

  it.each([
    ['another refund is under way', 'refund', isSilent(), 'refunding'],
    ['another refund has given it back', 'refund', grants(), 'refunded'],
    ['a person found it not charged', 'uncharged', isSilent(), 'uncharged'],
  ] as const)('money that it gave back once %s is alarmed and settles nothing', async (...[, outcome, act, state]) => {
    const { w, given } = await disputedRefund();
    w.ocs.plays(act);
    await resolveOrder(w.ports, given.orderId, { outcome, why: 'row 7 of its book', who: 'amina' });
    if (outcome === 'refund') await w.work();
    await recordLate(w.ports, given);
    expect(w.states()).toEqual([state]);
    expect(w.noted('charge.orphan')).toMatchObject([{ order: given.orderId, state, result: 2001 }]);
  });

  it('the answer that its own sender hears is none to the refund that a person began meanwhile', async () => {
    const w = new World();
    stopped(w);
    const moved = async (): Promise<void> => {
      const { frozen, fence } = w.order();
      await w.ports.orders.dispute(frozen.id, fence, 'given up by another process', w.clock.now());
      await resolveOrder(w.ports, frozen.id, { outcome: 'refund', why: 'row 7 of its book', who: 'amina' });
    };
    w.ocs.plays(meanwhile(moved));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunding']);
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'refunding', result: 2001 }]);
  });

  // 4011: the service is free (RFC 8506 9.1), which gives nothing back.
  it.each([5012, 4011])('one that the OCS answers with %i is parked for a person', async (code) => {
    const w = new World();
    stopped(w);
    w.ocs.plays(says(code));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['disputed']);
    expect(w.noted('refund.recorded')).toMatchObject([{ state: 'disputed', result: code }]);
    expect(w.noted('order.disputed')).toEqual([
      { order: w.order().frozen.id, reason: expect.stringContaining(`${code}`) as string },
    ]);
    expect(w.heard()).not.toContain('refunded');
  });

  it.each([
    ['2002 with less than was taken', answer(2002, 120), 'KES 1.20'],
    ['2001 with less than was taken', answer(2001, 120), 'KES 1.20'],
    ['2002 without an amount', answer(2002), 'an amount that it does not name'],
  ])('one that gave back a part is parked for a person: %s', async (_, said, part) => {
    const w = new World();
    stopped(w);
    w.ocs.plays(() => said);
    await w.mo('NEWS');
    const reason = `the OCS gave back ${part} of KES 5.00 (${said.resultCode})`;
    expect(w.states()).toEqual(['disputed']);
    expect(w.noted('refund.recorded')).toMatchObject([{ state: 'disputed', result: said.resultCode, reason }]);
    expect(w.heard()).not.toContain('refunded');
  });

  it('late, all of a part that was taken is all of it', async () => {
    const w = new World();
    w.ocs.plays(grants(120), isSilent('booked'));
    await w.mo('NEWS');
    const { frozen, refund } = w.order();
    const given = { orderId: frozen.id, sessionId: refund!.sessionId, action: 'refund' } as const;
    await recordLate(w.ports, { ...given, answer: answer(2001, 120) });
    expect(w.states()).toEqual(['refunded']);
  });

  it('say what the answer to the debit gave for them (3GPP TS 32.299), in every send', async () => {
    const w = new World();
    const given = { ...answer(2001), refundInformation: '0042ff' };
    w.ocs.plays(meanwhile(() => w.mo('STOP'), () => given), isSilent('booked')); // prettier-ignore
    await w.mo('NEWS');
    w.restart();
    await w.work();
    expect(w.ocs.received.map(({ refundInformation }) => refundInformation)).toEqual([undefined, '0042ff', '0042ff']);
  });

  it('are none where nothing was taken: a free service that its provider refuses (4011)', async () => {
    const w = new World();
    const news = { ...w.catalogue.services.get('news')!, provision: 'before-notice' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('news', news) };
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'HTTP 500', refused: true }) };
    w.ocs.plays(says(4011));
    await w.mo('NEWS');
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit']);
    expect([w.states(), w.heard()]).toEqual([['uncharged'], ['not-provided']]);
  });

  it('E4: nor is a refund resent after the memory of the OCS', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(...Array<ReturnType<typeof isSilent>>(1000).fill(isSilent()));
    await w.mo('NEWS');
    let last = await w.work();
    while (last.kind === 'wait') last = await w.work();
    expect(last.kind).toBe('dead');
    expect(w.states()).toEqual(['disputed']);
  });
});
