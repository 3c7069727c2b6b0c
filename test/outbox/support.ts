import type { OutboxEntry } from '../../src/flow/ports/outbox.ts';
import type { OutboxStream } from '../../src/flow/ports/outbox.ts';
import type { Note } from '../../src/lib/note.ts';
import type { Consumer } from '../../src/outbox/consumer.ts';
import { createConsumer } from '../../src/outbox/consumer.ts';
import { createOutboxStream } from '../../src/redis/outbox/stream.ts';
import type { Bench } from '../redis/support.ts';
import { PARTITIONS } from '../redis/support.ts';

export const GROUPS = ['credit', 'cdr'];

export function streamOf(bench: Bench, group: string, consumer = 'one'): OutboxStream {
  return createOutboxStream(bench.handle, { partitions: PARTITIONS, group, consumer, groups: GROUPS });
}

export function entry(over: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    partition: 1,
    id: '1700000000000-0',
    type: 'order',
    subject: '01-abc',
    state: 'declined',
    from: 'challenged',
    cause: 'last-wrong',
    serviceId: 'news',
    providerId: 'acme',
    since: 0,
    at: 1_700_000_000_000,
    ...over,
  };
}

export function manualClock(start: number) {
  const timers: { at: number; run: () => void }[] = [];
  const clock = { time: start };
  return {
    now: () => clock.time,
    monotonic: () => clock.time,
    after(ms: number, run: () => void) {
      const timer = { at: clock.time + ms, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    advance(ms: number) {
      clock.time += ms;
      const due = timers.filter((timer) => timer.at <= clock.time);
      for (const timer of due) timers.splice(timers.indexOf(timer), 1);
      for (const timer of due) timer.run();
    },
    waiting: () => timers.length,
  };
}

export interface Hearing extends Consumer {
  readonly entries: OutboxEntry[];
  readonly upTo: Map<number, number>;
  fail: boolean;
}

export function hearing(name: string): Hearing {
  const heard: Hearing = {
    name,
    entries: [],
    upTo: new Map(),
    fail: false,
    handle(entries) {
      if (heard.fail) return Promise.reject(new Error('the disk is full'));
      heard.entries.push(...entries);
      return Promise.resolve();
    },
    caughtUp(at, upTo) {
      heard.upTo.set(at, upTo);
      return Promise.resolve();
    },
  };
  return heard;
}

/** Starts consumers over the streams of a bench, with a clock that is turned by hand. */
export function runningOn(bench: Bench, parts = 1, batch = 3) {
  return (consumer: Consumer, name = 'one', recoverAfter = 0, given?: OutboxStream) => {
    const clock = manualClock(bench.now);
    const notes: string[] = [];
    const fields: unknown[] = [];
    const note: Note = (event, more) => {
      notes.push(event);
      fields.push(more);
    };
    const stream = given ?? streamOf(bench, consumer.name, name);
    const settings = { every: 100, recoverAfter, batch, parts };
    return { ...createConsumer({ stream, consumer, settings, clock, note }), clock, notes, fields, stream };
  };
}
