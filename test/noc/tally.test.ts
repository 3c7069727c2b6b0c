import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BY_A_PERSON } from '../../src/domain/charge.ts';
import type { Order } from '../../src/domain/order.ts';
import { createTally, ENDS } from '../../src/noc/board/tally.ts';
import { traceView } from '../../src/noc/trace-view.ts';
import { NOW, order } from './fakes.ts';

describe('what the board counts', () => {
  const counted = (...notes: readonly (readonly [string, object])[]) => {
    const tally = createTally(() => 0);
    for (const [event, fields] of notes) tally.observe(event, { ...fields });
    return tally.minutes().at(-1)?.counts;
  };

  it('an order in doubt is counted once, however often the OCS is silent', () => {
    const silent = (again: boolean) => ['order.charge-unknown', { again }] as const;
    expect(counted(silent(false), silent(true), silent(true))).toEqual({ 'end:charge-unknown': 1 });
  });

  it.each([
    ['order.opened', { interaction: 'refuse', state: 'refused' }, 'refused'],
    ['order.ended', { state: 'expired' }, 'expired'],
    ['challenge.answered', { outcome: 'locked' }, 'declined'],
    ['challenge.answered', { outcome: 'over-cap' }, 'declined'],
    ['challenge.answered', { outcome: 'already' }, 'cancelled'],
    ['charge.recorded', { state: 'uncharged' }, 'uncharged'],
    ['charge.released', { state: 'cancelled' }, 'cancelled'],
    ['order.given-unpaid', { state: 'placed' }, 'placed'],
    ['refund.recorded', { state: 'refunded' }, 'refunded'],
    ['order.disputed', {}, 'disputed'],
    ['order.resolved', { state: 'uncharged' }, 'uncharged'],
  ])('%s with %j ends an order: %s', (event, fields, end) => {
    expect(counted([event, fields])).toMatchObject({ [`end:${end}`]: 1 });
  });

  it.each([
    ['charge.recorded', { state: 'refunding' }],
    ['order.resolved', { state: 'refunding' }],
    ['refund.recorded', { state: 'refunding' }],
    ['refund.recorded', { state: 'disputed' }],
    ['challenge.answered', { outcome: 'passed' }],
  ])('%s with %j ends none', (event, fields) => {
    expect(Object.keys(counted([event, fields]) ?? {}).filter((name) => name.startsWith('end:'))).toEqual([]);
  });

  it('an answer is proved when it passed', () => {
    const answered = (outcome: string) => ['challenge.answered', { outcome }] as const;
    expect(counted(answered('passed'), answered('wrong'), answered('locked'), answered('repeat'))).toEqual({
      'funnel:answered': 3,
      'funnel:proved': 1,
      'end:declined': 1,
    });
  });
});

describe('what the board draws', () => {
  const page = readFileSync('src/noc/web/views/board.mjs', 'utf8');
  const drawn = [...page.matchAll(/\['([^']+)', 'end:([^']+)', '(c\d)'\]/g)];

  it('is every end that is counted, each under its own name and in its own colour', () => {
    expect(drawn.map(([, , end]) => end).sort()).toEqual([...ENDS].sort());
    expect(drawn.map(([, name]) => name)).toEqual(drawn.map(([, , end]) => end?.replace('-', ' ')));
    expect(new Set(drawn.map(([, , , colour]) => colour)).size).toBe(ENDS.length);
  });

  it('has its colours in both themes', () => {
    const css = readFileSync('src/noc/web/app.css', 'utf8');
    for (const [, , , colour] of drawn) expect(css.split(`  --${colour}: #`)).toHaveLength(3);
  });
});

describe('an order as a timeline', () => {
  const GRANTED = { kind: 'granted', free: false, resultCode: 2001 } as const;
  const DENIED = { kind: 'denied', reason: 'balance', resultCode: 4012 } as const;

  it('a charge, whose time is told in whole seconds, comes after what is known of that second', () => {
    const known = order('placed');
    const second = NOW - 60_000;
    const charge = { ...known.charge!, eventTimestamp: second / 1000 };
    const asked = { ...known.frozen, openedAt: second + 195 };
    const notes = [{ at: second + 216, event: 'challenge.answered', fields: { outcome: 'passed' } }];
    const inTime = (updatedAt: number) => {
      const order = { ...known, frozen: asked, charge, verdict: GRANTED, updatedAt };
      return traceView(order, notes).map(({ event }) => event);
    };
    const steps = ['asked', 'decided', 'challenged', 'challenge.answered', 'charged', 'placed'];
    expect(inTime(second + 250)).toEqual(steps);
    expect(inTime(NOW)).toEqual(steps);
  });

  it('says that money moved where the OCS said so, and of the rest what was asked', () => {
    const known = order();
    const steps = (over: Partial<Order>) =>
      traceView({ ...known, ...over }, []).flatMap(({ event }) => (/charge|refund/.test(event) ? [event] : []));
    const refund = known.charge!;
    expect(steps({ state: 'charge-unknown' })).toEqual(['charge', 'charge-unknown']);
    expect(steps({ state: 'placed', verdict: { ...GRANTED, free: true } })).toEqual(['charge']);
    expect(steps({ state: 'placed', verdict: GRANTED })).toEqual(['charged']);
    expect(steps({ state: 'refunding', verdict: GRANTED, refund })).toEqual(['charged', 'refund', 'refunding']);
    expect(steps({ state: 'refunded', verdict: GRANTED, refund })).toEqual(['charged', 'refunded', 'refunded']);
  });

  describe('of a service that is charged by session', () => {
    const frozen = { ...order().frozen, chargeKind: 'reserve' } as const;
    const identity = { ...order().charge!, requestNumber: 1 };
    const [commit, release] = [
      { kind: 'commit', identity },
      { kind: 'release', identity },
    ] as const;
    const refund = { ...identity, sessionId: 'refund' };

    it.each<readonly [Partial<Order>, readonly string[]]>([
      [{ state: 'charge-unknown', verdict: undefined }, ['charge']],
      [{ state: 'reserved' }, ['reserved']],
      [{ state: 'reserved', closing: release }, ['reserved', 'release']],
      [{ state: 'uncharged', closing: release }, ['reserved', 'release']],
      [{ state: 'cancelled', closing: release, stopRequested: true }, ['reserved', 'release']],
      [{ state: 'committing', closing: commit }, ['reserved', 'commit']],
      [{ state: 'disputed', closing: commit }, ['reserved', 'commit']],
      [{ state: 'uncharged', closing: commit }, ['reserved', 'commit']],
      [{ state: 'placed', closing: commit }, ['reserved', 'charged']],
      [{ state: 'closed', closing: commit }, ['reserved', 'charged']],
      [{ state: 'refunding', closing: commit }, ['reserved', 'charged']],
      [{ state: 'disputed', closing: commit, refund }, ['reserved', 'charged', 'refund']],
      [{ state: 'refunded', closing: commit, refund }, ['reserved', 'charged', 'refunded']],
      [{ state: 'placed', verdict: BY_A_PERSON }, ['charged']],
    ])('%o reads %j', (over, events) => {
      const steps = traceView({ ...order(), frozen, verdict: GRANTED, ...over }, []).slice(0, -1);
      expect(steps.map(({ event }) => event).slice(3)).toEqual(events);
    });
  });

  it('names the sum that was taken, or held, where that was not the price', () => {
    const says = (over: Partial<Order>) => traceView({ ...order('refunding'), ...over }, [])[3]?.says;
    const frozen = { ...order().frozen, chargeKind: 'reserve' } as const;
    const partial = { kind: 'partial', granted: 700, resultCode: 2002 } as const;
    expect(says({ verdict: GRANTED })).toMatch(/^KES 15\.00 as orderd/);
    expect(says({ verdict: partial })).toMatch(/^KES 7\.00 as orderd/);
    expect(says({ verdict: { ...partial, granted: undefined } })).toMatch(
      /^an amount that the OCS did not name as orderd/,
    );
    expect(says({ verdict: partial, frozen })).toMatch(/^KES 7\.00 as orderd/);
    expect(says({ verdict: DENIED, frozen })).toMatch(/^KES 15\.00 as orderd/);
  });
});
