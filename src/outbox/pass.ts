import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { OutboxEntry, OutboxStream } from '../flow/ports/outbox.ts';
import { valuesOf } from './at-once.ts';
import { nextBatch } from './batch-size.ts';
import type { UnderWay } from './under-way.ts';
import { createUnderWay } from './under-way.ts';

/** One kind of work over the outbox. It must be idempotent by entry id: an entry comes again when its process died. */
export interface Consumer {
  /** Of its consumer group, where it is not one of several (`together`). */
  readonly name: string;
  /**
   * Rejects when it could not be done: the entries come again. `again`: another process, or an earlier life of this one, may have
   * done part of it.
   */
  handle(entries: readonly OutboxEntry[], again: boolean): Promise<void>;
  /** Everything of that partition written before `upTo` (epoch ms) is done; told on idle partitions too. */
  caughtUp?(partition: number, upTo: number): Promise<void>;
  /** Told after each look at the partitions, whatever it found. */
  looked?(): Promise<void>;
}

export interface ConsumerSettings {
  /** Milliseconds between two looks at a partition. */
  readonly every: number;
  /** An entry that nobody acknowledged for this long is taken over; milliseconds. */
  readonly recoverAfter: number;
  /** Entries of a partition in one look at most; fewer after a failure (batch-size.ts). */
  readonly batch: number;
  /**
   * The partitions are looked at in so many parts, one after the other: all of them in one go hold up the steps of orders for longer,
   * and what is in hand at once outlives the collections of young memory.
   */
  readonly parts: number;
}

export interface Work {
  readonly stream: OutboxStream;
  readonly consumer: Consumer;
  readonly settings: ConsumerSettings;
  readonly clock: Clock;
  readonly note: Note;
}

/** What a pass over some partitions leaves to the next one. */
interface State {
  readonly partitions: readonly number[];
  batch: number;
  readonly underWay: UnderWay;
  behind: boolean;
}

/** The passes over some of the partitions, one after the other. */
export interface Passes {
  /** One look at each; resolves with the number of entries handled. */
  readonly next: () => Promise<number>;
  /** One of them held more than the last look took. */
  readonly behind: () => boolean;
}

/**
 * After a pass that failed the next begins with what this process was given in it: nobody else is at work on that, and credit would
 * be as old as the time after which a process counts as dead (E18).
 */
export function createPasses(work: Work, partitions: readonly number[], isStopping: () => boolean): Passes {
  const { stream, settings } = work;
  const state: State = { partitions, batch: settings.batch, underWay: createUnderWay(), behind: false };
  /** What this process was given may be unacknowledged: by the pass before, or by a thread that ended. */
  let unsure = true;
  /** A thread of this process that ended was given them under the same name. */
  let inherited = true;

  /** One try: what cannot be handled must not keep the rest waiting, and is taken over like a dead process's. */
  async function finishGiven(): Promise<number> {
    const { batch } = state;
    const given = await Promise.all(partitions.map((one) => stream.given(one, batch)));
    unsure = false;
    if (inherited) state.underWay.takenOver(given.flat());
    await finish(work, state, given);
    unsure = given.some((list) => list.length === batch);
    return given.flat().length;
  }

  async function pass(): Promise<number> {
    let handled = 0;
    while (unsure && !isStopping()) handled += await finishGiven();
    [unsure, inherited] = [true, false];
    handled += await look(work, state);
    unsure = false;
    return handled;
  }

  async function next(): Promise<number> {
    try {
      return await pass();
    } catch (error) {
      state.batch = nextBatch(state.batch, 'failed', settings.batch);
      // It is tried again in its turn, not over and over.
      state.behind = false;
      throw error;
    }
  }

  return { next, behind: () => state.behind };
}

/** One call of the consumer, and one write to disk, for what came meanwhile. */
async function look(work: Work, state: State): Promise<number> {
  const { stream, settings, clock, consumer } = work;
  const { partitions, batch } = state;
  const began = clock.now();
  // Asked in one go: one way to Redis and back for both.
  const left = ofEach(partitions, (one) => stream.recover(one, settings.recoverAfter, batch));
  const fresh = ofEach(partitions, (one) => stream.read(one, batch));
  const [takenOver] = await Promise.allSettled([takeOver(work, state, await left)]);
  const asked = await fresh;
  const read = asked.map(listOf);
  await finish(work, state, read, (at) => endOf(asked[at], batch, began));
  valuesOf(asked);
  await consumer.looked?.();
  state.behind = read.some((list) => list.length === batch);
  state.batch = nextBatch(batch, 'done', settings.batch);
  return valuesOf([takenOver]).reduce((sum, count) => sum + count, read.flat().length);
}

type List = readonly OutboxEntry[];
type Asked = readonly PromiseSettledResult<List>[];

/** What is read of one partition is handled though another could not be read. */
function ofEach(partitions: readonly number[], ask: (partition: number) => Promise<List>): Promise<Asked> {
  return Promise.allSettled(partitions.map(ask));
}

function listOf(asked: PromiseSettledResult<List>): List {
  return asked.status === 'fulfilled' ? asked.value : [];
}

/** Everything written before then was given out, epoch ms; undefined for a partition that could not be read. */
function endOf(asked: Asked[number] | undefined, batch: number, began: number): number | undefined {
  if (asked?.status !== 'fulfilled') return undefined;
  return asked.value.length < batch ? began : Number.parseInt(asked.value.at(-1)?.id ?? '0', 10);
}

/** What others left behind; resolves with how many. */
async function takeOver(work: Work, state: State, left: Asked): Promise<number> {
  const lists = left.map(listOf);
  const all = lists.flat();
  if (all.length > 0) {
    state.underWay.takenOver(all);
    await finish(work, state, lists);
  }
  valuesOf(left);
  return all.length;
}

/** A list per partition. What cannot be closed for one partition is closed for the others all the same, and told then. */
async function finish(
  work: Work,
  { partitions, underWay }: State,
  lists: readonly List[],
  upTo: (at: number) => number | undefined = () => undefined,
): Promise<void> {
  const all = lists.flat();
  const entries = underWay.open(all);
  if (entries.length > 0) await work.consumer.handle(entries, underWay.isTakenOver(entries));
  underWay.handled(entries);
  const closing = partitions.map((one, at) => close(work, one, lists[at] ?? [], upTo(at)));
  valuesOf(await Promise.allSettled(closing));
  underWay.acknowledged(all);
}

/**
 * Acknowledged, trimmed and, with `upTo` (epoch ms), told look by look: a partition that never runs dry must not keep what is done from
 * anybody (E18, E24).
 */
async function close(
  { consumer, stream }: Work,
  partition: number,
  list: List,
  upTo: number | undefined,
): Promise<void> {
  const tells = upTo !== undefined && consumer.caughtUp !== undefined;
  // Asked in one go, and done by Redis in this order.
  const [, , pending] = await Promise.all([
    stream.acknowledge(
      partition,
      list.map(({ id }) => id),
    ),
    list.length > 0 ? stream.trim(partition) : 0,
    tells ? stream.oldestPending(partition) : undefined,
  ]);
  // Another process of the group may still be at work on older entries.
  if (tells) await consumer.caughtUp?.(partition, pending ?? upTo);
}
