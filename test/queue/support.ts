import { randomBytes } from 'node:crypto';
import { afterEach } from 'vitest';
import type { Settled } from '../../src/flow/ports/settled.ts';
import type { Note } from '../../src/lib/note.ts';
import type { QueueSettings, Queues } from '../../src/queue/queues.ts';
import { createQueues } from '../../src/queue/queues.ts';

/** Resolves when `what` holds; the hang guard is the test's own time limit. */
export async function eventually(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10));
}

export interface QueueBench {
  make(over?: Partial<QueueSettings>, note?: Note): Queues;
  readonly prefix: string;
}

const rest = (): Promise<Settled> => Promise.resolve({ kind: 'rest' });

export function useQueues(socket: () => string): QueueBench {
  const made: Queues[] = [];
  let prefix = randomBytes(6).toString('hex');
  afterEach(async () => {
    await Promise.all(made.splice(0).map((queues) => queues.close()));
    prefix = randomBytes(6).toString('hex');
  });
  return {
    get prefix() {
      return prefix;
    },
    make(over = {}, note = () => undefined) {
      const queues = createQueues(
        {
          connection: { path: socket() },
          prefix,
          flows: { settle: rest, say: rest, provision: rest },
          retry: () => ({ first: 1, cap: 5, maxAge: 60_000 }),
          concurrency: 2,
          random: () => 0.5,
          now: Date.now,
          ...over,
        },
        note,
      );
      made.push(queues);
      return queues;
    },
  };
}

export const REST: Settled = { kind: 'rest' };

/** A flow that plays these outcomes one by one, then rests, and remembers whom it was asked about. */
export function playing(...outcomes: readonly (Settled | Error)[]) {
  const asked: string[] = [];
  const flow = (id: string): Promise<Settled> => {
    const next = outcomes[asked.push(id) - 1] ?? REST;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  return { asked, flow };
}
