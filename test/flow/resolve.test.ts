import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import { askRefund } from '../../src/flow/charge/ask-refund.ts';
import { resolveOrder } from '../../src/flow/charge/resolve-order.ts';
import { answer, grants, isSilent, says } from './fakes/ocs.ts';
import type { Act } from './fakes/ocs.ts';
import { World } from './world.ts';

const WORD = { why: 'row 4711 of the OCS book', who: 'amina' };

/** An order whose charge the OCS never answered, until it had forgotten it (E4). */
async function disputed(text = 'NEWS', booked: 'booked' | 'lost' = 'booked'): Promise<World> {
  const w = new World();
  w.ocs.plays(...Array<Act>(400).fill(isSilent(booked)));
  await w.mo(text);
  for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
  expect(w.states()).toEqual(['disputed']);
  w.ocs.forget();
  return w;
}

const resolve = (w: World, outcome: 'placed' | 'uncharged' | 'refund') =>
  resolveOrder(w.ports, w.order().frozen.id, { ...WORD, outcome });

describe('E8: a disputed order goes where a person says', () => {
  it('placed: the service is given and told; nothing is charged again', async () => {
    const w = await disputed();
    const sent = w.ocs.received.length;
    expect(await resolve(w, 'placed')).toEqual({ kind: 'resolved', state: 'placed' });
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).has('news')).toBe(true);
    expect(w.ocs.received).toHaveLength(sent);
  });

  it('placed can be paid back like any other', async () => {
    const w = await disputed();
    await resolve(w, 'placed');
    expect(await askRefund(w.ports, w.order().frozen.id, WORD)).toEqual({ kind: 'asked' });
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('a refund that is asked for stands, and is said to, although its job cannot be left: the sweeper sends it', async () => {
    const w = await disputed();
    await resolve(w, 'placed');
    const later = { ...w.ports.later, settle: () => Promise.reject(new Error('the queue is away')) };
    expect(await askRefund({ ...w.ports, later }, w.order().frozen.id, WORD)).toEqual({ kind: 'asked' });
    expect(w.states()).toEqual(['refunding']);
  });

  it('placed although a refund was begun: it can be paid back by another one', async () => {
    const w = await disputed();
    await resolve(w, 'placed');
    await askRefund(w.ports, w.order().frozen.id, WORD);
    w.ocs.plays(says(5012));
    await w.work();
    expect(w.states()).toEqual(['disputed']);
    const refused = w.order().refund!;
    await resolve(w, 'placed');
    await askRefund(w.ports, w.order().frozen.id, WORD);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.received.at(-1)).toMatchObject({ action: 'refund', retransmit: false });
    expect(w.ocs.received.at(-1)?.identity.sessionId).not.toBe(refused.sessionId);
  });

  it('after a refund that the OCS refused, nothing is given or said again', async () => {
    for (const outcome of ['placed', 'uncharged'] as const) {
      const w = new World();
      await w.mo('NEWS');
      await w.mo('STOP NEWS');
      await askRefund(w.ports, w.order().frozen.id, WORD);
      w.ocs.plays(says(5012));
      await w.work();
      expect(w.states()).toEqual(['disputed']);
      await resolve(w, outcome);
      expect(w.states()).toEqual([outcome]);
      expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).size).toBe(0);
      expect(w.heard()).toEqual(['ordered', 'stopped', ...(outcome === 'placed' ? [] : ['paid-back'])]);
    }
  });

  it('placed after a STOP was acknowledged: the money goes back instead (E14)', async () => {
    const w = await disputed();
    await w.mo('STOP NEWS');
    expect(await resolve(w, 'placed')).toEqual({ kind: 'resolved', state: 'refunding' });
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['waiting', 'stop-requested', 'refunded']);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).size).toBe(0);
    expect(w.ocs.paid).toBe(0);
  });

  it('uncharged: told so', async () => {
    const w = await disputed('NEWS', 'lost');
    expect(await resolve(w, 'uncharged')).toEqual({ kind: 'resolved', state: 'uncharged' });
    expect(w.heard()).toEqual(['waiting', 'not-charged']);
  });

  it('refund: under an own Session-Id (E6), told when it is done', async () => {
    const w = await disputed();
    expect(await resolve(w, 'refund')).toEqual({ kind: 'resolved', state: 'refunding' });
    expect(w.heard()).toEqual(['waiting']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['waiting', 'refunded']);
    expect(w.ocs.received.at(-1)?.action).toBe('refund');
    expect(w.ocs.paid).toBe(0);
  });

  it('what was given on silence is neither told nor given again, and ends when it proves unpaid (E7)', async () => {
    const kept = await disputed('STARS');
    await resolve(kept, 'placed');
    expect(kept.heard()).toEqual(['ordered']);
    const lost = await disputed('STARS', 'lost');
    await resolve(lost, 'uncharged');
    expect(lost.memory.subscriptionsOf(lost.order().frozen.msisdn).size).toBe(0);
  });

  it('until then it is under way: ordered again, it is neither opened nor charged twice', async () => {
    const w = new World();
    w.ocs.plays(grants(), says(5012));
    await w.mo('FILM');
    await w.mo('FILM');
    expect(w.states()).toEqual(['disputed']);
    expect(w.heard()).toEqual(['waiting', 'waiting']);
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['reserve', 'commit']);
    await resolve(w, 'uncharged');
    await w.mo('FILM');
    expect(w.states()).toEqual(['uncharged', 'placed']);
  });

  it('what nobody can place any more keeps nobody from ordering again', async () => {
    const stopped = await disputed();
    await stopped.mo('STOP NEWS');
    const given = await disputed('STARS');
    await given.mo('STOP STARS');
    const refunded = new World();
    await refunded.mo('NEWS');
    await refunded.mo('STOP NEWS');
    await askRefund(refunded.ports, refunded.order().frozen.id, WORD);
    refunded.ocs.plays(says(5012));
    await refunded.work();
    for (const w of [stopped, given, refunded]) {
      await w.pass(1);
      await w.mo(w === given ? 'STARS' : 'NEWS');
      expect(w.states()).toEqual(['disputed', 'placed']);
    }
  });

  it('who and why are noted for the audit', async () => {
    const w = await disputed();
    await resolve(w, 'placed');
    const { id: order } = w.order().frozen;
    expect(w.noted('order.resolved')).toEqual([{ order, state: 'placed', outcome: 'placed', ...WORD }]);
  });

  it('once, and only a disputed one', async () => {
    const w = await disputed();
    await resolve(w, 'placed');
    expect(await resolve(w, 'refund')).toEqual({ kind: 'not-disputed', state: 'placed' });
    expect(await resolveOrder(w.ports, '00-none', { ...WORD, outcome: 'placed' })).toEqual({ kind: 'unknown' });
    expect(w.noted('order.resolved')).toHaveLength(1);
  });
});

describe('E6: a late success', () => {
  const late = (w: World): Promise<void> => {
    const { frozen, charge } = w.order();
    const sessionId = charge?.sessionId ?? '';
    return recordLate(w.ports, { orderId: frozen.id, sessionId, action: 'debit', answer: answer(2001) });
  };

  it('places the order while the subscriber was told nothing else, a disputed one too', async () => {
    const w = await disputed();
    await late(w);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
  });

  it('is refunded when a STOP was acknowledged', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    await w.mo('STOP NEWS');
    await late(w);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['waiting', 'stop-requested', 'refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('after a person said uncharged: an end is an end, so it is alarmed, never lost', async () => {
    const w = await disputed();
    await resolve(w, 'uncharged');
    await late(w);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.noted('charge.orphan')).toEqual([{ order: w.order().frozen.id, state: 'uncharged', result: 2001 }]);
  });
});
