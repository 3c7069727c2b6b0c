/** What units cost: money costs itself, counted units cost their tariff. */
import type { CreditRequest, Item, Units } from './request.ts';
import { MAX_AMOUNT, toMinor, type Currency } from './money.ts';

/** Price of one unit in minor units, per service name (see serviceOf). */
export type Tariffs = ReadonlyMap<string, bigint>;

export interface Rating {
  readonly currency: Currency;
  readonly tariffs: Tariffs;
  /** Price of one unit where no tariff names the service; none: such a request cannot be rated (5031). */
  readonly unitPrice: bigint | undefined;
}

export type Rated = { readonly amount: bigint } | { readonly reason: string };

/** The name under which an item is rated and booked. */
export function serviceOf(request: CreditRequest, item: Item | undefined): string {
  const id = item?.serviceIdentifier ?? item?.ratingGroup;
  return id === undefined ? request.serviceContext : String(id);
}

export function rate(units: Units, service: string, rating: Rating): Rated {
  if (units.kind === 'money') return rateMoney(units, rating.currency);
  const price = rating.tariffs.get(service) ?? rating.unitPrice;
  if (price === undefined) return { reason: `no tariff for service ${service}` };
  const amount = price * (units.kind === 'open' ? 1n : units.count);
  return amount > MAX_AMOUNT ? { reason: `${amount} minor units are too many` } : { amount };
}

function rateMoney(units: Units & { kind: 'money' }, currency: Currency): Rated {
  if (units.currency !== undefined && units.currency !== currency.numeric) {
    return { reason: `currency ${units.currency} is not ${currency.code} (${currency.numeric})` };
  }
  const amount = toMinor(units.digits, units.exponent, currency);
  if (amount !== undefined) return { amount };
  return {
    reason: `${units.digits}E${units.exponent} ${currency.code} is not a whole, positive amount of minor units`,
  };
}

/** As much of `units` as `left` minor units pay for; none when that is nothing. */
export function affordable(
  units: Units,
  left: bigint,
  rated: bigint,
  currency: Currency,
): { units: Units; amount: bigint } | undefined {
  if (left <= 0n || units.kind === 'open') return undefined;
  if (units.kind === 'money') {
    const rest: Units = { kind: 'money', digits: left, exponent: -currency.decimals, currency: currency.numeric };
    return { units: rest, amount: left };
  }
  const price = rated / units.count;
  const count = left / price;
  return count === 0n ? undefined : { units: { ...units, count }, amount: count * price };
}
