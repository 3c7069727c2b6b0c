import { dayText, periodStart, periodsUntil } from '../../domain/calendar.ts';
import type { Catalogue, Provider, Service } from '../../domain/catalogue.ts';
import { renewalId } from '../../domain/ids.ts';
import type { Money } from '../../domain/money.ts';
import { moneyText } from '../../domain/money.ts';
import type { NoticeArgs, NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { OrderState } from '../../domain/order.ts';
import { ORDER_TABLE } from '../../domain/order.ts';
import { spanEnd } from '../../domain/spend.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { beginsAnew, lookAtOf, priceAt, putOff, renewing, toldPrice } from '../../domain/subscription.ts';
import { isOtherOffer } from '../terms/other-offer.ts';
import type { KeepStep, Ports } from '../ports/ports.ts';
import { renewalOrder } from './renewal-order.ts';
import { sayByJob } from '../say/say.ts';
import { asksOf, capText, markOf, spendOf } from '../terms/spending.ts';
import { isSuspended } from '../terms/suspended.ts';

/** Most that one sweep takes of one partition: a day on which everybody renews goes in slices. */
const SLICE = 500;

/** When to look again at what cannot be renewed now: its last order is not settled, or its provider is suspended. */
const LATER = 3_600_000;

/** E11: reminds of renewals, announces prices and starts what is due. A crash in between is found by the next sweep. */
export async function sweepSubscriptions(p: Ports): Promise<number> {
  const { partitions } = p.settings();
  let found = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const due = await p.subscriptions.claimDue(partition, p.clock.now(), SLICE);
    found += due.length;
    await Promise.all(due.map((subscription) => lookAt(p, subscription)));
  }
  return found;
}

/** What is sold now; undefined when it is sold no more. */
interface Sold {
  readonly service: Service;
  readonly provider: Provider;
}

async function lookAt(p: Ports, found: Subscription): Promise<void> {
  if (found.renewing !== undefined && (await isUnsettled(p, found.renewing))) return postpone(p, found);
  const subscription = { ...found, renewing: undefined };
  const sold = soldNow(p.catalogue(), subscription);
  return sold === undefined ? endWhenDue(p, subscription) : lookAtSold(p, subscription, sold);
}

async function lookAtSold(p: Ports, subscription: Subscription, sold: Sold): Promise<void> {
  if (isOtherOffer(p, subscription, sold.service)) return endWhenDue(p, subscription);
  const price = newPrice(subscription, sold.service);
  if (price !== undefined) return announce(p, subscription, sold, price);
  if (await isSuspended(p, subscription)) return waitForProvider(p, subscription);
  // Of a charge that would be held back nobody is reminded.
  if (p.clock.now() >= subscription.dueAt && (await holdBack(p, subscription, sold))) return;
  return owesReminder(p, subscription) ? remind(p, subscription, sold) : renew(p, subscription, sold);
}

function soldNow({ services, providers }: Catalogue, { serviceId }: Subscription): Sold | undefined {
  const service = services.get(serviceId);
  const provider = service && providers.get(service.providerId);
  return service === undefined || provider === undefined || service.period === 'once'
    ? undefined
    : { service, provider };
}

const UNSETTLED = (Object.keys(ORDER_TABLE) as OrderState[]).filter(
  (state) => state !== 'placed' && Object.keys(ORDER_TABLE[state]).length > 0,
);

async function isUnsettled(p: Ports, orderId: string): Promise<boolean> {
  const order = await p.orders.load(orderId);
  return order !== undefined && UNSETTLED.includes(order.state);
}

/** A price that its subscriber was not told yet. That of another period is for whoever orders it now. */
function newPrice(subscription: Subscription, service: Service): Money | undefined {
  const { next, period, number } = subscription;
  if (service.period !== period || isSame(toldPrice(subscription), service.price)) return undefined;
  // What nobody read is announced once in a period: at once again, it would be said without end to whom no text reaches.
  const isTried = next?.unheard === number && isSame(next.price, service.price);
  return isTried ? undefined : service.price;
}

function isSame(a: Money, b: Money): boolean {
  return a.minor === b.minor && a.currency === b.currency;
}

type Change = Pick<KeepStep, 'subscription' | 'owe' | 'asks'>;

async function keep(p: Ports, was: Subscription, change: Change): Promise<boolean> {
  const { leaseFor } = p.settings();
  const kept = await p.subscriptions.keep({ was, ...change, cause: 'withdrawn', now: p.clock.now(), leaseFor });
  if (kept.kind === 'kept' && kept.owed !== undefined) await sayByJob(p, kept.owed, 'owed by a sweep');
  return kept.kind === 'kept';
}

/**
 * Not a change that counts: an order under way was given the subscription as it was, and what it leaves counts from there. With a
 * number of its own, this one could not be told from that.
 */
async function postpone(p: Ports, was: Subscription): Promise<void> {
  await keep(p, was, { subscription: { ...was, lookAt: p.clock.now() + LATER }, owe: undefined });
}

async function waitForProvider(p: Ports, was: Subscription): Promise<void> {
  const now = p.clock.now();
  const { zone } = p.settings().subscriptions;
  await keep(p, was, { subscription: putOff(was, { now, lookAt: now + LATER, zone }), owe: undefined });
}

/** What was paid for, or free, is served to its end. */
async function endWhenDue(p: Ports, was: Subscription): Promise<void> {
  if (p.clock.now() >= was.dueAt) return withdraw(p, was);
  await keep(p, was, { subscription: { ...was, lookAt: was.dueAt, rev: was.rev + 1 }, owe: undefined });
}

async function withdraw(p: Ports, was: Subscription): Promise<void> {
  const provider = p.catalogue().providers.get(was.providerId)?.name ?? was.providerId;
  const done = await keep(p, was, { subscription: undefined, owe: owedOn(p, was, 'ended', { provider }) });
  if (done) p.note('subscription.withdrawn', { subscription: was.orderId, service: was.serviceId });
}

/**
 * E9: told before it is charged, and not charged before its notice is over; a lower one is charged at once. What was announced
 * for the next charge before is what the new price is compared with, and what is charged until then.
 */
async function announce(p: Ports, was: Subscription, { provider }: Sold, price: Money): Promise<void> {
  const rules = p.settings().subscriptions;
  const told = priceAt(was, Math.max(p.clock.now(), was.dueAt));
  const lower = price.currency === told.currency && price.minor < told.minor;
  const from = p.clock.now() + (lower ? 0 : rules.priceNotice);
  const day = firstFrom(was, Math.max(from, was.dueAt), rules.zone);
  // The announcement names the next charge: a reminder of it would say nothing more.
  const reminded = was.reminded || day === was.dueAt;
  const changed = { ...was, price: told, next: { price, from }, reminded, rev: was.rev + 1 };
  const args = { provider: provider.name, price: moneyText(price), oldPrice: moneyText(told) };
  const owe = owedOn(p, was, 'price-changed', { next: dayText(day, rules.zone), ...args });
  // A tenth of the notice is left for the network to say that it never arrived.
  const notAfter = Math.max(owe.notAfter, from - rules.priceNotice / 10);
  const subscription = { ...changed, lookAt: lookAtOf(changed, rules) };
  const done = await keep(p, was, { subscription, owe: lower ? owe : { ...owe, notAfter } });
  if (done) p.note('subscription.price-announced', { subscription: was.orderId, price: price.minor });
}

function firstFrom(subscription: Subscription, from: number, zone: (at: number) => number): number {
  if (beginsAnew(subscription)) return from;
  const { anchorAt, period } = subscription;
  const begun = periodStart(anchorAt, period, periodsUntil(anchorAt, period, from, zone), zone);
  return begun >= from ? begun : periodStart(anchorAt, period, periodsUntil(anchorAt, period, from, zone) + 1, zone);
}

/** It is looked at before its day, or on it and its subscriber was not told of it. */
function owesReminder(p: Ports, { dueAt, reminded, period }: Subscription): boolean {
  return p.clock.now() < dueAt || (!reminded && p.settings().subscriptions.reminder[period] > 0);
}

/** After an outage the reminder is late, and so is the charge: it never comes sooner after its reminder than config says. */
async function remind(p: Ports, was: Subscription, { provider }: Sold): Promise<void> {
  const rules = p.settings().subscriptions;
  const { zone, reminder } = rules;
  const chargeAt = Math.max(was.dueAt, p.clock.now() + reminder[was.period]);
  const price = moneyText(priceAt(was, renewing(was, '', chargeAt, rules).periodAt));
  const owe = owedOn(p, was, 'reminder', { provider: provider.name, price, next: dayText(chargeAt, zone) });
  const subscription = { ...was, reminded: true, lookAt: chargeAt, rev: was.rev + 1 };
  await keep(p, was, { subscription, owe: { ...owe, notAfter: chargeAt } });
}

async function renew(p: Ports, was: Subscription, { service, provider }: Sold): Promise<void> {
  const now = p.clock.now();
  const id = renewalId(was.orderId, was.number + 1);
  const subscription = renewing(was, id, now, p.settings().subscriptions);
  const frozen = renewalOrder(p, subscription, { id, service, provider });
  if (await p.subscriptions.renew({ frozen, was, subscription, now }))
    p.note('subscription.renewing', { subscription: was.orderId, order: id, period: subscription.number });
}

/**
 * Over a spend cap: the service pauses until the cap counts anew or the subscriber allows more, and is told once in a month. More
 * is asked for by the step that owes the question: a YES to last month's would else agree to one that nobody read.
 */
async function holdBack(p: Ports, was: Subscription, { provider }: Sold): Promise<boolean> {
  const now = p.clock.now();
  const price = priceAt(was, now);
  const mark = markOf(p, price, now);
  if (mark === undefined) return false;
  const over = spendOf(mark, await p.subscribers.read(was.msisdn));
  if (over === undefined) return false;
  const heldBy = { span: over.span, month: mark.month };
  const told = was.state === 'suspended' && was.heldBy?.span === heldBy.span && was.heldBy.month === heldBy.month;
  const asks = told ? undefined : asksOf(p, mark, over.span);
  const [kind, args] = capText(over);
  const owe = told ? undefined : owedOn(p, was, kind, { provider: provider.name, price: moneyText(price), ...args });
  const lookAt = spanEnd(now, over.span, p.settings().subscriptions.zone);
  const subscription = { ...was, state: 'suspended', reminded: false, heldBy, lookAt, rev: was.rev + 1 } as const;
  await keep(p, was, { subscription, owe, asks });
  return true;
}

/** A text about a subscription; one of each kind per period. */
function owedOn(p: Ports, subscription: Subscription, kind: NoticeKind, args: NoticeArgs): OwedMt {
  const { orderId, number, title, keyword, period, price, msisdn, shortCode, link, language, channel } = subscription;
  const { address, last } = subscription;
  const now = p.clock.now();
  return {
    id: `${orderId}-n${number + 1}-${kind}`,
    // Not the one that brought it: orders are kept for a time, and what is said again is remembered there.
    orderId: last,
    kind,
    args: { title, keyword, period, price: moneyText(price), shortCode, ...args },
    language,
    channel,
    ...(address === undefined ? {} : { address }),
    msisdn,
    shortCode,
    link,
    challengeId: undefined,
    keyId: undefined,
    owedAt: now,
    notAfter: now + p.settings().say.maxAge,
  };
}
