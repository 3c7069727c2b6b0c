import { dayText, lastDayBefore } from '../../domain/calendar.ts';
import type { DenialReason } from '../../domain/charge.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { FrozenOrder, Order } from '../../domain/order.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { lastTry, pausingTry, unpaid } from '../../domain/subscription.ts';
import { owedAbout } from '../incoming.ts';
import type { Ports, RecordStep } from '../ports/ports.ts';

/** The line itself cannot be charged: no later try would do better. */
const FOR_GOOD: readonly DenialReason[] = ['not-allowed', 'unknown-user'];

type Denied = Pick<Order, 'frozen' | 'state' | 'denied'> & { readonly renewal: Subscription };
type Outcome = Pick<RecordStep, 'to' | 'subscription' | 'owe' | 'renewal'>;

/**
 * A renewal that was denied is tried again by the retry calendar: first in grace, while the service goes on, then suspended.
 * After the last try the subscription ends. The first denial and each change are told once, tries in between are silent: one that
 * a spend cap had paused is paused for another reason since. No dispute leads to another try (E8): its period is skipped.
 */
export function deniedRenewal(p: Ports, { frozen, state, renewal, denied }: Denied, reason: DenialReason): Outcome {
  const came = FOR_GOOD.includes(reason) ? END : unpaid(renewal, p.clock.now(), p.settings().subscriptions);
  if (came.kind === 'end') {
    const owe = owedAbout(p, frozen, 'ended');
    return { to: 'uncharged', subscription: undefined, owe, renewal: { kind: 'end', msisdn: frozen.msisdn } };
  }
  if (state === 'disputed')
    return { to: 'uncharged', subscription: undefined, owe: owedAbout(p, frozen, 'not-renewed') };
  const { subscription, at } = came;
  const isNews = denied === undefined || subscription.state !== renewal.state;
  const owe = isNews ? textFor(p, frozen, subscription, reason) : undefined;
  return { to: 'confirmed', subscription, owe, renewal: { kind: 'retry', at } };
}

const END = { kind: 'end' } as const;

/** A balance can be topped up; of anything else only a pause is the subscriber's concern, and that it is tried again. */
function textFor(p: Ports, frozen: FrozenOrder, subscription: Subscription, reason: DenialReason): OwedMt | undefined {
  const { subscriptions: rules } = p.settings();
  const paused = subscription.state === 'suspended';
  if (reason !== 'balance') {
    const until = dayText(lastTry(subscription, rules), rules.zone);
    return paused ? owedAbout(p, frozen, 'renewal-failed', { until }) : undefined;
  }
  const tried = paused ? lastTry(subscription, rules) : pausingTry(subscription, rules);
  const until = lastDayBefore(tried, p.clock.now(), rules.zone);
  return owedAbout(p, frozen, paused ? 'renewal-paused' : 'renewal-low', { until });
}
