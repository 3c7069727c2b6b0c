import type { BoardDesk } from '../board/board-view.ts';
import { statusView } from '../views.ts';
import type { Route } from './route.ts';
import { read } from './route.ts';
import type { Shape } from './shape.ts';
import { list, map, record, text, time, whole, yesNo } from './shape.ts';

const LINK = record(
  {
    name: text('link'),
    smsc: text('links of one SMSC account share it'),
    state: text(
      'idle, connecting, binding, bound, yielding (the peer unbinds), draining (before an unbind of ours), unbinding, waiting (for the next try) or stopped',
    ),
    bound: yesNo('traffic may go'),
    suspended: yesNo('by a person, until resumed'),
    since: time('of the last change of bound'),
    windowInUse: whole('parts without a response'),
    windowSize: whole('of these at most'),
    queued: whole('parts that wait for the window'),
    lastError: text('in its own words, scrubbed'),
  },
  ['lastError'],
);

const PEER = record(
  {
    name: text('peer'),
    state: text('RFC 6733 5.6'),
    watchdog: text('RFC 3539 Appendix A'),
    open: yesNo('traffic may go'),
    pending: whole('charges whose answer could still come'),
    originHost: text('Origin-Host of its CEA'),
    lastError: text('in its own words, scrubbed'),
  },
  ['originHost', 'lastError'],
);

export const QUEUE_COUNTS: Shape = map(
  record(
    {
      waiting: whole('ready to run'),
      delayed: whole('wait for their time'),
      active: whole('run now'),
      failed: whole('given up'),
      oldest: time('when the oldest of those next in line or at work was left'),
    },
    ['oldest'],
  ),
  'by queue',
);

export const STATUS = record(
  {
    name: text('instance'),
    version: text('that runs'),
    startedAt: time('start of this process'),
    now: time('of this answer'),
    ready: record({ ok: yesNo('traffic may come'), reasons: list(text('why not')) }),
    links: list(LINK),
    peers: list(PEER),
    orders: map(whole('orders'), 'by state; for end states all that ever reached it'),
    backlog: record({ waiting: whole('orders and texts to look at again'), overdueSeconds: whole('of the oldest') }),
    queues: QUEUE_COUNTS,
    deadLetters: whole('texts that will not be said'),
  },
  // Left out while the store does not answer.
  ['orders', 'backlog', 'queues', 'deadLetters'],
);

export function statusRoutes({ sources, self, now, onFault }: BoardDesk): readonly Route[] {
  return [
    read({
      path: '/api/v1/status',
      tag: 'status',
      role: 'viewer',
      does: 'Everything at once; without the figures of the store while it does not answer',
      answer: STATUS,
      handle: () => statusView(sources, self, now(), onFault),
    }),
  ];
}
