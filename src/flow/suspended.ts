import type { FrozenOrder } from '../domain/order.ts';
import { heldBand } from '../domain/verdicts.ts';
import type { Ports } from './ports.ts';

/** By config, or by a person's word (E17). */
export function isSuspendedByHand(p: Ports, providerId: string): boolean {
  return p.catalogue().providers.get(providerId)?.suspended === true || p.suspended?.(providerId) === true;
}

type Sold = Pick<FrozenOrder, 'providerId' | 'serviceId'>;

/** E17: by hand, because the provider's credit fell into a band that refuses, or the service by it. Read again before a charge. */
export async function isSuspended(p: Ports, { providerId, serviceId }: Sold): Promise<boolean> {
  if (isSuspendedByHand(p, providerId)) return true;
  const credit = await p.credit.read(providerId);
  if (credit.kind === 'unknown') return false;
  if (heldBand(p.policy(), credit).interaction === 'refuse') return true;
  if (credit.kind === 'stale') return false;
  const until = credit.standing?.suspended[serviceId] ?? 0;
  return until > p.clock.now();
}
