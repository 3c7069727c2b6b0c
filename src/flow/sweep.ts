import type { Due, Ports } from './ports/ports.ts';
import { sweepSubscriptions } from './subscription/sweep-subscriptions.ts';
import { dialogueDue, isUssd } from './ussd/end.ts';

/** Most that one sweep takes of one partition, so that a long outage comes back in slices. */
const SLICE = 500;

const WITHOUT_USSD: readonly Due['kind'][] = ['order', 'mt'];
const EVERY_KIND: readonly Due['kind'][] = [...WITHOUT_USSD, 'dialogue'];

/**
 * Crash recovery and time: everything that must be looked at again becomes a job. The queue is a hint, this is the
 * record (E5, E24): a job that was lost is made again.
 */
export async function sweep(p: Ports): Promise<number> {
  const { partitions } = p.settings();
  // Claimed by who cannot end it, a dialogue would be kept from those that can, sweep after sweep.
  const kinds = isUssd(p) ? EVERY_KIND : WITHOUT_USSD;
  let found = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const due = await p.wake.claimDue(partition, p.clock.now(), SLICE, kinds);
    found += due.length;
    await Promise.all(due.map((one) => enqueue(p, one)));
  }
  // After what may hold money: a day on which everybody renews must not hold up crash recovery.
  return found + (await sweepSubscriptions(p));
}

/** A text that is overdue goes to whoever takes it first: where no bind is, its channel's patience still runs out (P6). */
function enqueue(p: Ports, { kind, id, fence }: Due): Promise<void> {
  if (kind === 'dialogue') return dialogueDue(p, id);
  return kind === 'order'
    ? p.later.settle(id, fence, 0, 'due')
    : p.later.say({ id, route: undefined }, fence, 0, 'due');
}
