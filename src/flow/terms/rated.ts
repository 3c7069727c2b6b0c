import type { CreditAnswer } from '../../domain/charge.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * E9: the price told is the price charged. An OCS that rates it otherwise is a fault of the catalogue or of the OCS, and staff
 * hears of it.
 */
export function isRatedOtherwise(
  p: Ports,
  { id, price }: Pick<FrozenOrder, 'id' | 'price'>,
  { cost }: CreditAnswer,
): boolean {
  if (cost === undefined || (cost.minor === price.minor && cost.currency === price.currency)) return false;
  p.note('charge.price-differs', { order: id, told: price.minor, rated: cost.minor, currency: cost.currency });
  return true;
}
