import type { Provider, Service } from '../../domain/catalogue.ts';
import { servicesOn } from '../../domain/catalogue.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import { heldBand } from '../../domain/verdicts.ts';
import type { Ports } from '../ports/ports.ts';

/** By config, or by a person's word (E17). */
export function isSuspendedByHand(p: Ports, providerId: string): boolean {
  return p.catalogue().providers.get(providerId)?.suspended === true || p.suspended?.(providerId) === true;
}

/**
 * What HELP and menus list on a short code: what a person suspended would only be refused. What credit or the OCS forbids stays
 * listed, for it takes a reading per provider and service, and may be over by the time somebody chooses.
 */
export function listedOn(
  p: Ports,
  shortCode: string,
): readonly { readonly service: Service; readonly provider: Provider }[] {
  const { providers } = p.catalogue();
  return servicesOn(p.catalogue(), shortCode).flatMap((service) => {
    const provider = providers.get(service.providerId);
    return provider === undefined || isSuspendedByHand(p, provider.id) ? [] : [{ service, provider }];
  });
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
