import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { CreditAnswer, SessionTerms } from '../../src/domain/charge.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, closesFirst, grants, isSilent, meanwhile, says } from './fakes/ocs.ts';
import { HOUR, SECOND, World } from './world.ts';

const TERMS: SessionTerms = { host: 'ocs-2.example.org', sessionFailover: false, validity: 30 };

/** 2001 with what the server says of its session. */
const reservesWith =
  (session: SessionTerms): Act =>
  (request, ocs) => {
    ocs.book(request);
    return { ...answer(2001), session };
  };

const sent = (w: World) =>
  w.ocs.received.map(
    ({ action, identity: { requestNumber }, retransmit }) => `${action} ${requestNumber}${retransmit ? ' T' : ''}`,
  );

function late(w: World, action: 'reserve' | 'commit' | 'release', given: CreditAnswer): Promise<void> {
  const { frozen, charge } = w.order();
  return recordLate(w.ports, { orderId: frozen.id, sessionId: charge?.sessionId ?? '', action, answer: given });
}

describe('E10: reserve, provide, commit, and only then tell', () => {
  it('a notice reserves at open, a challenge on the right answer: nothing is held while a human thinks', async () => {
    const trusted = new World();
    await trusted.mo('FILM');
    expect(sent(trusted)).toEqual(['reserve 0', 'commit 1']);
    const known = new World({ acme: 50 });
    await known.mo('FILM');
    expect(known.ocs.received).toEqual([]);
    await known.mo('YES');
    expect(sent(known)).toEqual(['reserve 0', 'commit 1']);
    for (const w of [trusted, known]) {
      expect(w.states()).toEqual(['placed']);
      expect(w.heard().at(-1)).toBe('ordered');
      expect(w.ocs.paid).toBe(500);
      expect(w.ocs.held.size).toBe(0);
      expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).has('film')).toBe(true);
    }
  });

  it('both interrogations are one session; the second has its own number, and knows what the first was told', async () => {
    const w = new World();
    w.ocs.plays(reservesWith(TERMS));
    await w.mo('FILM');
    const [first, second] = w.ocs.received;
    expect(second?.identity.sessionId).toBe(first?.identity.sessionId);
    expect([first?.identity.requestNumber, second?.identity.requestNumber]).toEqual([0, 1]);
    expect(second?.identity.endToEnd).not.toBe(first?.identity.endToEnd);
    expect(second?.session).toEqual(TERMS);
  });

  it('the second has the number after the updates between, and keeps it where another process sends it again (E2)', async () => {
    const w = new World();
    w.ocs.endNumber = 4;
    w.ocs.plays(grants(), isSilent('booked'));
    await w.mo('FILM');
    w.restart();
    w.ocs.endNumber = 1;
    await w.work();
    expect(sent(w)).toEqual(['reserve 0', 'commit 4', 'commit 4 T']);
    expect(w.states()).toEqual(['placed']);
  });

  it('the service is provided between the two, and the order is told only after the commit', async () => {
    const w = new World();
    const seen: string[] = [];
    w.ports = {
      ...w.ports,
      provide: () => Promise.resolve({ kind: 'done' as const }).finally(() => seen.push(w.order().state)),
    };
    w.ocs.plays(
      grants(),
      meanwhile(() => Promise.resolve(seen.push(w.order().state, ...w.heard()))),
    );
    await w.mo('FILM');
    expect(seen).toEqual(['reserved', 'committing']);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('a provider that cannot provide it: released with nothing used, and said so', async () => {
    const w = new World();
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'HTTP 500', refused: true }) };
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['not-provided']);
    expect(w.order().closing).toMatchObject({ kind: 'release', because: 'not-provided' });
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
    expect(w.noted('order.not-provided')).toHaveLength(1);
  });

  it('4011: free of charge, so nothing is committed', async () => {
    const w = new World();
    w.ocs.plays(says(4011));
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0']);
    expect(w.states()).toEqual(['placed']);
  });

  it('4012: uncharged, nothing to release', async () => {
    const w = new World();
    w.ocs.plays(says(4012));
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['no-balance']);
  });

  it.each<[string, CreditAnswer, string]>([
    ['4012 of the service under a command that succeeded', { ...answer(4012), opened: true }, 'no-balance'],
    ['2001 that grants nothing', answer(2001, 0), 'not-charged'],
    ['2001 of an empty account', { ...answer(2001, 0), session: { finalUnit: true } }, 'no-balance'],
  ])('%s: the session is open, and is ended (RFC 8506 7)', async (_what, said, heard) => {
    const w = new World();
    w.ocs.plays(() => said);
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.order().closing?.because).toBeUndefined();
    expect(w.heard()).toEqual([heard]);
  });

  it('2002 with less than asked: released, refused', async () => {
    const w = new World();
    w.ocs.plays(grants(120));
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['no-balance']);
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
  });

  it('E14: after a STOP the provider is not asked, and what is held is released', async () => {
    const w = new World();
    let asked = 0;
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'done' as const }).finally(() => asked++) };
    w.ocs.plays(meanwhile(() => w.mo('STOP')));
    await w.mo('FILM');
    expect(asked).toBe(0);
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['cancelled']);
  });

  it('E17: a provider that was suspended meanwhile is not paid: released', async () => {
    const w = new World();
    w.ocs.plays(
      meanwhile(async () => {
        await Promise.resolve();
        w.suspend('acme');
      }),
    );
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['suspended']);
  });

  it('Validity-Time: what the OCS may have let go is released, not committed (RFC 8506 8.33)', async () => {
    const w = new World();
    w.ocs.plays(reservesWith(TERMS));
    w.ports = { ...w.ports, provide: () => Promise.reject(new Error('killed')) };
    await w.mo('FILM').catch(() => undefined);
    w.restart();
    expect(w.states()).toEqual(['reserved']);
    await w.pass(31 * SECOND);
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['uncharged']);
  });
});

describe('E1, E2: a crash at each step goes on from the stored ids', () => {
  it('before the reservation is sent: the same Session-Id with T, then the commit', async () => {
    const w = new World();
    await w.moThenCrash('FILM');
    const { charge } = w.order();
    await w.pass(31 * SECOND);
    expect(sent(w)).toEqual(['reserve 0 T', 'commit 1']);
    expect(w.ocs.received[0]?.identity).toMatchObject({
      sessionId: charge?.sessionId,
      originHost: 'orderd-2.example.org',
    });
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it('while it is reserved: the next process provides and commits, the commit without T, for it was never sent', async () => {
    const w = new World();
    w.ports = { ...w.ports, provide: () => Promise.reject(new Error('killed')) };
    await expect(w.mo('FILM')).rejects.toThrow('killed');
    w.restart();
    await w.pass(31 * SECOND);
    expect(sent(w)).toEqual(['reserve 0', 'commit 1']);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it.each([
    ['that never arrived', false],
    ['that arrived', true],
  ])(
    'while the commit is on its way, one %s: resent with T under the same Session-Id and number',
    async (_, arrived) => {
      const w = new World();
      w.ocs.plays(grants(), (request, ocs) => {
        if (arrived) ocs.book(request);
        throw new Error('killed');
      });
      await expect(w.mo('FILM')).rejects.toThrow('killed');
      expect(w.states()).toEqual(['committing']);
      const stored = w.order().closing?.identity;
      w.restart();
      await w.pass(31 * SECOND);
      expect(sent(w)).toEqual(['reserve 0', 'commit 1', 'commit 1 T']);
      expect(w.ocs.received[2]?.identity).toMatchObject({
        sessionId: stored?.sessionId,
        eventTimestamp: stored?.eventTimestamp,
      });
      expect(w.states()).toEqual(['placed']);
      expect(w.heard()).toEqual(['ordered']);
      expect(w.ocs.paid).toBe(500);
    },
  );

  it('while a release is on its way: released again with T, never committed', async () => {
    const w = new World();
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'no', refused: true }) };
    w.ocs.plays(grants(), () => {
      throw new Error('killed');
    });
    await expect(w.mo('FILM')).rejects.toThrow('killed');
    expect(w.order()).toMatchObject({ state: 'reserved', closing: { kind: 'release' } });
    w.restart(); // its port provides: what was decided stays decided
    await w.pass(31 * SECOND);
    expect(sent(w)).toEqual(['reserve 0', 'release 1', 'release 1 T']);
    expect(w.states()).toEqual(['uncharged']);
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
  });
});

describe('silence', () => {
  it('of the reservation: charge-unknown, resent with T, then committed', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('FILM');
    expect(w.states()).toEqual(['charge-unknown']);
    await w.work();
    expect(sent(w)).toEqual(['reserve 0', 'reserve 0 T', 'commit 1']);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it.each([
    ['no answer', isSilent('booked'), 'commit 1 T'],
    ['3004', says(3004), 'commit 1'],
    ['1001, which tells nothing', says(1001), 'commit 1 T'],
    ['a peer that closed before a byte left', closesFirst(), 'commit 1'],
  ])('%s to the commit: it waits in `committing`, is told so once, and is sent again: %s', async (...row) => {
    const [, act, again] = row;
    const w = new World();
    w.ocs.plays(grants(), act);
    await w.mo('FILM');
    expect(w.states()).toEqual(['committing']);
    expect(w.heard()).toEqual(['waiting']);
    await w.work();
    expect(sent(w).at(-1)).toBe(again);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    expect(w.ocs.paid).toBe(500);
  });

  it('of a commit that a first send of did not leave: T from then on, also after a crash', async () => {
    const w = new World();
    w.ocs.plays(grants(), closesFirst(), isSilent('booked'), says(3004), () => {
      throw new Error('killed');
    });
    await w.mo('FILM');
    for (let i = 0; i < 2; i++) await w.work();
    await expect(w.work()).rejects.toThrow('killed');
    w.restart();
    await w.pass(HOUR);
    expect(sent(w)).toEqual(['reserve 0', 'commit 1', 'commit 1 T', 'commit 1 T', 'commit 1 T']);
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it('a release that did not leave is sent as a first one, a STOP between them or not', async () => {
    const w = new World();
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'no', refused: false }) };
    w.ocs.plays(grants(), closesFirst());
    await w.mo('FILM');
    await w.mo('STOP FILM');
    await w.work();
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['cancelled']);
  });

  it('5002 to a commit: disputed, never debited again', async () => {
    const w = new World();
    w.ocs.plays(grants(), says(5002));
    await w.mo('FILM');
    expect(w.states()).toEqual(['disputed']);
    await w.pass(48 * HOUR);
    expect(sent(w)).toEqual(['reserve 0', 'commit 1']);
    // Whoever hears nothing orders again; a person sees to the rest.
    expect(w.heard()).toEqual(['waiting']);
  });

  it('5002 to a release: nothing is held there any more', async () => {
    const w = new World();
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'no', refused: true }) };
    w.ocs.plays(grants(), says(5002));
    await w.mo('FILM');
    expect(w.states()).toEqual(['uncharged']);
  });

  it('E3: no peer is open for the commit: it waits in `reserved`, and is sent without T', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => Promise.resolve((w.ocs.open = false))));
    await w.mo('FILM');
    expect(w.states()).toEqual(['reserved']);
    w.ocs.open = true;
    await w.work();
    expect(sent(w)).toEqual(['reserve 0', 'commit 1']);
    expect(w.states()).toEqual(['placed']);
  });
});

describe('E14: STOP', () => {
  it.each([
    ['while the reservation is asked for', 0],
    ['while it is reserved', 1],
  ])('%s releases it', async (_, when) => {
    const w = new World();
    const stop = (): Promise<unknown> => w.mo('STOP FILM');
    if (when === 0) w.ocs.plays(meanwhile(stop));
    else w.ports = { ...w.ports, provide: () => stop().then(() => ({ kind: 'done' as const })) };
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'release 1']);
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
    expect([w.ocs.paid, w.ocs.held.size]).toEqual([0, 0]);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).size).toBe(0);
  });

  it('while the commit is on its way: what was taken is given back, nothing is placed', async () => {
    const w = new World();
    w.ocs.plays(
      grants(),
      meanwhile(() => w.mo('STOP FILM')),
    );
    await w.mo('FILM');
    expect(sent(w)).toEqual(['reserve 0', 'commit 1', 'refund 0']);
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.ocs.paid).toBe(0);
  });
});

describe('E5: late answers', () => {
  it('a late reservation is committed by the next look', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('FILM');
    await late(w, 'reserve', answer(2001));
    expect(w.states()).toEqual(['reserved']);
    await w.pass(HOUR);
    expect(sent(w)).toEqual(['reserve 0', 'commit 1']);
    expect(w.states()).toEqual(['placed']);
  });

  it('a late commit places; the next one changes nothing', async () => {
    const w = new World();
    w.ocs.plays(grants(), isSilent('booked'));
    await w.mo('FILM');
    await late(w, 'commit', answer(2001));
    await late(w, 'commit', answer(5002));
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
    await w.pass(HOUR);
    expect(sent(w)).toEqual(['reserve 0', 'commit 1']);
  });

  it('a late commit settles the dispute about it', async () => {
    const w = new World();
    w.ocs.plays(grants(), ...Array<Act>(1000).fill(isSilent('booked')));
    await w.mo('FILM');
    for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
    await late(w, 'commit', answer(2001));
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
  });
});
