import type { Provider, Service } from '../../domain/catalogue.ts';
import { provisionOf } from '../../domain/catalogue.ts';
import { moneyText } from '../../domain/money.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Decision } from '../../domain/policy.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { priceAt } from '../../domain/subscription.ts';
import type { Ports } from '../ports/ports.ts';
import { markOf } from '../terms/spending.ts';

/** What a renewal freezes (E9): what the subscriber was told of the price, and how the catalogue charges the service now. */
export function renewalOrder(
  p: Ports,
  subscription: Subscription,
  sold: { readonly id: string; readonly service: Service; readonly provider: Provider },
): FrozenOrder {
  const { msisdn, shortCode, link, serviceId, title, keyword, period, language, channel, address, number } =
    subscription;
  const { id, service, provider } = sold;
  const price = priceAt(subscription, subscription.periodAt);
  const spend = markOf(p, price, p.clock.now());
  return {
    id,
    msisdn,
    shortCode,
    link,
    serviceId,
    serviceIdentifier: service.serviceIdentifier,
    providerId: provider.id,
    providerName: provider.name,
    title,
    keyword,
    price,
    priceText: moneyText(price),
    period,
    chargeKind: chargeKindOf(service, price.minor),
    grantOnUnknown: service.grantOnUnknown,
    ...provisionOf(service),
    textVersion: p.words.version,
    language,
    channel,
    ...(address === undefined ? {} : { address }),
    decision: consentOf(p, subscription),
    ...(spend === undefined ? {} : { spend }),
    renewal: number,
    openedAt: p.clock.now(),
  };
}

/** A price of nothing needs no OCS; one that was told is charged even where the catalogue has made the service free since. */
function chargeKindOf({ charge }: Service, minor: number): FrozenOrder['chargeKind'] {
  if (minor === 0) return 'free';
  return charge === 'free' ? 'event' : charge;
}

/** Nobody is asked again: the consent is that of the first order, unless a STOP has ended it. */
function consentOf(p: Ports, { orderId, number }: Subscription): Decision {
  const because = `period ${number} of subscription ${orderId}`;
  return {
    interaction: 'notice',
    score: undefined,
    band: 'renewal',
    verdicts: [{ rule: 'profile', asks: 'notice', because }],
    won: 'profile',
    policyVersion: p.policy().version,
  };
}
