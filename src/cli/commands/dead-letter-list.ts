import type { DeadLettersView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { LIMIT } from '../options.ts';
import { clock, table } from '../table.ts';

export const DEAD_LETTER_LIST: Command = {
  usage: 'dead-letter list',
  does: 'what was given up, and why; exit code 1 when there is anything',
  options: LIMIT,
  run: view<DeadLettersView>(
    ({ options }) => `/api/v1/dead-letters?limit=${options['limit'] ?? ''}`,
    deadLettersText,
    ({ texts, jobs }) => texts.length + jobs.length === 0,
  ),
};

function deadLettersText({ texts, jobs }: DeadLettersView): string {
  if (texts.length + jobs.length === 0) return 'nothing was given up';
  return table(
    ['WHAT', 'ID', 'TO', 'WHEN (UTC)', 'REASON'],
    [
      ...texts.map(({ id, kind, to, at, reason }) => [`text ${kind}`, id, to, clock(at), reason] as const),
      ...jobs.map(({ queue, job, at, reason }) => [`job ${queue}`, job, undefined, clock(at), reason] as const),
    ],
  );
}
