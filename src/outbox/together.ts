import type { OutboxEntry } from '../flow/outbox.ts';
import type { Consumer } from './consumer.ts';

/**
 * Several consumers as one group: each entry is given out, read and acknowledged once for all of them. One that fails has the
 * batch come again, which the others know, for all of them take an entry that comes again; so what shares a group should fail
 * together. `begin` is called before each batch.
 */
export function together(name: string, consumers: readonly Consumer[], begin: () => void): Consumer {
  const each = (work: (consumer: Consumer) => Promise<void> | undefined): Promise<void> => all(consumers, work);
  return {
    name,
    handle(entries: readonly OutboxEntry[], again: boolean) {
      begin();
      return each((consumer) => consumer.handle(entries, again));
    },
    ...(consumers.some((consumer) => consumer.caughtUp !== undefined) && {
      caughtUp: (partition: number, upTo: number) => each((consumer) => consumer.caughtUp?.(partition, upTo)),
    }),
    looked: () => each((consumer) => consumer.looked?.()),
  };
}

/** All of them get their turn before the first that failed is told, by its name. */
async function all(
  consumers: readonly Consumer[],
  work: (consumer: Consumer) => Promise<void> | undefined,
): Promise<void> {
  const done = await Promise.allSettled(consumers.map(async (consumer) => work(consumer)));
  const failed = done.flatMap((one, at) =>
    one.status === 'rejected' ? [`${consumers[at]?.name}: ${reasonOf(one.reason)}`] : [],
  );
  if (failed.length > 0) throw new Error(failed.join('; '));
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
