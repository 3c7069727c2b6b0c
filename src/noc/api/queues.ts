import type { NocSources } from '../sources.ts';
import { queuesView } from '../views.ts';
import type { Route } from './route.ts';
import { read } from './route.ts';
import { LIMIT, list, record, text, time } from './shape.ts';
import { QUEUE_COUNTS } from './status.ts';

const WAITING = record({
  queue: text('queue'),
  id: text('order or text'),
  reason: text('why it waits, scrubbed'),
  until: time('of the next try'),
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
  ];
}
