import type { OutboxEntry } from '../flow/ports/outbox.ts';
import { reasonOf } from '../lib/reason.ts';
import { createRecent } from '../lib/recent.ts';
import type { Consumer } from './consumer.ts';
import { nameOf } from './entry-name.ts';

/** Entries of failed batches that one consumer is remembered to have done. */
const REMEMBERED = 10_000;

/**
 * Several consumers as one group: each entry is given out, read and acknowledged once for all of them. One that fails has the
 * batch come again, for itself alone: what the others have done is not handed to them twice while this process lives, however
 * often it comes. `begin` is called before each batch.
 */
export function together(name: string, consumers: readonly Consumer[], begin: () => void): Consumer {
  const members = consumers.map(memberOf);
  return {
    name,
    async handle(entries: readonly OutboxEntry[], again: boolean) {
      begin();
      const shares = members.map((member) => member.shareOf(entries));
      const each = await all(members, ({ consumer }, at) => handleSome(consumer, shares[at] ?? [], again));
      if (isDone(each)) return;
      for (const [at, member] of members.entries()) if (each[at]?.status === 'fulfilled') member.keep(shares[at] ?? []);
      demand(consumers, each);
    },
    ...(consumers.some((consumer) => consumer.caughtUp !== undefined) && {
      async caughtUp(partition: number, upTo: number) {
        demand(consumers, await all(consumers, (consumer) => consumer.caughtUp?.(partition, upTo)));
      },
    }),
    async looked() {
      demand(consumers, await all(consumers, (consumer) => consumer.looked?.()));
    },
  };
}

/** A consumer with what it has done of batches that failed for another. */
function memberOf(consumer: Consumer) {
  const done = createRecent<string, true>(REMEMBERED);
  return {
    consumer,
    shareOf: (entries: readonly OutboxEntry[]) => entries.filter((entry) => done.get(nameOf(entry)) === undefined),
    keep(entries: readonly OutboxEntry[]) {
      for (const entry of entries) done.set(nameOf(entry), true);
    },
  };
}

async function handleSome(consumer: Consumer, share: readonly OutboxEntry[], again: boolean): Promise<void> {
  if (share.length > 0) await consumer.handle(share, again);
}

function all<Each>(
  list: readonly Each[],
  work: (one: Each, at: number) => Promise<void> | undefined,
): Promise<readonly PromiseSettledResult<void>[]> {
  return Promise.allSettled(list.map(async (one, at) => work(one, at)));
}

function isDone(each: readonly PromiseSettledResult<void>[]): boolean {
  return each.every(({ status }) => status === 'fulfilled');
}

/** All of them had their turn before those that failed are told, by their names. */
function demand(consumers: readonly Consumer[], done: readonly PromiseSettledResult<void>[]): void {
  const failed = done.flatMap((one, at) =>
    one.status === 'rejected' ? [`${consumers[at]?.name}: ${reasonOf(one.reason)}`] : [],
  );
  if (failed.length > 0) throw new Error(failed.join('; '));
}
