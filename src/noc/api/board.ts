import type { BoardDesk } from '../board/board-view.ts';
import { boardView } from '../board/board-view.ts';
import type { Route } from './route.ts';
import { read } from './route.ts';
import { figure, list, map, record, whole } from './shape.ts';
import { SUMMARY } from './orders.ts';
import { STATUS } from './status.ts';

const TRAFFIC = map(
  record(
    {
      sent: whole('requests sent in the last minute'),
      received: whole('received in the last minute'),
      throttled: whole('refused for being too fast'),
      timeouts: whole('without a response'),
      roundTripMs: figure('mean time to the response'),
    },
    ['roundTripMs'],
  ),
  'by name',
);

export function boardRoutes(desk: BoardDesk): readonly Route[] {
  return [
    read({
      path: '/api/v1/board',
      tag: 'board',
      role: 'viewer',
      does: 'What the first page shows; /api/v1/feed sends the same as server-sent events',
      answer: record(
        {
          status: STATUS,
          traffic: record({ links: TRAFFIC, peers: TRAFFIC }),
          minutes: list(record({ at: whole('epoch milliseconds'), counts: map(whole('times'), 'by name') })),
          orders: list(record(SUMMARY)),
          attention: list(record(SUMMARY)),
        },
        ['orders', 'attention'],
      ),
      handle: () => boardView(desk),
    }),
  ];
}
