import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, backoff, enter, failuresAfter, heard, nextDue, tick } from '../../src/smpp/session/timers.ts';
import { SessionAlarm } from '../../src/smpp/session/alarm.ts';
import { manualClock } from './support/clock.ts';
import { linkSettings } from './support/settings.ts';

const settings = linkSettings({ connectTimeout: 5_000, responseTimeout: 10_000, enquireLinkEvery: 30_000 });

describe('session timers', () => {
  it.each([
    ['connecting', 5_000],
    ['binding', 10_000],
    ['yielding', 10_000],
    ['draining', 10_000],
    ['unbinding', 10_000],
    ['waiting', 700],
  ] as const)('%s expires after its own wait', (state, wait) => {
    const timers = enter(state, 100, settings, 700);
    expect(tick(timers, settings, 100 + wait - 1)).toBeUndefined();
    expect(tick(timers, settings, 100 + wait)).toBe('expired');
  });

  it('asks after the enquire_link interval of silence, and gives up one response time later', () => {
    const bound = enter('bound', 0, settings);
    expect([29_999, 30_000].map((now) => tick(bound, settings, now))).toEqual([undefined, 'quiet']);
    const waiting = asked(bound, 30_000);
    expect([39_999, 40_000].map((now) => tick(waiting, settings, now))).toEqual([undefined, 'silent']);
  });

  it('starts over whenever the peer is heard', () => {
    const timers = heard(asked(enter('bound', 0, settings), 30_000), 35_000);
    expect([64_999, 65_000].map((now) => tick(timers, settings, now))).toEqual([undefined, 'quiet']);
  });

  it('has nothing due where a state may last', () => {
    expect(nextDue(enter('idle', 0, settings), settings)).toBeUndefined();
    expect(nextDue(enter('stopped', 0, settings), settings)).toBeUndefined();
  });

  it('doubles the wait up to the cap, between half and all of it', () => {
    const slow = linkSettings({ reconnectFirst: 1_000, reconnectCap: 60_000 });
    expect([1, 2, 3, 7, 100].map((failures) => backoff(failures, slow, 0))).toEqual([500, 1000, 2000, 30_000, 30_000]);
    fc.assert(
      fc.property(fc.nat(200), fc.double({ min: 0, max: 0.999999, noNaN: true }), (failures, chance) => {
        const wait = backoff(failures, slow, chance);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it('counts failures on, and afresh after a bind that held ten first delays', () => {
    const slow = linkSettings({ reconnectFirst: 1_000 });
    expect([0, 9_999, 10_000].map((held) => failuresAfter(4, held, slow))).toEqual([5, 5, 1]);
  });
});

describe('the alarm', () => {
  it('rings for quiet, then for silent, and for quiet again once the peer was heard', () => {
    const clock = manualClock();
    const rung: string[] = [];
    const alarm = new SessionAlarm(settings, clock, (due) => {
      rung.push(due);
      if (due === 'quiet') alarm.asked();
    });
    alarm.enter('bound', 0);
    clock.advance(20_000);
    alarm.heard();
    clock.advance(29_999);
    expect(rung).toEqual([]);
    clock.advance(1);
    expect(rung).toEqual(['quiet']);
    alarm.heard();
    clock.advance(30_000);
    expect(rung).toEqual(['quiet', 'quiet']);
    clock.advance(10_000);
    expect(rung).toEqual(['quiet', 'quiet', 'silent']);
  });

  it('rings no more once stopped', () => {
    const clock = manualClock();
    const alarm = new SessionAlarm(settings, clock, () => expect.unreachable());
    alarm.enter('connecting', 0);
    alarm.enter('stopped', 0);
    clock.advance(100_000);
  });
});
