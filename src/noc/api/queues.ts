import type { NocSources } from '../sources.ts';
import { deadLettersView, queuesView } from '../views.ts';
import type { Route } from './route.ts';
import { read } from './route.ts';
import { LIMIT, list, record, text, time, whole } from './shape.ts';
import { QUEUE_COUNTS } from './status.ts';

const WAITING = record({
  queue: text('queue'),
  id: text('order or text'),
  reason: text('why it waits, scrubbed'),
  until: time('of the next try'),
});

const LETTER = record(
  {
    id: text('text'),
    order: text('order that it is about'),
    kind: text('of the text'),
    to: text('the last three digits'),
    reason: text('why it was given up, scrubbed'),
    at: time('when'),
  },
  ['order'],
);

const JOB = record({
  queue: text('queue'),
  id: text('order or text'),
  reason: text('why it was given up, scrubbed'),
  attempts: whole('tries'),
  at: time('when'),
});

export function queueRoutes(sources: NocSources): readonly Route[] {
  const common = { tag: 'queues', role: 'viewer', query: LIMIT } as const;
  return [
    read<unknown, { readonly limit: number }>({
      ...common,
      path: '/api/v1/queues',
      does: 'What waits, and why',
      answer: record({ queues: QUEUE_COUNTS, waiting: list(WAITING) }),
      handle: ({ query: { limit } }) => queuesView(sources, limit),
    }),
    read<unknown, { readonly limit: number }>({
      ...common,
      path: '/api/v1/dead-letters',
      does: 'What was given up, and why',
      answer: record({ texts: list(LETTER), jobs: list(JOB) }),
      handle: ({ query: { limit } }) => deadLettersView(sources, limit),
    }),
  ];
}
