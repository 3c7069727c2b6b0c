import type { Backoff } from '../domain/retry.ts';
import type { Settled } from '../flow/ports/settled.ts';

/** Where Redis is, in the shape that BullMQ hands to its own connections. */
export interface QueueConnection {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: object;
  /** Milliseconds before the next try to reach Redis; null: no more tries. */
  readonly retryStrategy?: (times: number) => number | null;
}

/** What the worker calls: the same flow functions as the first try. The id is all that they need. */
export interface JobFlows {
  settle: JobFlow;
  say: JobFlow;
  /** Tells a provider what its subscriber knows already; `id` as in flow/charge/provide.ts. */
  provision: JobFlow;
}

/** `fence`: under which the job waited, where its flow or who put it there named one and nothing went wrong since. */
export type JobFlow = (id: string, fence?: number) => Promise<Settled>;

export type QueueName = keyof JobFlows;
export const QUEUE_NAMES: readonly QueueName[] = ['settle', 'say', 'provision'];

export interface QueueSettings {
  readonly connection: QueueConnection;
  /** As for the store; the queue braces it, so that one job's keys share a slot. */
  readonly prefix: string;
  readonly flows: JobFlows;
  /**
   * After a flow threw; a job that is older than `maxAge` then is a dead letter, unless no other record tells of it. Milliseconds;
   * asked at each throw, for a reload changes it.
   */
  readonly retry: () => Backoff & { readonly maxAge: number };
  /** Jobs of one queue at the same time in this process. */
  readonly concurrency: number;
  /** [0, 1): jitter of the backoff. */
  readonly random: () => number;
  /** Epoch ms. */
  readonly now: () => number;
  /** How long a worker that died keeps its job from the others; milliseconds. */
  readonly lockDuration?: number;
  readonly stalledInterval?: number;
  /** How long Redis may say nothing at all to who adds a job before another connection is made; milliseconds. */
  readonly silence?: number;
  /** How long a drain waits for jobs at work; milliseconds. */
  readonly drainFor?: number;
}
