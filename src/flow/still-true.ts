import type { NoticeKind, OwedMt } from '../domain/notice.ts';
import type { Order } from '../domain/order.ts';
import { stillWaits } from '../domain/order.ts';
import type { HeldMt, Ports } from './ports.ts';

const WHILE_IT_WAITS: readonly NoticeKind[] = ['confirm', 'code', 'waiting'];

/** The fence of whoever owed a text: what it says is as true as it was a moment ago. */
const OPENER = 1;

/**
 * What somebody else says, or says later, may be over by now: a challenge that was stopped, superseded or answered from another
 * text, or the wait that it tells of.
 */
export async function stillTrue(p: Ports, { mt, lease }: HeldMt): Promise<boolean> {
  if (!WHILE_IT_WAITS.includes(mt.kind) || lease.fence === OPENER || mt.orderId === undefined) return true;
  const order = await p.orders.load(mt.orderId);
  if (order === undefined) return false;
  return mt.kind === 'waiting' ? stillWaits(order) : order.state === 'challenged' && !isOutdated(mt, order);
}

/** Another code was asked for meanwhile. */
function isOutdated({ challengeId }: OwedMt, { challenge }: Order): boolean {
  return challengeId !== undefined && challengeId !== challenge?.id;
}
