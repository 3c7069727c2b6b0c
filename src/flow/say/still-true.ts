import { isRenewalId, subscriptionId } from '../../domain/ids.ts';
import type { NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import { stillWaits } from '../../domain/order.ts';
import type { HeldMt, Ports } from '../ports/ports.ts';

const WHILE_IT_WAITS: readonly NoticeKind[] = ['confirm', 'code', 'waiting'];

/** Of a subscription: what is to come of it. */
const WHILE_IT_GOES_ON: readonly NoticeKind[] = [
  'reminder',
  'price-changed',
  'renewal-low',
  'renewal-paused',
  'renewal-failed',
  'cap-reached',
  'spend-prompt',
];

/** The fence of whoever owed a text: what it says is as true as it was a moment ago. */
const OPENER = 1;

/**
 * What somebody else says, or says later, may be over by now: a challenge that was stopped, superseded or answered from another
 * text, the wait that it tells of, or the subscription that would be renewed. Returns why, in words for staff.
 */
export async function whyOver(p: Ports, { mt, lease }: HeldMt): Promise<string | undefined> {
  if (lease.fence === OPENER) return undefined;
  if (!(await stillWaitsFor(p, mt))) return 'the order no longer waits for an answer';
  return (await stillGoesOn(p, mt)) ? undefined : 'the subscription has ended';
}

async function stillWaitsFor(p: Ports, mt: OwedMt): Promise<boolean> {
  if (!WHILE_IT_WAITS.includes(mt.kind) || mt.orderId === undefined) return true;
  const order = await p.orders.load(mt.orderId);
  if (order === undefined) return false;
  return mt.kind === 'waiting' ? stillWaits(order) : order.state === 'challenged' && !isOutdated(mt, order);
}

/** Another code was asked for meanwhile. */
function isOutdated({ challengeId }: OwedMt, { challenge }: Order): boolean {
  return challengeId !== undefined && challengeId !== challenge?.id;
}

/** Whoever has stopped a service shall not read of its next charge (E14). */
async function stillGoesOn(p: Ports, mt: OwedMt): Promise<boolean> {
  const about = WHILE_IT_GOES_ON.includes(mt.kind) ? subscriptionOf(mt) : undefined;
  if (about === undefined) return true;
  const { subscriptions } = await p.subscribers.read(mt.msisdn);
  return subscriptions.some(({ orderId }) => orderId === about);
}

/** By its own name, as a sweep gives it, or by the renewal that it is about; undefined where it is about neither. */
function subscriptionOf({ id, orderId }: OwedMt): string | undefined {
  const named = /^(.+)-n\d+-/.exec(id)?.[1];
  return named ?? (orderId !== undefined && isRenewalId(orderId) ? subscriptionId(orderId) : undefined);
}
