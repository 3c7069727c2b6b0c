import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { CreditAnswer } from '../../src/domain/charge.ts';
import { answer, closesFirst, grants, isSilent, meanwhile, says } from './fakes/ocs.ts';
import { HOUR, World } from './world.ts';

/** The answer to the order's debit arrives after its sender stopped waiting. */
function late(w: World, given: CreditAnswer): Promise<void> {
  const { frozen, charge } = w.order();
  return recordLate(w.ports, {
    orderId: frozen.id,
    sessionId: charge?.sessionId ?? '',
    action: 'debit',
    answer: given,
  });
}

describe('each result code has its own outcome', () => {
  it.each([
    ['2001 DIAMETER_SUCCESS', 2001, 'placed', 'ordered'],
    ['4011 CREDIT_CONTROL_NOT_APPLICABLE: free of charge', 4011, 'placed', 'ordered'],
    ['4010 END_USER_SERVICE_DENIED', 4010, 'uncharged', 'not-allowed'],
    ['4012 CREDIT_LIMIT_REACHED', 4012, 'uncharged', 'no-balance'],
    ['5030 USER_UNKNOWN', 5030, 'uncharged', 'not-allowed'],
    ['5031 RATING_FAILED', 5031, 'uncharged', 'not-charged'],
    ['4999, an unknown one of the transient class', 4999, 'uncharged', 'not-charged'],
    ['5999, an unknown one of the permanent class', 5999, 'uncharged', 'not-charged'],
    ['1001, no answer to a charge', 1001, 'uncharged', 'not-charged'],
    ['6001, an unknown class: permanent', 6001, 'uncharged', 'not-charged'],
  ] as const)('%s', async (...row) => {
    const [, code, state, text] = row;
    const w = new World();
    w.ocs.plays(says(code));
    await w.mo('NEWS');
    expect(w.states()).toEqual([state]);
    expect(w.heard()).toEqual([text]);
    expect(w.jobs).toEqual([]);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).size).toBe(state === 'placed' ? 1 : 0);
  });

  it.each([3002, 3004])('%i: not processed, back to `confirmed`, asked again without T', async (code) => {
    const w = new World();
    w.ocs.plays(says(code));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['confirmed']);
    expect(w.heard()).toEqual(['waiting']);
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    const [first, second] = w.ocs.received;
    expect(second?.identity).toEqual(first?.identity);
    expect([first?.retransmit, second?.retransmit]).toEqual([false, false]);
  });

  it.each([
    ['2002 with less than asked', 2002, 120],
    ['2001 with less than asked', 2001, 120],
  ])('%s: what was taken is given back, and the text names that amount', async (_, code, granted) => {
    const w = new World();
    w.ocs.plays((request, ocs) => {
      ocs.book(request, granted);
      return answer(code, granted);
    });
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['refunded']);
    expect(w.lastText()).toContain('price=KES 1.20');
    expect(w.ocs.received.map(({ action, price }) => [action, price.minor])).toEqual([
      ['debit', 500],
      ['refund', 120],
    ]);
    expect(w.ocs.paid).toBe(0);
  });

  it('2001 with more than was told: all of it is given back, for the price told is the price charged (E9)', async () => {
    const w = new World();
    w.ocs.plays((request, ocs) => {
      ocs.book(request, 700);
      return answer(2001, 700);
    });
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.received.map(({ action, price }) => [action, price.minor])).toEqual([
      ['debit', 500],
      ['refund', 700],
    ]);
    expect(w.ocs.paid).toBe(0);
  });

  it('2001 with nothing granted: nothing is placed, nothing is given back', async () => {
    const w = new World();
    w.ocs.plays(() => answer(2001, 0));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
    expect(w.ocs.received).toHaveLength(1);
  });
});

describe('E3: no open peer, nothing was sent', () => {
  it('the order waits as `confirmed`, is told so once, and is placed with one debit when the OCS returns', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'confirmed', charge: undefined });
    await w.work();
    await w.work();
    expect(w.heard()).toEqual(['waiting']);
    w.ocs.open = true;
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false]);
    expect(w.ocs.paid).toBe(500);
  });

  it('so does one that was just confirmed', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.ocs.open = false;
    await w.mo('YES');
    expect(w.order()).toMatchObject({ state: 'confirmed', charge: undefined });
    w.ocs.open = true;
    await w.work();
    expect(w.states()).toEqual(['placed']);
  });

  it('waits grow, and end at the age limit: uncharged, and said so', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    const waits: number[] = [];
    while (w.jobs.length > 0) {
      const settled = await w.work();
      if (settled.kind === 'wait') waits.push(settled.ms);
    }
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    expect(w.clock.now() - w.order().frozen.openedAt).toBeGreaterThan(48 * HOUR);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['waiting', 'not-charged']);
    expect(w.ocs.received).toEqual([]);
  });

  it('a peer that goes before a byte left lets the holder step back, and the next send is a first one', async () => {
    const w = new World();
    w.ocs.plays(closesFirst());
    await w.mo('NEWS');
    expect(w.states()).toEqual(['confirmed']);
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false]);
    expect(w.ocs.received[0]?.identity).toEqual(w.order().charge);
  });

  it('only the holder of the lease may step back', async () => {
    const w = new World();
    w.ocs.plays(async () => {
      w.clock.setWall(w.clock.now() + 31_000);
      await w.ports.orders.take(w.order().frozen.id, w.clock.now(), 30_000);
      return { kind: 'not-sent', reason: 'the peer closed' };
    });
    await w.mo('NEWS');
    expect(w.states()).toEqual(['charging']);
  });
});

describe('E2: silence', () => {
  it('leads to charge-unknown; the resend has T, the same ids and the same timestamp', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'charge-unknown', unanswered: true });
    expect(w.heard()).toEqual(['waiting']);
    await w.work();
    expect(w.states()).toEqual(['placed']);
    const [first, second] = w.ocs.received;
    const { identity, action, msisdn, serviceIdentifier, price, orderId } = first!;
    expect(second).toMatchObject({ identity, action, msisdn, serviceIdentifier, price, orderId, retransmit: true });
    expect(w.ocs.paid).toBe(500);
  });

  it.each([
    ['3002', says(3002)],
    ['3004', says(3004)],
    ['no answer either', isSilent()],
    ['a peer that closed before a byte left', closesFirst()],
    ['an answer of no class that settles', says(1001)],
    ['an unknown class', says(7000)],
  ])('%s to the resend clears nothing: T stays', async (_, act) => {
    const w = new World();
    w.ocs.plays(isSilent('booked'), act, grants());
    await w.mo('NEWS');
    await w.work();
    expect(w.order()).toMatchObject({ state: 'charge-unknown', unanswered: true });
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.slice(1).every(({ retransmit }) => retransmit)).toBe(true);
    expect(w.ocs.paid).toBe(500);
  });

  it('each resend tells how many sends went before it, by which it goes to another peer (RFC 8506 6.5)', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'), isSilent(), isSilent());
    await w.mo('NEWS');
    for (let resend = 1; resend <= 3; resend++) await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received.map(({ resends }) => resends)).toEqual([0, 1, 2, 3]);
  });

  it('whatever brought it back before `charging`: what may have arrived has T', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    const stored = w.memory.find(w.order().frozen.id);
    stored.order = { ...stored.order, unanswered: true };
    w.ocs.open = true;
    await w.work();
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([true]);
  });

  it('a denial of the resend is definite', async () => {
    const w = new World();
    w.ocs.plays(isSilent(), says(4012));
    await w.mo('NEWS');
    await w.work();
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['waiting', 'no-balance']);
  });

  it('E4: what did not leave needs no memory: the age counts from the first send that may have arrived', async () => {
    const w = new World();
    w.ocs.plays(closesFirst());
    await w.mo('NEWS');
    w.ocs.open = false;
    await w.pass(25 * HOUR);
    w.ocs.open = true;
    w.ocs.plays(isSilent('booked'));
    await w.pass(HOUR);
    await w.pass(HOUR);
    expect(w.states()).toEqual(['placed']);
    const [first, second] = w.ocs.received;
    expect(second).toMatchObject({ retransmit: true, identity: first!.identity });
    expect(w.ocs.paid).toBe(500);
  });

  it('E4: no resend after the memory of the OCS; a person decides', async () => {
    const w = new World();
    w.ocs.plays(...Array<ReturnType<typeof isSilent>>(1000).fill(isSilent('booked')));
    await w.mo('NEWS');
    let last = await w.work();
    while (last.kind === 'wait') last = await w.work();
    expect(last.kind).toBe('dead');
    expect(w.states()).toEqual(['disputed']);
    const sentAt = w.order().charge!.eventTimestamp * 1000;
    expect(w.clock.now() - sentAt).toBeGreaterThan(w.settings.duplicateMemory);
    expect(w.noted('order.disputed')).toHaveLength(1);
    const sent = w.ocs.received.length;
    await w.pass(48 * HOUR);
    expect(w.ocs.received).toHaveLength(sent);
    expect(w.ocs.paid).toBe(500);
  });
});

describe('E5: recording needs no lease, and the first definite answer wins', () => {
  it('a late 2001 places the order, whoever hears it; the resend then finds nothing to do', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    w.restart();
    await late(w, answer(2001));
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    await w.work();
    expect(w.ocs.received).toHaveLength(1);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
  });

  it('a late denial settles it too', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    await late(w, answer(4012));
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['waiting', 'no-balance']);
  });

  it.each([3004, 1001])('a late %i settles nothing', async (code) => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    await late(w, answer(code));
    expect(w.states()).toEqual(['charge-unknown']);
  });

  it('a second answer, the same or another, changes and says nothing', async () => {
    const w = new World();
    await w.mo('NEWS');
    await late(w, answer(2001));
    await late(w, answer(4012));
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.noted('charge.repeat')).toHaveLength(2);
  });

  it('an answer to another session is not this charge’s', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    const orderId = w.order().frozen.id;
    await recordLate(w.ports, { orderId, sessionId: 'other;1;2;x', action: 'debit', answer: answer(2001) });
    expect(w.states()).toEqual(['charge-unknown']);
  });

  it("a refund that the OCS refuses is a person's, and the subscriber is told to wait", async () => {
    const w = new World();
    w.ocs.plays(grants(120), says(5012));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['disputed']);
    expect(w.heard()).toEqual(['waiting']);
  });

  it('a late partial grant is given back by a job', async () => {
    const w = new World();
    w.ocs.plays((request, ocs) => {
      ocs.book(request, 120);
      return { kind: 'silent', reason: 'tx' };
    });
    await w.mo('NEWS');
    w.jobs.length = 0;
    await late(w, answer(2002, 120));
    expect(w.states()).toEqual(['refunding']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });
});

describe('E5: sending needs the lease', () => {
  /** Five leases long; nobody else gets the order meanwhile. */
  async function takesLong(w: World): Promise<void> {
    for (let i = 0; i < 10; i++) {
      w.clock.advance(15_000);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(await w.ports.orders.take(w.order().frozen.id, w.clock.now(), 30_000)).toBeUndefined();
  }

  it.each([
    ['the answer to a debit', 'NEWS', (w: World) => [meanwhile(() => takesLong(w))], 'placed'],
    ['the answer to a commit', 'FILM', (w: World) => [grants(), meanwhile(() => takesLong(w))], 'placed'],
    ['the answer to a refund', 'NEWS', (w: World) => [grants(120), meanwhile(() => takesLong(w))], 'refunded'],
  ] as const)('it is renewed while %s is pending', async (...[, keyword, acts, state]) => {
    const w = new World();
    w.ocs.plays(...acts(w));
    await w.mo(keyword);
    expect(w.states()).toEqual([state]);
    expect(w.clock.waiting).toBe(0);
  });

  it.each(['news', 'film'])('it is renewed while the provider of %s is asked', async (name) => {
    const w = new World();
    const service = { ...w.catalogue.services.get(name)!, provision: 'before-notice' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set(name, service) };
    w.ports = { ...w.ports, provide: () => takesLong(w).then(() => ({ kind: 'done' as const })) };
    await w.mo(name.toUpperCase());
    expect(w.states()).toEqual(['placed']);
    expect(w.clock.waiting).toBe(0);
  });

  it('a renewal that cannot reach the store is noted, and the answer still counts', async () => {
    const w = new World();
    w.ocs.plays(async () => {
      w.memory.away = true;
      w.clock.advance(15_000);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      w.memory.away = false;
      return answer(2001);
    });
    await w.mo('NEWS');
    expect(w.noted('lease.renew-failed')).toHaveLength(1);
    expect(w.states()).toEqual(['placed']);
  });
});
