import type { OwedMt } from '../../domain/notice.ts';
import type { OpenStep } from '../../flow/ports/ports.ts';
import type { StoreBase } from '../store-base.ts';
import { askedField } from '../subscriber-record.ts';
import { STOP_CANCELS, targetOf, targetTexts, UNFINISHED } from '../transitions.ts';

type Args = readonly (string | number)[];

/**
 * The arguments of open-order, in the order that its file lists. Each goes as it is: a record inside of a step in JSON would
 * be escaped here and unescaped there.
 */
export function openArgs({ owner, retention }: StoreBase): (step: OpenStep, otherwise: OwedMt | undefined) => Args {
  const { orders, recentOrders, ownOrders } = retention;
  const targets = targetTexts(orders);
  const cancel = JSON.stringify({ from: STOP_CANCELS, to: targetOf('cancelled', orders) });
  return (step, otherwise) => {
    const { frozen, now, dedupe } = step;
    const ends = now + step.leaseFor;
    return [
      ...[frozen.id, now, dedupe.window, targets[step.state], frozen.serviceId, frozen.providerId],
      ...[wakeAt(step, ends), json(dedupe.heard), json(frozen.spend)],
      ...askedArgs(step),
      ...[orders, -recentOrders - 1, -ownOrders - 1, ends, owner],
      ...[step.owe?.id ?? '', json(step.owe), otherwise?.id ?? '', json(otherwise), step.supersedes ?? '', cancel],
      step.receivedAt,
      ...orderFields(step, owner, ends),
    ];
  };
}

/** An order that is refused may ask for more spending, one that is challenged for its own answer. */
function askedArgs({ asks, challenge, now }: OpenStep): Args {
  if (asks !== undefined) return askedField(asks);
  return challenge === undefined ? ['', ''] : ['lastAsked', now];
}

/** Nobody holds an order that waits for its subscriber, or that has ended; all else is its opener's. */
export function isHeld({ state, challenge }: OpenStep): boolean {
  return challenge === undefined && UNFINISHED.includes(state);
}

function wakeAt({ state, challenge }: OpenStep, ends: number): number | '' {
  return UNFINISHED.includes(state) ? (challenge?.windowEndsAt ?? ends) : '';
}

function json(value: object | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

/** What the steps compare is kept beside the records, see order-record.ts. */
function orderFields(step: OpenStep, owner: string, ends: number): Args {
  const { frozen, state, charge, challenge, now } = step;
  const { serviceId, providerId, spend } = frozen;
  const fields: (string | number)[] = ['frozen', JSON.stringify(frozen), 'state', state, 'fence', 1, 'tries', 0];
  fields.push('waits', 0, 'serviceId', serviceId, 'providerId', providerId, 'updatedAt', now);
  if (spend !== undefined) fields.push('spend', JSON.stringify(spend));
  if (charge !== undefined) fields.push('charge', JSON.stringify(charge), 'chargeSession', charge.sessionId);
  if (challenge !== undefined) fields.push('challenge', JSON.stringify(challenge), ...challengeFields(challenge));
  if (isHeld(step)) fields.push('leaseUntil', ends, 'owner', owner);
  return fields;
}

function challengeFields(challenge: NonNullable<OpenStep['challenge']>): Args {
  const { id, kind, maxTries, codeEndsAt, windowEndsAt } = challenge;
  const until = ['codeEndsAt', codeEndsAt, 'windowEndsAt', windowEndsAt];
  return ['challengeId', id, 'challengeKind', kind, 'maxTries', maxTries, ...until];
}
