import { describe, expect, it } from 'vitest';
import { resolveOrder } from '../../src/flow/resolve-order.ts';
import { recordLate } from '../../src/flow/record-charge.ts';
import { ALICE, World } from './world.ts';
import { answer, closesFirst, grants, isSilent, meanwhile, says } from './fakes/ocs.ts';

describe('E14: STOP', () => {
  it('challenged: cancels', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['confirm', 'stopped']);
    await w.mo('YES');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.ocs.received).toEqual([]);
  });

  it.each(['STOP', 'STOP ALL', 'NO'])('%s is noted as the end of what waited for an answer, once', async (word) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(word);
    await w.again();
    expect(w.noted('order.ended')).toEqual([{ order: w.order().frozen.id, state: 'cancelled' }]);
  });

  it('confirmed, the OCS being away: cancels, and promises no refund of what was never charged', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['waiting', 'stopped']);
    w.ocs.open = true;
    await w.work();
    expect(w.ocs.received).toEqual([]);
  });

  it('charging: marks it; a grant is refunded, never placed', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP')));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'refund']);
    expect(w.ocs.paid).toBe(0);
  });

  it('charging, then denied: uncharged, and told', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), says(4012)));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['stop-requested', 'no-balance']);
  });

  it('charging, then free of charge (4011): nothing is placed and nothing is paid back', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), says(4011)));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
    expect(w.ocs.received).toHaveLength(1);
  });

  it.each([
    ['no byte had left', closesFirst()],
    ['it was not processed', says(3004)],
  ])('charging, then %s: cancelled, its outcome told, and no word of waiting', async (_, act) => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), act));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
    expect(w.jobs).toEqual([]);
  });

  it('charging, then silence: nobody is told that the stopped order takes longer', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), isSilent('booked')));
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'charge-unknown', stopRequested: true });
    expect(w.heard()).toEqual(['stop-requested']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('charge-unknown: marks it; the late grant is refunded', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.heard()).toEqual(['waiting', 'stop-requested']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('placed: ends the subscription', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['placed']);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.lastText()).toContain('services=Daily News');
  });

  it('nothing to stop: said so', async () => {
    const w = new World();
    await w.mo('STOP');
    expect(w.heard()).toEqual(['stop-nothing']);
  });

  it.each(['please stop', 'STOPALL', 'stop-news', 'I want to STOP'])('"%s" is a STOP, too', async (text) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(text);
    expect(w.states()).toEqual(['cancelled']);
  });

  it('E12: a redelivered STOP hears nothing new and counts nothing', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP');
    await w.again();
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.memory.answers.get(ALICE) ?? []).toEqual([]);
  });

  it('STOP goes before an answer: a code in it confirms nothing', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.mo(`STOP ${w.code()}`);
    expect(w.states()).toEqual(['cancelled']);
    expect(w.ocs.received).toEqual([]);
  });
});

describe('which service', () => {
  async function withTwo(): Promise<World> {
    const w = new World();
    const game = { ...w.catalogue.services.get('game')!, period: 'week' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('game', game) };
    await w.mo('NEWS');
    await w.mo('GAME');
    return w;
  }

  const titles = (w: World): readonly string[] =>
    [...w.memory.subscriptionsOf(ALICE).values()].map(({ title }) => title);

  it('a bare STOP with two subscriptions asks', async () => {
    const w = await withTwo();
    await w.mo('STOP');
    expect(w.heard().at(-1)).toBe('stop-which');
    expect(w.lastText()).toContain('services=NEWS, GAME');
    expect(titles(w)).toHaveLength(2);
  });

  it('and still cancels at once what is unfinished', async () => {
    const w = await withTwo();
    w.credit('fun', 50);
    await w.mo('TONE');
    await w.mo('STOP');
    expect(w.states()).toEqual(['placed', 'placed', 'cancelled']);
    expect(w.heard().at(-1)).toBe('stop-which');
  });

  it.each(['STOP GAME', 'stop game please'])('%s ends that one', async (text) => {
    const w = await withTwo();
    await w.mo(text);
    expect(titles(w)).toEqual(['Daily News']);
    expect(w.lastText()).toContain('stopped | shortCode=5000 | services=Snake');
  });

  it('STOP ALL ends everything', async () => {
    const w = await withTwo();
    await w.mo('STOP ALL');
    expect(titles(w)).toEqual([]);
    expect(w.lastText()).toContain('stopped-all | shortCode=5000 | services=Daily News, Snake');
  });

  it('by any keyword of the service, and after the catalogue lost it', async () => {
    const w = await withTwo();
    await w.mo('STOP HEADLINES');
    expect(titles(w)).toEqual(['Snake']);
    w.catalogue = { ...w.catalogue, keywords: new Map(), services: new Map() };
    await w.mo('STOP GAME');
    expect(titles(w)).toEqual([]);
  });

  it('words that name nothing do not keep a STOP from stopping', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP please');
    expect(titles(w)).toEqual([]);
    expect(w.heard()).toEqual(['ordered', 'stopped']);
  });

  it('a service that one does not have stops no other, placed or pending', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.policy = { ...w.policy, firstOrder: 'confirm' };
    await w.mo('TONE');
    await w.mo('STOP GAME');
    expect(titles(w)).toEqual(['Daily News']);
    expect(w.states()).toEqual(['placed', 'challenged']);
    expect(w.heard()).toEqual(['ordered', 'confirm', 'stop-which']);
    expect(w.lastText()).toContain('services=NEWS');
  });

  it('STOP of one order leaves the others', async () => {
    const w = new World({ fun: 50 });
    await w.mo('GAME');
    await w.mo('TONE');
    await w.mo('STOP GAME');
    expect(w.states()).toEqual(['cancelled', 'challenged']);
    await w.mo('YES');
    expect(w.states()).toEqual(['cancelled', 'placed']);
  });
});

describe('E6: refunds', () => {
  /** Stopped while it was charged: the debit went through and goes back. */
  function stopped(w: World): void {
    w.ocs.plays(meanwhile(() => w.mo('STOP')));
  }

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

  it('money that another refund gave back, or this one after it was given up, is alarmed and settles nothing', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(isSilent('booked'), says(5012), isSilent());
    await w.mo('NEWS');
    await w.work();
    expect(w.states()).toEqual(['disputed']);
    const { frozen, refund } = w.order();
    const first = { orderId: frozen.id, sessionId: refund!.sessionId, action: 'refund', answer: answer(2001) } as const;
    await recordLate(w.ports, first);
    expect(w.noted('charge.orphan')).toMatchObject([{ state: 'disputed' }]);
    await resolveOrder(w.ports, frozen.id, { outcome: 'refund', why: 'row 7 of its book', who: 'amina' });
    await w.work();
    await recordLate(w.ports, first);
    expect(w.states()).toEqual(['refunding']);
    expect(w.noted('charge.orphan')).toHaveLength(2);
  });

  it('one that the OCS refuses is parked for a person', async () => {
    const w = new World();
    stopped(w);
    w.ocs.plays(says(5012));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['disputed']);
    expect(w.noted('refund.recorded')).toMatchObject([{ state: 'disputed', result: 5012 }]);
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
