import { sourcesOf } from '../../lib/fsm.ts';
import type { Money } from '../../domain/money.ts';
import { CURRENCIES, moneyText } from '../../domain/money.ts';
import type { NoticeArgs, NoticeKind, OwedMt } from '../../domain/notice.ts';
import { listItemArgs } from '../../domain/notice.ts';
import type { FrozenOrder, Order } from '../../domain/order.ts';
import { ORDER_TABLE } from '../../domain/order.ts';
import type { Span, Spend, SpendMark } from '../../domain/spend.ts';
import { overspent, passedAgain, spendDays, spendMark } from '../../domain/spend.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { pausedBy, priceAt } from '../../domain/subscription.ts';
import type { Incoming, Next } from '../incoming.ts';
import { listFor, owedAbout, owedFor, orderArgs, sayNext } from '../incoming.ts';
import type { Ports, SpendAsk, SpendMonth, Subscriber } from '../ports/ports.ts';
import { sayOnce } from '../say/say.ts';

/** How an order of this price counts today; undefined where no cap counts it. */
export function markOf(p: Ports, price: Money, at: number): SpendMark | undefined {
  const { spend } = p.policy();
  // A calendar is asked for each day: not on the way of an order that nothing counts.
  return spend === undefined || spend.length === 0
    ? undefined
    : spendMark(spend, price, spendDays(at, p.settings().subscriptions.zone));
}

/** How an order counts once its challenge is answered: under the caps of its opening (E9), by the day of the answer. */
export function answeredMark(p: Ports, { spend }: Pick<FrozenOrder, 'spend'>, at: number): SpendMark | undefined {
  return spend && { ...spend, ...spendDays(at, p.settings().subscriptions.zone) };
}

/** The cap that an order would pass. */
export function spendOf(mark: SpendMark | undefined, { spent }: Pick<Subscriber, 'spent'>): Spend | undefined {
  return mark && overspent(mark, spent?.get(mark.currency));
}

/** What a subscriber reads of a cap: that there is one, or, where a YES allows more, the question. */
export function capText({ span, cap, currency }: Omit<Spend, 'spent'>): readonly [NoticeKind, NoticeArgs] {
  const limit = amountText(cap, currency);
  return span === 'agreed' ? ['spend-prompt', { limit }] : ['cap-reached', { limit, span }];
}

function amountText(minor: number, currency: string): string {
  return moneyText({ minor, currency, decimals: CURRENCIES[currency]?.decimals ?? 2 });
}

/** The month that a refusal asks about, now. */
export function asksOf(p: Ports, mark: SpendMark | undefined, span: Span | undefined): SpendAsk | undefined {
  if (mark === undefined || span !== 'agreed') return undefined;
  return { currency: mark.currency, month: mark.month, at: p.clock.now() };
}

/** A right answer whose order would pass a cap by now: told, and the order is declined; cut off in between, it expires. */
export async function declineOverCap(p: Ports, incoming: Incoming, { frozen }: Order, span: Span): Promise<Next> {
  const { id } = frozen;
  const { dedupe, now } = incoming;
  const spend = answeredMark(p, frozen, now);
  const cap = spend?.caps.find((limit) => limit.span === span);
  if (spend === undefined || cap === undefined) throw new TypeError(`order ${id} passed a cap that it does not name`);
  const [kind, args] = capText({ currency: spend.currency, ...cap });
  const asked = asksOf(p, spend, span);
  // As old as the answer that led to it: the same answer delivered again must not agree to it.
  const asks = asked && { ...asked, at: now };
  const owe = owedFor(p, incoming, kind, { ...orderArgs(frozen), ...args });
  const { leaseFor } = p.settings();
  const choice = asks === undefined ? {} : { asked: [asks] };
  const held = await p.subscribers.remember(dedupe, choice, owe, now, leaseFor);
  const from = sourcesOf(ORDER_TABLE, 'expire');
  await p.orders.end({ orderId: id, to: 'declined', from, dedupe: undefined, owe: undefined, now, leaseFor });
  return sayNext(held);
}

/** What this month's YES would allow: asked for, and not agreed to yet. */
export function askedNow(p: Ports, { subscriber, now }: Incoming): readonly SpendAsk[] {
  const { month } = spendDays(now, p.settings().subscriptions.zone);
  return [...(subscriber.spent ?? [])].flatMap(([currency, { asked, agreed }]) =>
    asked?.month === month && agreed !== month ? [{ currency, ...asked }] : [],
  );
}

/** YES to more spending: it holds for the month, and renewals that waited for it go on. */
export async function agreeToSpend(p: Ports, incoming: Incoming, agreed: readonly SpendMonth[]): Promise<Next> {
  const { dedupe, now, subscriber } = incoming;
  const { leaseFor } = p.settings();
  const waited = subscriber.subscriptions.filter((one) => one.dueAt <= now && one.renewing === undefined);
  const owe = agreedText(p, incoming, waited.filter(isCharged(p, incoming, agreed)));
  // Who says yes to a charge is told of it by that.
  const looked = waited.map((one) => (pausedBy(one) === 'cap' ? { ...one, reminded: true } : one));
  return sayNext(await p.subscribers.remember(dedupe, { agreed, waited: looked }, owe, now, leaseFor));
}

/** Whether nothing but this question has held its renewal back. */
function isCharged(p: Ports, { subscriber, now }: Incoming, agreed: readonly SpendMonth[]) {
  return (subscription: Subscription): boolean => {
    const price = priceAt(subscription, now);
    const isAsked = agreed.some(({ currency }) => currency === price.currency);
    return isAsked && spendOf(markOf(p, price, now), subscriber)?.span === 'agreed';
  };
}

/** Whoever waits for a renewal has nothing to order: it is charged at once. */
function agreedText(p: Ports, incoming: Incoming, charged: readonly Subscription[]): OwedMt {
  const { language, now, subscriber } = incoming;
  const items = charged.map((one) => {
    const args = listItemArgs(subscriber.numbers.get(one.serviceId) ?? 0, { ...one, price: priceAt(one, now) });
    return p.words.render('list-item', language, args);
  });
  return items.length === 0
    ? owedFor(p, incoming, 'spend-agreed', {})
    : owedFor(p, incoming, 'spend-agreed-renewal', { services: listFor(p, incoming, items) });
}

/** Whether an order made the month's spending pass what is asked about, once or once more. */
export function isSpendingTold({ frozen: { spend }, spent }: Order): boolean {
  const each = spend?.caps.find(({ span }) => span === 'agreed')?.cap;
  if (spend === undefined || each === undefined || spent === undefined) return false;
  return passedAgain({ each, sum: spent, minor: spend.minor });
}

/** Of an order that was placed: its subscriber is told the sum, where it is told at all; once, however often it is called. */
export async function tellSpending(p: Ports, order: Order): Promise<void> {
  const { frozen, spent } = order;
  const { spend } = frozen;
  if (spend === undefined || spent === undefined || !isSpendingTold(order)) return;
  await sayOnce(p, owedAbout(p, frozen, 'spend-note', { spent: amountText(spent, spend.currency) }));
}
