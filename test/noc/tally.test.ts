import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
    ['charge.recorded', { state: 'uncharged' }, 'uncharged'],
    ['charge.released', { state: 'cancelled' }, 'cancelled'],
    ['order.given-unpaid', { state: 'placed' }, 'placed'],
    ['refund.recorded', { state: 'refunded' }, 'refunded'],
    ['refund.recorded', { state: 'disputed' }, 'disputed'],
    ['order.resolved', { state: 'uncharged' }, 'uncharged'],
  ])('%s with %j ends an order: %s', (event, fields, end) => {
    expect(counted([event, fields])).toMatchObject({ [`end:${end}`]: 1 });
  });

  it.each([
    ['charge.recorded', { state: 'refunding' }],
    ['order.resolved', { state: 'refunding' }],
    ['refund.recorded', { state: 'refunding' }],
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
  it('a charge, whose time is told in whole seconds, comes after what is known of that second', () => {
    const known = order('placed');
    const second = NOW - 60_000;
    const charge = { ...known.charge!, eventTimestamp: second / 1000 };
    const asked = { ...known.frozen, openedAt: second + 195 };
    const notes = [{ at: second + 216, event: 'challenge.answered', fields: { outcome: 'passed' } }];
    const inTime = (updatedAt: number) => {
      const order = { ...known, frozen: asked, charge, updatedAt };
      return traceView(order, notes).map(({ event }) => event);
    };
    const steps = ['asked', 'decided', 'challenged', 'challenge.answered', 'charged', 'placed'];
    expect(inTime(second + 250)).toEqual(steps);
    expect(inTime(NOW)).toEqual(steps);
  });
});
