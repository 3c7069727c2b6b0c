import type { QueuesView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { LIMIT } from '../options.ts';
import { clock, table } from '../table.ts';

export const QUEUES: Command = {
  usage: 'queues',
  does: 'what waits, and why',
  options: LIMIT,
  run: view<QueuesView>(({ options }) => `/api/v1/queues?limit=${options['limit'] ?? ''}`, queuesText),
};

function queuesText({ queues, waiting }: QueuesView): string {
  const counts = table(
    ['QUEUE', 'WAITING', 'DELAYED', 'ACTIVE', 'FAILED', 'OLDEST SINCE'],
    Object.entries(queues).map(([name, { waiting: now, delayed, active, failed, oldest }]) => [
      name,
      now,
      delayed,
      active,
      failed,
      oldest === undefined ? '' : clock(oldest),
    ]),
  );
  if (waiting.length === 0) return `${counts}\n\nnothing waits`;
  const jobs = table(
    ['QUEUE', 'ID', 'NEXT TRY', 'REASON'],
    waiting.map(({ queue, id, until, reason }) => [queue, id, clock(until), reason]),
  );
  return `${counts}\n\n${jobs}`;
}
