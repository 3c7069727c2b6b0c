import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { LIMIT } from '../options.ts';
import { clock, table } from '../table.ts';

interface Entry {
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly why?: string;
}

export const AUDIT: Command = {
  usage: 'audit',
  does: 'who changed what, newest first',
  options: LIMIT,
  run: view<{ readonly entries: readonly Entry[] }>(
    ({ options }) => `/api/v1/audit?limit=${options['limit'] ?? ''}`,
    ({ entries }) =>
      entries.length === 0
        ? 'nobody changed anything yet'
        : table(
            ['WHEN (UTC)', 'WHO', 'WHAT', 'TO WHAT', 'WHY'],
            entries.map(({ at, who, what, subject, why }) => [clock(at), who, what, subject, why]),
          ),
  ),
};
