import { describe, expect, it } from 'vitest';
import { onAccepted, onThrottled, createRate, take, waitFor } from '../../src/smpp/mt/rate.ts';
import { PartWindow } from '../../src/smpp/mt/window.ts';

const limits = { size: 3, queue: 10, responseTimeout: 1_000, rate: undefined };
const part = (order: number) => ({ order });

function sendAll(window: PartWindow<{ order: number }>, now: number, from = 1): number[] {
  const sent: number[] = [];
  for (let next = window.next(now); next !== undefined; next = window.next(now)) {
    window.sent(from + sent.length, next, now);
    sent.push(next.order);
  }
  return sent;
}

describe('the window', () => {
  it('lets as many go as fit, and one more for each answer', () => {
    const window = new PartWindow(limits, 0);
    window.offer([1, 2, 3, 4, 5].map(part));
    expect(sendAll(window, 0)).toEqual([1, 2, 3]);
    expect(window.answered(2)).toEqual({ order: 2 });
    expect(window.answered(2)).toBeUndefined();
    expect(sendAll(window, 0, 10)).toEqual([4]);
    expect([window.inUse, window.queued, window.idle]).toEqual([3, 1, false]);
  });

  it('takes all parts of a message or none', () => {
    const window = new PartWindow({ ...limits, size: 0 }, 0);
    expect(window.offer([1, 2, 3, 4, 5, 6, 7, 8].map(part))).toBe(true);
    expect(window.offer([9, 10, 11].map(part))).toBe(false);
    expect(window.queued).toBe(8);
    expect(window.offer([9, 10].map(part))).toBe(true);
  });

  it('takes a message that is longer than all that may wait, where nothing waits', () => {
    const window = new PartWindow({ ...limits, queue: 2 }, 0);
    expect(window.offer([1, 2, 3].map(part))).toBe(true);
    expect(window.offer([part(4)])).toBe(false);
  });

  it('gives up what is not answered in time', () => {
    const window = new PartWindow(limits, 0);
    window.offer([part(1), part(2)]);
    sendAll(window, 0);
    expect(window.wakeAt(0)).toBe(1_000);
    expect(window.expire(999)).toEqual([]);
    expect(window.expire(1_000)).toEqual([part(1), part(2)]);
    expect(window.wakeAt(1_000)).toBeUndefined();
  });

  it('pauses on a throttle, longer each time, and sends that part first', () => {
    const window = new PartWindow({ ...limits, size: 1 }, 0);
    window.offer([1, 2, 3].map(part));
    sendAll(window, 0);
    window.throttled({ order: 1 }, 0);
    window.answered(1);
    expect(sendAll(window, 249)).toEqual([]);
    const pauses: number[] = [];
    let now = 250;
    for (let times = 0; times < 8; times++) {
      now = Math.max(window.wakeAt(now) ?? now, now);
      while (window.next(now) === undefined) now += 1;
      window.throttled({ order: 1 }, now);
      pauses.push((window.wakeAt(now) ?? 0) - now);
    }
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(pauses.at(-1)).toBe(8_000);
  });

  it('looks again for what is unanswered, though it pauses for longer', () => {
    const window = new PartWindow({ ...limits, responseTimeout: 100 }, 0);
    window.offer([1, 2].map(part));
    sendAll(window, 0);
    window.answered(1);
    window.throttled({ order: 1 }, 50);
    expect(window.wakeAt(50)).toBe(100);
    expect(window.expire(100)).toEqual([part(2)]);
    expect(window.wakeAt(100)).toBe(300);
  });

  it('puts parts back in their order, whatever order their throttles came in', () => {
    const window = new PartWindow(limits, 0);
    window.offer([1, 2, 3, 4].map(part));
    sendAll(window, 0);
    for (const order of [3, 1, 2]) {
      window.answered(order);
      window.throttled({ order }, 0);
    }
    const { written, waiting } = window.drain();
    expect(waiting.map(({ order }) => order)).toEqual([1, 2, 3, 4]);
    expect(written).toEqual([]);
  });
});

describe('the rate', () => {
  it('puts the newest back behind all others, and holds nothing once it is drained', () => {
    const window = new PartWindow({ ...limits, size: 1 }, 0);
    window.offer([1, 2].map(part));
    window.putBack(part(3));
    expect(window.next(0)).toEqual(part(1));
    expect(window.drain().waiting).toEqual([part(2), part(3)]);
    expect(window.queued).toBe(0);
  });

  it('looks again no sooner than for a response while it is full', () => {
    const window = new PartWindow({ ...limits, size: 1 }, 0);
    window.offer([1, 2].map(part));
    sendAll(window, 0);
    expect(window.wakeAt(0)).toBe(1_000);
  });

  it('is unlimited until the SMSC throttles many, then what it was seen to bear, and less', () => {
    let rate = createRate(undefined, 0);
    expect(waitFor(rate, 0)).toBe(0);
    for (let times = 0; times < 100; times++) rate = onAccepted(rate, times);
    for (let times = 0; times < 11; times++) rate = onThrottled(rate, 100);
    expect(rate.perSecond).toBeUndefined();
    rate = onThrottled(rate, 100);
    expect(rate.perSecond).toBeCloseTo(85);
    expect(onThrottled(rate, 200).perSecond).toBe(rate.perSecond);
  });

  it.each([
    ['no limit seen yet', undefined],
    ['a limit seen before', 200],
  ])('is not worn down by an SMSC that throttles one in twenty whatever comes, with %s', (_, perSecond) => {
    let rate = { ...createRate(undefined, 0), perSecond };
    let sent = 0;
    for (let now = 0; now < 120_000; now += 5) {
      const taken = take(rate, now);
      if (taken === undefined) continue;
      sent += 1;
      rate = sent % 20 === 0 ? onThrottled(taken, now) : onAccepted(taken, now);
    }
    // 200 a second are offered.
    expect(sent / 120).toBeGreaterThan(150);
  });

  it('a throttle after a quiet while slows, whatever the quiet would have raised', () => {
    const quiet = { ...createRate(undefined, 0), perSecond: 100, slowedAt: 0 };
    expect(onThrottled(quiet, 60_000).perSecond).toBeLessThan(100);
    expect(onThrottled(quiet, 8_000).perSecond).toBeLessThan(100);
  });

  it('lets go no more than its rate, and says how long to wait', () => {
    let rate = createRate(10, 0);
    const first = take(rate, 0);
    if (first === undefined) throw new Error('no token');
    rate = first;
    expect(take(rate, 0)).toBeUndefined();
    expect(waitFor(rate, 0)).toBe(100);
    expect(take(rate, 99)).toBeUndefined();
    expect(take(rate, 100)).toBeDefined();
  });

  it.each([3, 7, 30, 999])('lets a part go once its wait is over, at %i per second', (perSecond) => {
    let rate = createRate(perSecond, 0);
    for (let next = take(rate, 0); next !== undefined; next = take(rate, 0)) rate = next;
    const wait = waitFor(rate, 0);
    expect([take(rate, wait - 1), take(rate, wait)]).toEqual([undefined, expect.anything()]);
  });

  it('rises by a twentieth per second, never above the ceiling', () => {
    let rate = onThrottled({ ...createRate(100, 0), accepted: 40, throttled: 10 }, 0);
    expect(rate.perSecond).toBeCloseTo(42.5);
    rate = onAccepted(rate, 1_000);
    expect(rate.perSecond).toBeCloseTo(44.625);
    for (let second = 2; second < 60; second++) rate = onAccepted(rate, second * 1_000);
    expect(rate.perSecond).toBe(100);
  });

  it('saves nothing up while it is quiet, nor over a throttle', () => {
    const quiet = take(createRate(10, 0), 60_000);
    expect(quiet && take(quiet, 60_000)).toBeUndefined();
    const throttled = onThrottled({ ...createRate(100, 0), accepted: 40, throttled: 10 }, 0);
    expect(take(throttled, 0)).toBeUndefined();
  });

  it('holds what was borne a minute ago for nothing that is borne now', () => {
    let rate = createRate(undefined, 0);
    for (let times = 0; times < 100; times++) rate = onAccepted(rate, times);
    for (let times = 0; times < 3; times++) rate = onThrottled(rate, 60_000);
    expect(rate.perSecond).toBe(1);
  });

  it('finds a limit that rose: ten times as high after half a minute without a throttle', () => {
    let rate = { ...createRate(undefined, 0), perSecond: 10 as number | undefined, slowedAt: 0 };
    for (let second = 1; second <= 30; second++) rate = onAccepted(rate, second * 1_000);
    expect(rate.perSecond).toBeGreaterThan(100);
  });

  it('never stands still', () => {
    let rate = createRate(undefined, 0);
    for (let now = 0; now < 60_000; now += 600) rate = onThrottled(rate, now);
    expect(rate.perSecond).toBe(1);
  });
});

/** An SMSC that accepts `allowed` parts in each second and throttles the rest, each answer `delay` ms after its part. */
function strictSmsc(allowed: number, delay: number) {
  const answers: { readonly at: number; readonly sequence: number; readonly ok: boolean }[] = [];
  let [second, inSecond, accepted] = [-1, 0, 0];
  return {
    get accepted() {
      return accepted;
    },
    take(sequence: number, now: number): void {
      if (Math.floor(now / 1_000) !== second) [second, inSecond] = [Math.floor(now / 1_000), 0];
      inSecond += 1;
      accepted += inSecond <= allowed ? 1 : 0;
      answers.push({ at: now + delay, sequence, ok: inSecond <= allowed });
    },
    answersDue: (now: number) => answers.splice(0, answers.filter(({ at }) => at <= now).length),
  };
}

function goodput(allowed: number, seconds: number, delay: number): number {
  const window = new PartWindow({ ...limits, size: 50, queue: 1_000, responseTimeout: 10_000 }, 0);
  const smsc = strictSmsc(allowed, delay);
  let [sequence, order] = [0, 0];
  for (let now = 0; now < seconds * 1_000; now++) {
    smsc.answersDue(now).forEach(({ sequence: answered, ok }) => {
      const back = window.answered(answered) ?? part(0);
      if (ok) window.accepted(now);
      else window.throttled(back, now);
    });
    while (window.queued < 60) window.offer([part(++order)]);
    const sent = sendAll(window, now, sequence + 1);
    sent.forEach(() => smsc.take(++sequence, now));
  }
  return smsc.accepted / (allowed * seconds);
}

describe('goodput under 0x58 alone', () => {
  it.each([
    [10, 5],
    [10, 200],
    [50, 20],
    [100, 5],
    [100, 200],
    [500, 20],
    [1000, 20],
  ])('at %i parts a second and %i ms is at least 0.80', (allowed, delay) => {
    expect(goodput(allowed, 60, delay)).toBeGreaterThanOrEqual(0.8);
  });
});
