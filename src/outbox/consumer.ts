import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { OutboxEntry, OutboxStream } from '../flow/outbox.ts';

/** One kind of work over the outbox. It must be idempotent by entry id: an entry comes again when its process died. */
export interface Consumer {
  readonly group: string;
  /** Rejects when it could not be done: the entries come again. `again`: another process may have done part of it. */
  handle(entries: readonly OutboxEntry[], again: boolean): Promise<void>;
  /** Everything of that partition written before `upTo` (epoch ms) is done; told on idle partitions too. */
  caughtUp?(partition: number, upTo: number): Promise<void>;
}

export interface ConsumerSettings {
  /** Milliseconds between looks. */
  readonly every: number;
  /** An entry that nobody acknowledged for this long is taken over; milliseconds. */
  readonly recoverAfter: number;
  /** Entries of a partition in one pass. */
  readonly batch: number;
}

export const CONSUMER_SETTINGS: ConsumerSettings = { every: 500, recoverAfter: 30_000, batch: 50 };

export interface RunningConsumer {
  /** One pass over all partitions; resolves with the number of entries handled. */
  turn(): Promise<number>;
  start(): void;
  /** Finishes the pass at work. */
  stop(): Promise<void>;
}

interface Work {
  readonly stream: OutboxStream;
  readonly consumer: Consumer;
  readonly settings: ConsumerSettings;
  readonly clock: Clock;
  readonly note: Note;
}

/** The one engine under every consumer: take over what was left behind, read on, handle, acknowledge, trim (E24). */
export function createConsumer(work: Work): RunningConsumer {
  const { clock, settings, stream } = work;
  let joined: Promise<void> | undefined;
  let running = false;
  let cancel = (): void => undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function turn(): Promise<number> {
    joined ??= stream.join();
    await joined.catch((error: unknown) => {
      joined = undefined;
      throw error;
    });
    return turnOver(work);
  }

  function next(): void {
    if (running) cancel = clock.after(settings.every, begin);
  }

  function begin(): void {
    last = safely(work, turn).then(next);
  }

  return {
    turn: () => safely(work, turn),
    start() {
      running = true;
      begin();
    },
    async stop() {
      running = false;
      cancel();
      await last;
    },
  };
}

/** A pass that fails is one that comes again: the entries are still there. */
async function safely({ consumer, note }: Work, turn: () => Promise<number>): Promise<number> {
  try {
    return await turn();
  } catch (error) {
    note('outbox.failed', { group: consumer.group, reason: error instanceof Error ? error.message : String(error) });
    return 0;
  }
}

/** All partitions at once: one call of the consumer, and one write to disk, for what came meanwhile. */
async function turnOver(work: Work): Promise<number> {
  const { stream, settings, clock } = work;
  const began = clock.now();
  const partitions = Array.from({ length: stream.partitions }, (_, partition) => partition);
  const left = await each(partitions, (one) => stream.recover(one, settings.recoverAfter, settings.batch));
  await handle(work, left, true);
  const busy = new Set(left.flat().map(({ partition }) => partition));
  let handled = left.flat().length;
  for (let rest = partitions; rest.length > 0;) {
    const read = await each(rest, (one) => stream.read(one, settings.batch));
    await handle(work, read, false);
    for (const { partition } of read.flat()) busy.add(partition);
    handled += read.flat().length;
    rest = rest.filter((_, at) => read[at]?.length === settings.batch);
  }
  await each(partitions, (one) => caughtUp(work, one, began));
  await each([...busy], (one) => stream.trim(one));
  return handled;
}

function each<Value>(partitions: readonly number[], ask: (partition: number) => Promise<Value>): Promise<Value[]> {
  return Promise.all(partitions.map(ask));
}

/** Another process of the group may still be at work on older entries. */
async function caughtUp({ consumer, stream }: Work, partition: number, began: number): Promise<void> {
  await consumer.caughtUp?.(partition, (await stream.oldestPending(partition)) ?? began);
}

/** `read`: a list per partition. */
async function handle(
  { stream, consumer }: Work,
  read: readonly (readonly OutboxEntry[])[],
  again: boolean,
): Promise<void> {
  const entries = read.flat();
  if (entries.length === 0) return;
  await consumer.handle(entries, again);
  const lists = read.filter((list) => list.length > 0);
  await Promise.all(
    lists.map((list) =>
      stream.acknowledge(
        list[0]?.partition ?? 0,
        list.map(({ id }) => id),
      ),
    ),
  );
}
