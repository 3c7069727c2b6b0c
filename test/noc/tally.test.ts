import { describe, expect, it } from 'vitest';
import { createTally } from '../../src/noc/board/tally.ts';
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

  it('an answer is proved when it passed', () => {
    const answered = (outcome: string) => ['challenge.answered', { outcome }] as const;
    expect(counted(answered('passed'), answered('wrong'), answered('locked'), answered('repeat'))).toEqual({
      'funnel:answered': 3,
      'funnel:proved': 1,
    });
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
