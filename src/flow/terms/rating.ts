import type { ChargeVerdict } from '../../domain/charge.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * 5031 RATING_FAILED (RFC 8506 9.2) is a fault of the catalogue, not of the subscriber: staff hear of it with the AVP that
 * the OCS names, and a service that keeps failing is stopped before it disappoints everybody.
 */
export async function watchRating(
  p: Ports,
  { id, serviceId, serviceIdentifier }: FrozenOrder,
  verdict: ChargeVerdict,
  failedAvp: string | undefined,
): Promise<void> {
  if (verdict.kind === 'granted' && !verdict.free) await p.ratings?.rated(serviceId);
  if (verdict.kind !== 'denied' || verdict.reason !== 'rating') return;
  p.note('charge.rating-failed', { order: id, service: serviceId, serviceIdentifier, failedAvp });
  if ((await p.ratings?.failed(serviceId)) === true) p.note('service.stopped', { service: serviceId });
}
