import type { Result } from '../lib/result.ts';
import { ok } from '../lib/result.ts';
import type { OrderDetail } from '../noc/order-view.ts';
import type { DeadLettersView, OrdersView, QueuesView, StatusView } from '../noc/views.ts';
import type { Api, ApiFault } from './api.ts';
import { get } from './api.ts';
import { clock, facts, since, table } from './table.ts';

/** What a command found: `data` for programs, `text` for people. `fine` is false when somebody should look. */
export interface Shown {
  readonly data: unknown;
  readonly text: string;
  readonly fine: boolean;
}

export interface Command {
  /** As typed; words in capitals stand for a value. */
  readonly usage: string;
  readonly does: string;
  readonly run: (api: Api, args: readonly string[], options: Said) => Promise<Result<Shown, ApiFault>>;
}

/** What options say. */
export interface Said {
  readonly limit: number;
  /** Why and by whom something is decided. */
  readonly why: string | undefined;
  readonly who: string | undefined;
}

/** One GET, shown. */
function view<View>(
  path: (args: readonly string[], limit: number) => string,
  text: (found: View) => string,
  fine: (found: View) => boolean = () => true,
): Command['run'] {
  return async (api, args, { limit }) => {
    const found = await get<View>(api, path(args, limit));
    return found.ok ? ok({ data: found.value, text: text(found.value), fine: fine(found.value) }) : found;
  };
}

const STATUS = (): string => '/api/v1/status';

export const COMMANDS: readonly Command[] = [
  {
    usage: 'status',
    does: 'everything on one screen; exit code 1 while the daemon is not ready',
    run: view<StatusView>(STATUS, statusText, ({ ready }) => ready.ok),
  },
  {
    usage: 'links',
    does: 'SMPP links; exit code 1 when one is not bound',
    run: view<StatusView>(STATUS, linksText, ({ links }) => links.every(({ bound }) => bound)),
  },
  {
    usage: 'peers',
    does: 'Diameter peers; exit code 1 when none is open',
    run: view<StatusView>(STATUS, peersText, ({ peers }) => peers.some(({ open }) => open)),
  },
  {
    usage: 'queues',
    does: 'what waits, and why',
    run: view<QueuesView>((_, limit) => `/api/v1/queues?limit=${limit}`, queuesText),
  },
  {
    usage: 'orders',
    does: 'the newest orders',
    run: view<OrdersView>((_, limit) => `/api/v1/orders?limit=${limit}`, ordersText),
  },
  {
    usage: 'order show ID',
    does: 'one order with its decision explained',
    run: view<OrderDetail>(([id = '']) => `/api/v1/orders/${encodeURIComponent(id)}`, orderText),
  },
  {
    usage: 'dead-letter list',
    does: 'what was given up, and why; exit code 1 when there is anything',
    run: view<DeadLettersView>(
      (_, limit) => `/api/v1/dead-letters?limit=${limit}`,
      deadLettersText,
      ({ texts, jobs }) => texts.length + jobs.length === 0,
    ),
  },
];

function statusText(status: StatusView): string {
  const { name, version, startedAt, now, ready, orders, backlog, queues, deadLetters } = status;
  const counted = Object.entries(orders).filter(([, count]) => count > 0);
  const jobs = Object.entries(queues).map(
    ([queue, { waiting, delayed, failed }]) => `${queue} ${waiting + delayed} waiting, ${failed} failed`,
  );
  return [
    `${name} ${version}, up ${since(startedAt, now)}, ${ready.ok ? 'ready' : 'NOT READY'}`,
    ...ready.reasons.map((reason) => `  ${reason}`),
    '',
    linksText(status),
    '',
    peersText(status),
    '',
    facts([
      ['orders', counted.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'],
      ['backlog', `${backlog.waiting}, the oldest overdue for ${backlog.overdueSeconds} s`],
      ['queues', jobs.join('; ')],
      ['dead letters', deadLetters],
    ]),
  ].join('\n');
}

function linksText({ links, now }: StatusView): string {
  return table(
    ['LINK', 'SMSC', 'STATE', 'SINCE', 'WINDOW', 'QUEUED', 'LAST ERROR'],
    links.map((link) => [
      link.name,
      link.smsc,
      link.state,
      since(link.since, now),
      `${link.windowInUse}/${link.windowSize}`,
      link.queued,
      link.lastError,
    ]),
  );
}

function peersText({ peers }: StatusView): string {
  return table(
    ['PEER', 'STATE', 'WATCHDOG', 'PENDING', 'ORIGIN-HOST', 'LAST ERROR'],
    peers.map(({ name, state, watchdog, pending, originHost, lastError }) => [
      name,
      state,
      watchdog,
      pending,
      originHost,
      lastError,
    ]),
  );
}

function queuesText({ queues, waiting }: QueuesView): string {
  const counts = table(
    ['QUEUE', 'WAITING', 'DELAYED', 'ACTIVE', 'FAILED'],
    Object.entries(queues).map(([name, { waiting: now, delayed, active, failed }]) => [
      name,
      now,
      delayed,
      active,
      failed,
    ]),
  );
  if (waiting.length === 0) return `${counts}\n\nnothing waits`;
  const jobs = table(
    ['QUEUE', 'ID', 'NEXT TRY', 'REASON'],
    waiting.map(({ queue, id, until, reason }) => [queue, id, clock(until), reason]),
  );
  return `${counts}\n\n${jobs}`;
}

function ordersText({ orders }: OrdersView): string {
  if (orders.length === 0) return 'no orders yet';
  return table(
    ['ORDER', 'OPENED (UTC)', 'STATE', 'SUBSCRIBER', 'SERVICE', 'PRICE', 'BY'],
    orders.map(({ id, openedAt, state, subscriber, title, price, interaction }) => [
      id,
      clock(openedAt),
      state,
      subscriber,
      title,
      price,
      interaction,
    ]),
  );
}

function orderText(order: OrderDetail): string {
  const { decision, challenge, charge } = order;
  return facts([
    ['order', order.id],
    ['state', order.state],
    ['opened', clock(order.openedAt)],
    ['changed', clock(order.updatedAt)],
    ['subscriber', order.subscriber],
    ['service', `${order.title} (${order.keyword} on ${order.shortCode}) by ${order.provider}`],
    ['price', `${order.price}, ${order.period}`],
    ['decision', decision.text],
    ['credit', `${decision.score ?? 'unknown'}, band ${decision.band}, policy ${decision.policyVersion}`],
    ...decision.rules.map(({ rule, asks, because }) => [`  ${rule}`, `asks ${asks}: ${because}`] as const),
    ['texts', `version ${order.textVersion}, over ${order.channel}, link ${order.link}`],
    ...(challenge === undefined ? [] : challengeFacts(challenge)),
    ...(charge === undefined ? [['charge', 'none was sent'] as const] : chargeFacts(charge)),
    ...(order.refund === undefined ? [] : [['refund', order.refund] as const]),
    ['waited', `${order.waits} times${order.stopRequested ? '; a STOP came while it was charged' : ''}`],
  ]);
}

type Fact = readonly [string, string];

function challengeFacts(challenge: NonNullable<OrderDetail['challenge']>): readonly Fact[] {
  const { kind, wrongAnswers, maxTries, codeEndsAt, windowEndsAt } = challenge;
  return [
    ['challenge', `${kind}, ${wrongAnswers} of ${maxTries} wrong answers`],
    ['  ends', `code ${clock(codeEndsAt)}, window ${clock(windowEndsAt)}`],
  ];
}

function chargeFacts(charge: NonNullable<OrderDetail['charge']>): readonly Fact[] {
  const { sessionId, requestNumber, verdict, resultCode, unanswered } = charge;
  const result = resultCode === undefined ? verdict : `${verdict} (${resultCode})`;
  return [
    ['charge', `${sessionId}, request ${requestNumber}`],
    ['  answer', unanswered ? `${result}; some send went unanswered, resends carry T` : result],
  ];
}

function deadLettersText({ texts, jobs }: DeadLettersView): string {
  if (texts.length + jobs.length === 0) return 'nothing was given up';
  return table(
    ['WHAT', 'ID', 'TO', 'WHEN (UTC)', 'REASON'],
    [
      ...texts.map(({ id, kind, to, at, reason }) => [`text ${kind}`, id, to, clock(at), reason] as const),
      ...jobs.map(({ queue, id, at, reason }) => [`job ${queue}`, id, undefined, clock(at), reason] as const),
    ],
  );
}
