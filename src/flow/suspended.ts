import { bandOf } from '../domain/policy.ts';
import type { Ports } from './ports.ts';

/** E17: by hand, or because the provider's credit fell into a band that refuses. Read again before an order is charged. */
export async function isSuspended(p: Ports, providerId: string): Promise<boolean> {
  if (p.catalogue().providers.get(providerId)?.suspended === true) return true;
  const credit = await p.credit.read(providerId);
  return credit.kind === 'known' && bandOf(p.policy().bands, credit.score).interaction === 'refuse';
}
