import type { ChannelName } from '../domain/channel.ts';
import type { Trouble } from '../domain/policy.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { ComplainStep, HeldMt, PendingChallenge, StopStep, Subscriber, Subscribers } from '../flow/ports.ts';
import { dedupeArg } from './dedupe-arg.ts';
import { justOwed, oweArg } from './mt-record.ts';
import { DONE, fieldsOf, partsOf } from './replies.ts';
import type { StoreBase } from './store-base.ts';
import { STOP_CANCELS, STOP_MARKS, targetOf } from './transitions.ts';

const HOUR = 3_600_000;
const LATELY = 24 * HOUR;

/**
 * One hash per subscriber, so that an MO reads its sender in one go. Fields: language, channel, address, and by kind
 * `sub:<service>` (the subscription), `no:<service>` (its number in LIST), `pend:`, `fly:`, `park:`, `late:<order>` (the
 * service), `prov:<provider>`, `trouble:<provider>`.
 */
export function createSubscribers(base: StoreBase): Subscribers {
  const { run, call, keys, owner } = base;
  return {
    async read(msisdn) {
      const reply = await call(['HGETALL', keys.subscriber(keys.subscriberOf(msisdn))]);
      return subscriberFrom(fieldsOf(reply as readonly string[]), base.now());
    },
    complain: (step) => complain(base, step),
    async setLanguage(msisdn, language) {
      await base.redis.hset(keys.subscriber(keys.subscriberOf(msisdn)), 'language', language);
    },
    stop: (step) => stop(base, step),
    async setChannel(dedupe, choice, mt, ...[now, leaseFor]) {
      const at = keys.subscriberOf(mt.msisdn);
      const step = { ...choice, owe: oweArg(mt), ...dedupeArg(dedupe), now, leaseFor, owner };
      const names = [
        keys.dedupe(at.partition, dedupe.key),
        keys.subscriber(at),
        keys.wake(at.partition),
        keys.mt(mt.id),
        keys.outbox(at.partition),
      ];
      const reply = partsOf(await run('set-channel', names, [JSON.stringify(step)]));
      return reply.code === DONE ? justOwed(mt, reply.number(1), { now, leaseFor }) : undefined;
    },
    async mayAnswer(msisdn, limit, dedupe) {
      const at = keys.subscriberOf(msisdn);
      const names = [keys.answers(at), keys.dedupe(at.partition, dedupe.key)];
      return Number(await run('count-answer', names, [HOUR])) <= limit;
    },
  };
}

async function stop(base: StoreBase, step: StopStep): ReturnType<Subscribers['stop']> {
  const { keys, owner, retention } = base;
  const at = keys.subscriberOf(step.msisdn);
  const { partition } = at;
  const arg = {
    name: at.name,
    orders: step.orders,
    services: step.services,
    cancel: { from: STOP_CANCELS, to: targetOf('cancelled', retention.orders) },
    mark: STOP_MARKS,
    owe: oweArg(step.owe),
    ...dedupeArg(step.dedupe),
    now: step.now,
    leaseFor: step.leaseFor,
    owner,
  };
  const names = [
    keys.dedupe(partition, step.dedupe.key),
    keys.subscriber(at),
    keys.wake(partition),
    keys.outbox(partition),
    keys.census(partition),
    keys.mt(step.owe.id),
    keys.due(partition),
    ...step.orders.map((id) => keys.order(id)),
  ];
  const reply = partsOf(await base.run('stop-services', names, [JSON.stringify(arg)]));
  return reply.code === DONE ? justOwed(step.owe, reply.number(1), step) : undefined;
}

async function complain(base: StoreBase, step: ComplainStep): Promise<HeldMt | undefined> {
  const { keys, owner } = base;
  const at = keys.subscriberOf(step.msisdn);
  const { partition } = at;
  const { about, cause, owe, dedupe, now, leaseFor } = step;
  const arg = { ...about, cause, owe: oweArg(owe), ...dedupeArg(dedupe), now, leaseFor, owner };
  const names = [
    keys.dedupe(partition, dedupe.key),
    keys.subscriber(at),
    keys.mt(owe.id),
    keys.wake(partition),
    keys.outbox(partition),
  ];
  const reply = partsOf(await base.run('complain', names, [JSON.stringify(arg)]));
  return reply.code === DONE ? justOwed(owe, reply.number(1), step) : undefined;
}

type Lists = Record<
  'sub' | 'no' | 'pend' | 'fly' | 'park' | 'late' | 'prov' | 'trouble',
  [name: string, value: string][]
>;

function subscriberFrom(fields: ReadonlyMap<string, string>, now: number): Subscriber {
  const lists: Lists = { sub: [], no: [], pend: [], fly: [], park: [], late: [], prov: [], trouble: [] };
  // Order ids sort by time within a partition, so the oldest comes first.
  for (const [field, value] of [...fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind, name] = split(field);
    if (kind in lists) lists[kind as keyof Lists].push([name, value]);
  }
  return {
    language: fields.get('language'),
    channel: fields.get('channel') as ChannelName | undefined,
    address: fields.get('address'),
    subscriptions: lists.sub.map(([, json]) => JSON.parse(json) as Subscription),
    numbers: new Map(lists.no.map(([serviceId, number]) => [serviceId, Number(number)])),
    pending: lists.pend.map(challengeOf),
    inFlight: [...lists.fly, ...lists.park].map(challengeOf),
    lately: lists.late
      .filter(([, value]) => Number.parseInt(value, 10) + LATELY > now)
      .map(([orderId, value]) => challengeOf([orderId, value.slice(value.indexOf(' ') + 1)])),
    providers: new Set(lists.prov.map(([name]) => name)),
    lastProvider: [...lists.prov].sort(([, a], [, b]) => Number(b) - Number(a))[0]?.[0],
    troubles: new Map(lists.trouble.map(([name, value]) => [name, troubleOf(value)])),
  };
}

function troubleOf(value: string): { readonly kind: Trouble['kind']; readonly at: number } {
  const [at = '0', kind = ''] = value.split(' ');
  return { kind: kind === 'complaint' ? 'complaint' : 'failed-challenge', at: Number(at) };
}

function split(field: string): readonly [string, string] {
  const colon = field.indexOf(':');
  return colon < 0 ? [field, ''] : [field.slice(0, colon), field.slice(colon + 1)];
}

function challengeOf([orderId, serviceId]: readonly [string, string]): PendingChallenge {
  return { orderId, serviceId };
}
