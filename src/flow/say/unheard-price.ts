import { dayText } from '../../domain/calendar.ts';
import { moneyText } from '../../domain/money.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { lookAtOf } from '../../domain/subscription.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * E9: of a text that nobody will read. A higher price that it announced is not charged; the sweep announces it anew in the next
 * period, and reminds of this one where the announcement stood for its reminder. Repeatable; rejects where the subscription
 * changed meanwhile: whoever asked asks again.
 */
export async function priceUnheard(p: Ports, mt: OwedMt): Promise<void> {
  if (mt.kind !== 'price-changed') return;
  const { subscriptions } = await p.subscribers.read(mt.msisdn);
  const was = subscriptions.find((one) => isAnnouncedBy(one, mt));
  if (was?.next === undefined || was.next.unheard === periodOf(mt)) return;
  const rules = p.settings().subscriptions;
  const reminded = was.reminded && mt.args['next'] !== dayText(was.dueAt, rules.zone);
  const next = { ...was.next, unheard: periodOf(mt) };
  const changed = { ...was, next, reminded, rev: revAfter(was) };
  // What was reminded of otherwise keeps its day: it may be later than its due time.
  const subscription = reminded === was.reminded ? changed : { ...changed, lookAt: lookAtOf(changed, rules) };
  const { leaseFor } = p.settings();
  const step = { was, subscription, cause: 'withdrawn', owe: undefined, now: p.clock.now(), leaseFor } as const;
  const { kind } = await p.subscriptions.keep(step);
  if (kind === 'moved') throw new Error(`the subscription of ${mt.id} changed while its new price was put off`);
}

/** While an order renews it this is no change that counts, as where it is put off: what that leaves counts from what it was given. */
function revAfter({ renewing, rev }: Subscription): number {
  return renewing === undefined ? rev + 1 : rev;
}

/** In which it was announced: a subscription's texts are named after the period that comes next. */
function periodOf({ id }: OwedMt): number {
  return Number(/-n(\d+)-/.exec(id)?.[1] ?? 0) - 1;
}

/** A lower price is told and charged at once, whoever reads of it. */
function isAnnouncedBy({ orderId, price, next }: Subscription, { id, args }: OwedMt): boolean {
  if (next === undefined || !id.startsWith(`${orderId}-n`) || moneyText(next.price) !== args['price']) return false;
  return next.price.currency !== price.currency || next.price.minor > price.minor;
}
