import type { FrozenOrder } from '../domain/order.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { KeepStep, Kept, RenewStep, Subscriptions } from '../flow/ports/ports.ts';
import { dueMember } from './keys.ts';
import { justOwed, oweArg } from './mt-record.ts';
import { subscriptionArg } from './orders/steps.ts';
import { DONE, partsOf } from './replies.ts';
import type { StoreBase } from './store-base.ts';
import { moveKeys } from './store-base.ts';
import { askedField } from './subscriber-record.ts';
import { stopArg, targetOf } from './transitions.ts';

/** Renewals: one sorted set per partition tells which subscription to look at next (E11). */
export function createSubscriptions(base: StoreBase): Subscriptions {
  return {
    claimDue: (partition, now, limit) => claimDue(base, partition, { now, limit }),
    renew: (step) => renew(base, step),
    keep: (step) => keep(base, step),
  };
}

async function claimDue(
  { run, redis, keys, retention }: StoreBase,
  partition: number,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<readonly Subscription[]> {
  const due = keys.due(partition);
  const members = (await run('claim-due', [due], [now, limit, now + retention.claim])) as readonly string[];
  const found = await Promise.all(
    members.map(async (member) => {
      const colon = member.indexOf(':');
      const at = { partition, name: member.slice(0, colon) };
      return redis.hmget(keys.subscriber(at), `sub:${member.slice(colon + 1)}`, 'language');
    }),
  );
  const gone = members.filter((_member, index) => found[index]?.[0] === null);
  // Records that were erased by hand: nothing is left to renew.
  if (gone.length > 0) await redis.zrem(due, ...gone);
  return found.flatMap(([json, language]) => (typeof json === 'string' ? [spoken(json, language)] : []));
}

/** What is said of it from here on is said in the language that its subscriber has chosen since it began. */
function spoken(json: string, language: string | null | undefined): Subscription {
  const subscription = JSON.parse(json) as Subscription;
  return typeof language === 'string' ? { ...subscription, language } : subscription;
}

/** Kept beside the frozen part too: steps of orders that count towards a cap compare it. */
function spendArg({ spend }: FrozenOrder): object {
  return spend === undefined ? {} : { spend: JSON.stringify(spend) };
}

async function renew(base: StoreBase, { frozen, was, subscription, now }: RenewStep): Promise<boolean> {
  const { keys, retention } = base;
  const at = keys.subscriberOf(was.msisdn);
  const arg = {
    id: frozen.id,
    to: targetOf('confirmed', retention.orders),
    frozen: JSON.stringify(frozen),
    ...spendArg(frozen),
    orderId: was.orderId,
    rev: was.rev,
    providerId: frozen.providerId,
    ...subscriptionArg(keys, subscription),
    now,
    indexTtl: retention.orders,
    recentMax: retention.recentOrders,
    ownMax: retention.ownOrders,
  };
  const more = [keys.recent(at.partition), keys.ordersOf(at), keys.due(at.partition)];
  return (await base.run('open-renewal', [...moveKeys(base, frozen.id, at), ...more], [JSON.stringify(arg)])) === DONE;
}

async function keep(base: StoreBase, step: KeepStep): Promise<Kept> {
  const { was, subscription, cause, renewal, owe, asks, now, leaseFor } = step;
  const { keys, owner, retention } = base;
  const at = keys.subscriberOf(was.msisdn);
  const arg = {
    name: at.name,
    orderId: was.orderId,
    rev: was.rev,
    ...subscriptionArg(keys, subscription),
    serviceId: was.serviceId,
    dueMember: dueMember(at, was.serviceId),
    cause,
    ...(renewal === undefined ? {} : { renewal, ...stopArg(retention.orders) }),
    ...(owe === undefined ? {} : { owe: oweArg(owe) }),
    ...(asks === undefined ? {} : { asked: askedField(asks) }),
    now,
    leaseFor,
    owner,
  };
  const { partition } = at;
  const names = [
    keys.subscriber(at),
    keys.due(partition),
    keys.wake(partition),
    keys.outbox(partition),
    owe === undefined ? keys.subscriber(at) : keys.mt(owe.id),
    keys.census(partition),
    renewal === undefined ? keys.subscriber(at) : keys.order(renewal),
  ];
  const reply = partsOf(await base.run('keep-subscription', names, [JSON.stringify(arg)]));
  if (reply.code !== DONE) return { kind: 'moved' };
  return { kind: 'kept', owed: owe === undefined ? undefined : justOwed(owe, reply.number(1), step) };
}
