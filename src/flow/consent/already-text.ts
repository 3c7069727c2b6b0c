import { dayText, lastDayBefore } from '../../domain/calendar.ts';
import { moneyText } from '../../domain/money.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { lastTry, pausedBy, priceAt } from '../../domain/subscription.ts';
import type { Incoming, Next } from '../incoming.ts';
import { orderArgs, owedFor, sayNext } from '../incoming.ts';
import type { HeldMt, OrderRef, Ports } from '../ports/ports.ts';
import { asksOf, capText, markOf, spendOf } from '../terms/spending.ts';

/** Who has a recurring service, or waits for it, is not charged for it twice. */
export async function alreadyText(p: Ports, incoming: Incoming, frozen: FrozenOrder): Promise<OwedMt> {
  const isIt = ({ serviceId }: { readonly serviceId: string }): boolean => serviceId === frozen.serviceId;
  const { inFlight, subscriptions } = incoming.subscriber;
  const had = subscriptions.find(isIt);
  if (had === undefined) return underWayText(p, incoming, frozen, inFlight.find(isIt));
  return pausedBy(had) === undefined
    ? owedFor(p, incoming, 'already', orderArgs(frozen))
    : pausedText(p, incoming, frozen, had);
}

/** E14: what was stopped is not on its way, and can be ordered again once its charge is answered. */
async function underWayText(p: Ports, incoming: Incoming, frozen: FrozenOrder, ref?: OrderRef): Promise<OwedMt> {
  const order = ref && (await p.orders.load(ref.orderId));
  if (order?.stopRequested === true) return owedFor(p, incoming, 'stop-requested', { services: frozen.title });
  return owedFor(p, incoming, ref === undefined ? 'already' : 'waiting', orderArgs(frozen));
}

/** Who is asked about more spending by that text is asked now: a YES to it must find no newer question. */
export async function sayAlready(
  p: Ports,
  incoming: Incoming,
  { serviceId }: FrozenOrder,
  owed: HeldMt,
): Promise<Next> {
  const { subscriber, msisdn, now } = incoming;
  const had = subscriber.subscriptions.find((one) => one.serviceId === serviceId);
  if (owed.mt.kind === 'spend-prompt' && had !== undefined) {
    const asks = asksOf(p, markOf(p, priceAt(had, now), now), 'agreed');
    if (asks !== undefined) await p.subscribers.markAsked(msisdn, asks);
  }
  return sayNext(owed);
}

/** A pause and the way out of it: the cap that holds it back, else money where that is missing, and until when it is tried. */
async function pausedText(p: Ports, incoming: Incoming, frozen: FrozenOrder, had: Subscription): Promise<OwedMt> {
  const { subscriptions: rules } = p.settings();
  const held = pausedBy(had) === 'cap';
  const price = priceAt(had, held ? incoming.now : had.periodAt);
  const about = { ...orderArgs(frozen), title: had.title, keyword: had.keyword, price: moneyText(price) };
  const over = held ? spendOf(markOf(p, price, incoming.now), incoming.subscriber) : undefined;
  if (over !== undefined) {
    const [kind, args] = capText(over);
    return owedFor(p, incoming, kind, { ...about, ...args });
  }
  if (await isNoMatterOfMoney(p, had))
    return owedFor(p, incoming, 'renewal-failed', { until: dayText(lastTry(had, rules), rules.zone), ...about });
  const until = held ? dayText(had.lookAt, rules.zone) : lastDayBefore(lastTry(had, rules), incoming.now, rules.zone);
  return owedFor(p, incoming, 'already-paused', { until, ...about });
}

/** Its charge was refused for another reason than the balance: no top-up helps. */
async function isNoMatterOfMoney(p: Ports, { renewing }: Subscription): Promise<boolean> {
  const denied = renewing === undefined ? undefined : (await p.orders.load(renewing))?.denied;
  return denied?.kind === 'denied' && denied.reason !== 'balance';
}
