import type { Service } from '../../domain/catalogue.ts';
import { strictness } from '../../domain/policy.ts';
import type { Subscription } from '../../domain/subscription.ts';
import { toldPrice } from '../../domain/subscription.ts';
import { askedOfPrice } from '../../domain/verdicts.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Whether a service became another offer than the one that its subscriber agreed to: it costs what was free, or other money, or
 * so much that the policy asks more of whoever orders it. Silence is no consent to that. What is sold by another period now has a
 * price that is nobody's who was before: they go on at their own.
 */
export function isOtherOffer(p: Ports, subscription: Subscription, { price: now, period }: Service): boolean {
  const told = toldPrice(subscription);
  if (period !== subscription.period || now.minor === 0) return false;
  if (told.minor === 0 || told.currency !== now.currency) return true;
  const [asked, before] = [now, told].map((one) => strictness(askedOfPrice(p.policy(), one)));
  return asked !== undefined && before !== undefined && asked > before;
}
