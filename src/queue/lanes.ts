import { Queue } from 'bullmq';
import type { Worker } from 'bullmq';
import type { Note } from '../lib/note.ts';
import type { Faults } from './faults.ts';
import type { JobData } from './job.ts';
import type { QueueName, QueueSettings } from './settings.ts';
import { createWorker } from './worker.ts';

/** One queue of BullMQ, and the worker of this process on it once it takes jobs from there. */
export interface Lane {
  readonly kind: QueueName;
  readonly queue: Queue<JobData>;
  worker: Worker<JobData> | undefined;
  /** Whether this process takes jobs here. */
  open: boolean;
}

export interface Lanes {
  /** `route` names a lane of its own for texts (E23); made when first asked for. */
  of(kind: QueueName, route?: string): Lane;
  all(): readonly Lane[];
  /** Told of each lane that is made from now on. */
  onNew(tell: (lane: Lane) => void): void;
  /** Begins to take jobs there, all that wait first, or stops to. */
  set(lane: Lane, open: boolean): void;
}

/** Dead letters are kept for a month, and no more of them than this. */
const KEEP_FAILED = { age: 30 * 86_400, count: 10_000 };

export type LaneSettings = QueueSettings & { readonly note: Note; readonly faults: Faults };

export function createLanes(prefix: string, settings: LaneSettings): Lanes {
  const lanes = new Map<string, Lane>();
  const listeners: ((lane: Lane) => void)[] = [];
  return {
    of(kind, route) {
      const name = route === undefined ? kind : `${kind}-${route}`;
      const known = lanes.get(name);
      if (known !== undefined) return known;
      const lane: Lane = { kind, queue: createQueue(name, prefix, settings), worker: undefined, open: false };
      lanes.set(name, lane);
      for (const tell of listeners) tell(lane);
      return lane;
    },
    all: () => [...lanes.values()],
    onNew: (tell) => void listeners.push(tell),
    set(lane, open) {
      if (lane.open === open) return;
      lane.open = open;
      const failed = (error: unknown): void => settings.faults(lane.kind, error);
      if (!open) {
        // Without waiting for the texts at work: they have left, or will find no bind and wait on.
        lane.worker?.pause(true).catch(failed);
        return;
      }
      begin(lane, prefix, settings);
      lane.queue.promoteJobs().catch(failed);
    },
  };
}

function begin(lane: Lane, prefix: string, settings: LaneSettings): void {
  if (lane.worker !== undefined) {
    void lane.worker.resume();
    return;
  }
  lane.worker = createWorker(lane.kind, lane.queue.name, prefix, settings);
  lane.worker.run().catch((error: unknown) => settings.faults(lane.kind, error));
}

/** Milliseconds; the sweep waits for what it adds, and a half-open connection would keep it for ever. */
const SILENCE = 4000;

/**
 * A producer that rejects at once while Redis is away, instead of waiting for ever. BullMQ asks for the version once, and where that
 * INFO finds no answer the queue fails for ever, however often its connection comes back; so it does not ask (`skipVersionCheck`:
 * redis/checks.ts has). `skipWaitingForReady` is left out: without an offline queue what is asked first would come too early.
 */
function createQueue(name: string, prefix: string, settings: LaneSettings): Queue<JobData> {
  const { connection, faults, silence: socketTimeout = SILENCE } = settings;
  const queue = new Queue<JobData>(name, {
    connection: { ...connection, socketTimeout, enableOfflineQueue: false, maxRetriesPerRequest: 0 },
    prefix,
    skipVersionCheck: true,
    defaultJobOptions: {
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: KEEP_FAILED,
    },
  });
  queue.on('error', (error) => faults(name, error));
  return queue;
}
