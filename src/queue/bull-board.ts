import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Job, Queue } from 'bullmq';
import { scrubText } from '../log-scrub.ts';
import type { JobData } from './job.ts';
import type { Lanes } from './lanes.ts';

/**
 * Bull Board over our queues: read-only for everybody, since retry and discard go through the API, which audits them. What
 * it shows of a job is an id and reasons, each past the scrubber (E15, E19).
 */
export function createQueueBoard(lanes: Pick<Lanes, 'all' | 'onNew'>, basePath: string) {
  const server = new FastifyAdapter();
  const adapterOf = (queue: Queue<JobData>): SafeAdapter => {
    const adapter = new SafeAdapter(queue, { readOnlyMode: true });
    adapter.setFormatter('data', ({ id, reason }: JobData) => ({ id, reason: scrubText(reason) }));
    adapter.setFormatter('progress', (progress: unknown) =>
      typeof progress === 'number' ? progress : (JSON.parse(scrubText(JSON.stringify(progress))) as unknown),
    );
    adapter.setFormatter('returnValue', () => undefined);
    return adapter;
  };
  const queues = lanes.all().map(({ queue }) => adapterOf(queue));
  const board = createBullBoard({
    queues,
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'orderd queues' } },
  });
  // The queues of routes come with their first bind or text.
  lanes.onNew(({ queue }) => board.addQueue(adapterOf(queue)));
  server.setBasePath(basePath);
  return server.registerPlugin();
}

/** Jobs of a state that are read at once: whoever looks chooses the length of a page, and a whole backlog fills the memory. */
const MOST = 500;

/** What a job says of why it failed may hold anything that was thrown. */
export class SafeAdapter extends BullMQAdapter {
  override async getJob(id: string) {
    const job = await super.getJob(id);
    return job === undefined ? undefined : safe(job);
  }

  override async getJobs(...[statuses, start = 0, end = -1]: Parameters<BullMQAdapter['getJobs']>) {
    const last = start + MOST - 1;
    return (await super.getJobs(statuses, start, end < 0 ? last : Math.min(end, last))).map(safe);
  }

  override async getJobLogs(id: string) {
    return (await super.getJobLogs(id)).map(scrubText);
  }
}

function safe(job: Job): Job {
  const whole = job.toJSON.bind(job);
  job.toJSON = () => {
    const json = whole();
    return { ...json, failedReason: scrubMaybe(json.failedReason), stacktrace: scrubAll(json.stacktrace) };
  };
  return job;
}

/** A job that never failed has no reason, whatever the types say. */
function scrubMaybe(reason: string | undefined): string {
  return reason === undefined ? '' : scrubText(reason);
}

function scrubAll(lines: unknown): string[] {
  return Array.isArray(lines) ? lines.map((line) => scrubText(String(line))) : [];
}
