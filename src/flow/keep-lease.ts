import type { HeldMt, HeldOrder, Ports } from './ports/ports.ts';

/** E5: the lease of an order is renewed while an answer is pending. */
export function keepingLease<Value>(p: Ports, { order, lease }: HeldOrder, work: () => Promise<Value>): Promise<Value> {
  const { id } = order.frozen;
  return keeping(p, { about: { order: id }, renew: (until) => p.orders.renew(id, lease.fence, until) }, work);
}

/** E5: the lease of a text is renewed while it waits in a link's queue and for its response: another process would say it too. */
export function keepingText<Value>(p: Ports, { mt, lease }: HeldMt, work: () => Promise<Value>): Promise<Value> {
  return keeping(p, { about: { mt: mt.id }, renew: (until) => p.mts.renew(mt.id, lease.fence, until) }, work);
}

interface Kept {
  readonly about: Readonly<Record<string, string>>;
  readonly renew: (until: number) => Promise<boolean>;
}

async function keeping<Value>(p: Ports, { about, renew }: Kept, work: () => Promise<Value>): Promise<Value> {
  const { leaseFor } = p.settings();
  const beat = (): void => {
    renew(p.clock.now() + leaseFor).catch((error: unknown) => {
      p.note('lease.renew-failed', { ...about, reason: String(error) });
    });
    cancel = p.clock.after(leaseFor / 2, beat);
  };
  let cancel = p.clock.after(leaseFor / 2, beat);
  try {
    return await work();
  } finally {
    cancel();
  }
}
