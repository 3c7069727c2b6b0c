import { findService } from '../domain/catalogue.ts';
import type { NoticeKind } from '../domain/notice.ts';
import { foldWord } from '../domain/request.ts';
import type { Request } from '../domain/request.ts';
import type { Incoming, Next } from './incoming.ts';
import { owedFor, sayNext } from './incoming.ts';
import type { Ports, Subscriber } from './ports.ts';

/** What one STOP reaches: orders that are not placed yet, and subscriptions. */
interface Reach {
  readonly orders: readonly string[];
  readonly services: readonly string[];
  readonly titles: readonly string[];
  readonly notice: NoticeKind;
}

/** E14: one step cancels, marks what is being charged, ends subscriptions and acknowledges; always answered, free. */
export async function stopService(
  p: Ports,
  incoming: Incoming,
  request: Request & { kind: 'stop' | 'stop-all' },
): Promise<Next> {
  const reach = reachOf(p, incoming, request);
  const owe = owedFor(p, incoming, reach.notice, { services: reach.titles.join(', ') });
  const { dedupe, msisdn, now } = incoming;
  const { orders, services } = reach;
  return sayNext(
    await p.subscribers.stop({ dedupe, msisdn, orders, services, owe, now, leaseFor: p.settings().leaseFor }),
  );
}

function reachOf(p: Ports, incoming: Incoming, request: Request & { kind: 'stop' | 'stop-all' }): Reach {
  const { subscriber } = incoming;
  if (request.kind === 'stop-all') return everything(p, subscriber, 'stopped-all');
  if (request.keyword !== undefined) return oneService(p, incoming, request.keyword);
  const unfinished = [...subscriber.pending, ...subscriber.inFlight];
  if (subscriber.subscriptions.length > 1) return which(subscriber, unfinished);
  return everything(p, subscriber);
}

function everything(p: Ports, subscriber: Subscriber, notice: 'stopped' | 'stopped-all' = 'stopped'): Reach {
  const unfinished = [...subscriber.pending, ...subscriber.inFlight];
  const titles = [
    ...subscriber.subscriptions.map(({ title }) => title),
    ...unfinished.map(({ serviceId }) => titleOf(p, serviceId)),
  ];
  return {
    orders: unfinished.map(({ orderId }) => orderId),
    services: subscriber.subscriptions.map(({ serviceId }) => serviceId),
    titles: [...new Set(titles)],
    notice: noticeFor(notice, titles, subscriber.inFlight.length),
  };
}

function noticeFor(notice: 'stopped' | 'stopped-all', titles: readonly string[], inFlight: number): NoticeKind {
  if (titles.length === 0) return 'stop-nothing';
  return inFlight > 0 ? 'stop-requested' : notice;
}

/** Several subscriptions and a bare STOP: what is unfinished stops at once, for the rest we ask which. */
function which(subscriber: Subscriber, unfinished: Subscriber['pending']): Reach {
  return {
    orders: unfinished.map(({ orderId }) => orderId),
    services: [],
    titles: subscriber.subscriptions.map(({ keyword }) => keyword),
    notice: 'stop-which',
  };
}

function oneService(p: Ports, { mo, subscriber }: Incoming, word: string): Reach {
  const sold = findService(p.catalogue(), mo.destination.digits, word)?.id;
  const subscription = subscriber.subscriptions.find((s) => s.serviceId === sold || foldWord(s.keyword) === word);
  const serviceId = subscription?.serviceId ?? sold;
  const only = (orders: Subscriber['pending']): Subscriber['pending'] =>
    orders.filter((order) => order.serviceId === serviceId);
  return everything(p, {
    ...subscriber,
    subscriptions: subscription === undefined ? [] : [subscription],
    pending: only(subscriber.pending),
    inFlight: only(subscriber.inFlight),
  });
}

function titleOf(p: Ports, serviceId: string): string {
  return p.catalogue().services.get(serviceId)?.title ?? serviceId;
}
