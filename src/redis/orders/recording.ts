import { partitionOf, subscriptionId } from '../../domain/ids.ts';
import type { Orders, Recorded, RecordStep } from '../../flow/ports/ports.ts';
import { dueMember } from '../keys.ts';
import { moreKey, recorded } from './steps.ts';
import { partsOf, RECORD } from '../replies.ts';
import type { Reply } from '../scripts.ts';
import type { StoreBase } from '../store-base.ts';
import { moveKeys } from '../store-base.ts';
import type { Target } from '../transitions.ts';
import { RECORDS, stopArg, targetOf, targetTexts } from '../transitions.ts';

type Args = readonly (string | number)[];

/** The answer to a charge, from whichever process it reached (E5). */
export function createRecording(base: StoreBase): Pick<Orders, 'record'> {
  const args = recordArgs(base);
  return { record: (step) => record(base, step, args) };
}

/** `later`: the renewal that stops where the subscription ends, once the step has told of it. */
async function record(
  base: StoreBase,
  step: RecordStep,
  args: ReturnType<typeof recordArgs>,
  later?: string,
): Promise<Recorded> {
  const { keys } = base;
  const { orderId, owe, oweStopped } = step;
  const at = await base.subscriberOf(orderId);
  if (at === undefined) return recorded(undefined, step);
  const [mt, stopped] = [moreKey(base, orderId, owe), moreKey(base, orderId, oweStopped)];
  const names = [...moveKeys(base, orderId, at), mt, keys.due(partitionOf(orderId)), stopped];
  if (later !== undefined) names.push(keys.order(later));
  const reply = await base.run('record-charge', names, args(step, later));
  const unnamed = step.renewal?.kind === 'end' ? renewalIn(reply) : undefined;
  return unnamed === undefined ? recorded(reply, step) : record(base, step, args, unnamed);
}

function renewalIn(reply: Reply): string | undefined {
  const parts = partsOf(reply);
  return parts.code === RECORD.more ? parts.text(1) : undefined;
}

/** The arguments of record-charge, in the order that its file lists; what never changes is written out once. */
function recordArgs(base: StoreBase): (step: RecordStep, later?: string) => Args {
  const { owner } = base;
  const { orders } = base.retention;
  const target = (state: RecordStep['to']): Target => targetOf(state, orders);
  // A renewal that waits for its next try has taken nothing.
  const confirmed = JSON.stringify({ ...target('confirmed'), spends: undefined });
  const to = { ...targetTexts(orders), confirmed };
  const from = Object.fromEntries(Object.entries(RECORDS).map(([state, states]) => [state, JSON.stringify(states)]));
  const others = JSON.stringify({
    placed: target('placed'),
    refunding: target('refunding'),
    uncharged: target('uncharged'),
  });
  return (step, later) => {
    const { verdict, owe, now } = step;
    const { kind } = verdict;
    return [
      ...[step.orderId, now, step.sessionId, JSON.stringify(verdict)],
      ...[kind === 'granted' || kind === 'partial' ? '1' : '', kind === 'granted' && verdict.free ? '1' : ''],
      ...[from[step.to] ?? '[]', to[step.to], others],
      ...textArgs(owe),
      ...[now + step.leaseFor, owner, ...subscriptionArgs(base, step), ...renewalArgs(base, step, later)],
      ...textArgs(step.oweStopped),
    ];
  };
}

function textArgs(owe: RecordStep['owe']): Args {
  return owe === undefined ? ['', ''] : [owe.id, JSON.stringify(owe)];
}

function subscriptionArgs({ keys }: StoreBase, { subscription }: RecordStep): Args {
  if (subscription === undefined) return ['', '', '', ''];
  const { serviceId, lookAt, msisdn } = subscription;
  return [JSON.stringify(subscription), serviceId, lookAt, dueMember(keys.subscriberOf(msisdn), serviceId)];
}

function renewalArgs({ keys, retention }: StoreBase, { orderId, renewal, now }: RecordStep, later?: string): Args {
  if (renewal === undefined) return ['', ''];
  if (renewal.kind === 'retry') return [renewal.at, ''];
  const { name } = keys.subscriberOf(renewal.msisdn);
  const named = later === undefined ? {} : { renewal: later };
  return ['', JSON.stringify({ name, orderId: subscriptionId(orderId), now, ...named, ...stopArg(retention.orders) })];
}
