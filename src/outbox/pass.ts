import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { OutboxEntry, OutboxStream } from '../flow/outbox.ts';
import { someAtOnce, valuesOf } from './at-once.ts';
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
  /** Entries of a partition in one look, usually (batch-size.ts). */
  readonly batch: number;
}

export interface Work {
  readonly stream: OutboxStream;
  readonly consumer: Consumer;
  readonly settings: ConsumerSettings;
  readonly clock: Clock;
  readonly note: Note;
}

/** What a consumer's passes leave to the next one. */
interface State {
  batch: number;
  readonly underWay: UnderWay;
  behind: boolean;
}

export interface Passes {
  /** Over these partitions, so many looks at each at most; resolves with the number of entries handled. */
  readonly over: (partitions: readonly number[], looks: number) => Promise<number>;
  /** A partition held more than the first look of the last pass took. */
  readonly behind: () => boolean;
}

/**
 * One pass over some partitions. After one that failed the next begins with what this process was given in it: nobody else is
 * at work on that, and credit would be as old as the time after which a process counts as dead (E18).
 */
export function createPasses(work: Work, isStopping: () => boolean): Passes {
  const { stream, settings } = work;
  const state: State = { batch: settings.batch, underWay: createUnderWay(), behind: false };
  let joined: Promise<void> | undefined;
  /** What this process was given may be unacknowledged: by the pass before, or by a thread that ended. */
  let unsure = true;
  /** A thread of this process that ended was given them under the same name. */
  let inherited = true;

  /** One try: what cannot be handled must not keep the rest waiting, and is taken over like a dead process's. */
  async function finishGiven(): Promise<number> {
    const partitions = everyOf(stream);
    const { batch } = state;
    const given = await Promise.all(partitions.map((one) => stream.given(one, batch)));
    unsure = false;
    if (inherited) state.underWay.takenOver(given.flat());
    await finish(work, state, { partitions, again: false, atOnce: stream.partitions, batch }, given);
    unsure = given.some((list) => list.length === batch);
    return given.flat().length;
  }

  async function pass(partitions: readonly number[], looks: number): Promise<number> {
    let handled = 0;
    while (unsure && !isStopping()) handled += await finishGiven();
    [unsure, inherited] = [true, false];
    handled += await turnOver(work, state, { partitions, looks, isStopping });
    unsure = false;
    return handled;
  }

  async function over(partitions: readonly number[], looks: number): Promise<number> {
    joined ??= stream.join();
    await joined.catch((error: unknown) => {
      joined = undefined;
      throw error;
    });
    try {
      return await pass(partitions, looks);
    } catch (error) {
      state.batch = nextBatch(state.batch, 'failed', settings.batch);
      throw error;
    }
  }

  return { over, behind: () => state.behind };
}

export function everyOf({ partitions }: OutboxStream): readonly number[] {
  return Array.from({ length: partitions }, (_, partition) => partition);
}

/** A batch of each in one go: what Redis hands out of all at once, every order's step would have to wait for. */
const PARTITIONS_AT_ONCE = 2;

interface Span {
  readonly partitions: readonly number[];
  /** As many at most, though a partition may hold more. */
  readonly looks: number;
  readonly isStopping: () => boolean;
}

/** Its partitions in one pass: one call of the consumer, and one write to disk, for what came meanwhile. */
async function turnOver(work: Work, state: State, { partitions, looks, isStopping }: Span): Promise<number> {
  const { stream, settings, clock, consumer } = work;
  const left = await handle(work, state, { partitions, again: true, atOnce: partitions.length, batch: settings.batch });
  await Promise.all(left.flatMap(([first]) => (first === undefined ? [] : [stream.trim(first.partition)])));
  let handled = left.flat().length;
  let atOnce = PARTITIONS_AT_ONCE;
  let rest = partitions;
  for (let look = 0; look < looks && rest.length > 0 && !isStopping(); look++) {
    const began = clock.now();
    const { batch } = state;
    const asked = { partitions: rest, again: false, atOnce, batch };
    const read = await handle(work, state, asked);
    await eachPartition(asked, (one, at) => settle(work, one, read[at] ?? [], { began, batch }));
    await consumer.looked?.();
    handled += read.flat().length;
    rest = rest.filter((_, at) => read[at]?.length === batch);
    if (look === 0) state.behind = rest.length > 0;
    state.batch = nextBatch(batch, rest.length > 0 ? 'full' : 'dry', settings.batch);
    // Behind: there is no time to wait for each answer before the next question.
    atOnce = partitions.length;
  }
  return handled;
}

/** Told and trimmed pass by pass: a partition that never runs dry must not keep what is done from anybody (E18, E24). */
async function settle(
  { consumer, stream }: Work,
  partition: number,
  list: readonly OutboxEntry[],
  { began, batch }: { readonly began: number; readonly batch: number },
): Promise<void> {
  if (list.length > 0) await stream.trim(partition);
  if (consumer.caughtUp === undefined) return;
  const upTo = list.length < batch ? began : Number.parseInt(list.at(-1)?.id ?? '0', 10);
  // Another process of the group may still be at work on older entries.
  await consumer.caughtUp(partition, (await stream.oldestPending(partition)) ?? upTo);
}

type Lists = readonly (readonly OutboxEntry[])[];

interface Look {
  readonly partitions: readonly number[];
  /** What others left behind, in place of what is new. */
  readonly again: boolean;
  /** Partitions that are asked about at a time. */
  readonly atOnce: number;
  /** Entries of each. */
  readonly batch: number;
}

/** Reads, handles and acknowledges a list per partition. What one partition gave is handled though another could not be read. */
async function handle(work: Work, state: State, look: Look): Promise<Lists> {
  const { stream, settings } = work;
  const asked = await eachSettled(look, (one) =>
    look.again ? stream.recover(one, settings.recoverAfter, look.batch) : stream.read(one, look.batch),
  );
  const read = asked.map((one) => (one.status === 'fulfilled' ? one.value : []));
  if (look.again) state.underWay.takenOver(read.flat());
  await finish(work, state, look, read);
  return valuesOf(asked);
}

async function finish({ stream, consumer }: Work, { underWay }: State, look: Look, read: Lists): Promise<void> {
  const all = read.flat();
  const entries = underWay.open(all);
  if (entries.length > 0) await consumer.handle(entries, underWay.isTakenOver(entries));
  underWay.handled(entries);
  const idsOf = (at: number): readonly string[] => (read[at] ?? []).map(({ id }) => id);
  await eachPartition(look, (one, at) => stream.acknowledge(one, idsOf(at)));
  underWay.acknowledged(all);
}

type OfPartition<Done> = (partition: number, at: number) => Promise<Done>;

/** What fails for one partition is done for the others all the same, and told then. */
async function eachPartition(look: Look, work: OfPartition<unknown>): Promise<void> {
  valuesOf(await eachSettled(look, work));
}

async function eachSettled<Done>(
  { partitions, atOnce }: Look,
  work: OfPartition<Done>,
): Promise<readonly PromiseSettledResult<Done>[]> {
  const settle = async ([at, one]: readonly [number, number]): Promise<PromiseSettledResult<Done>> => {
    const [settled] = await Promise.allSettled([work(one, at)]);
    return settled;
  };
  return someAtOnce([...partitions.entries()], settle, atOnce);
}
