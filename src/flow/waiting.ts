import type { FrozenOrder } from '../domain/order.ts';
import { nextWait } from '../domain/retry.ts';
import { owedAbout } from './incoming.ts';
import type { HeldOrder, Ports } from './ports.ts';
import { sayInline } from './say.ts';
import type { Settled } from './settled.ts';

/** E5: the lease is renewed while an answer is pending. */
export async function keepingLease<Value>(p: Ports, held: HeldOrder, work: () => Promise<Value>): Promise<Value> {
  const { leaseFor } = p.settings();
  let over = false;
  const beat = (): void => {
    if (over) return;
    p.orders.renew(held.order.frozen.id, held.lease.fence, p.clock.now() + leaseFor).catch((error: unknown) => {
      p.note('lease.renew-failed', { order: held.order.frozen.id, reason: String(error) });
    });
    cancel = p.clock.after(leaseFor / 2, beat);
  };
  let cancel = p.clock.after(leaseFor / 2, beat);
  try {
    return await work();
  } finally {
    over = true;
    cancel();
  }
}

export async function waitForOcs(p: Ports, { order, lease }: HeldOrder, reason: string): Promise<Settled> {
  const { settle, leaseFor } = p.settings();
  const ms = nextWait(settle, order.waits, (p.random(1)[0] ?? 0) / 256);
  await p.orders.release(order.frozen.id, lease.fence, p.clock.now() + ms + leaseFor);
  p.note('order.waits', { order: order.frozen.id, state: order.state, ms, reason });
  if (order.waits === 0) await tellItWaits(p, order.frozen);
  return { kind: 'wait', ms, reason };
}

/** Once per order: whoever is not told soon orders again. */
async function tellItWaits(p: Ports, frozen: FrozenOrder): Promise<void> {
  const mt = owedAbout(p, frozen, 'waiting', {});
  const held = await p.mts.owe(
    { key: mt.id, window: p.settings().settle.maxAge },
    mt,
    p.clock.now(),
    p.settings().leaseFor,
  );
  if (held !== undefined) await sayInline(p, held);
}
