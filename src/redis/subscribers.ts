import { createLane } from '../lib/lane.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { Subscription } from '../domain/subscription.ts';
import type {
  Choice,
  ComplainStep,
  HeldMt,
  StopReach,
  StopStep,
  Subscriber,
  Subscribers,
} from '../flow/ports/ports.ts';
import { dedupeArg } from './dedupe-arg.ts';
import { justOwed, oweArg } from './mt-record.ts';
import { subscriptionArg } from './orders/steps.ts';
import { DONE, fieldsOf, partsOf, STOP_MORE } from './replies.ts';
import { COMMAND_TIMEOUT } from './settings.ts';
import type { StoreBase } from './store-base.ts';
import { askedField, subscriberFrom } from './subscriber-record.ts';
import { stopArg } from './transitions.ts';

const HOUR = 3_600_000;

/**
 * Whatever a handset sends begins with a read of its sender. So many begin at once, and what has begun goes first: of a thousand orders
 * that are half done at the same time each takes a quarter more CPU than in a line (docs/adr/0031).
 */
const BEGUN_AT_ONCE = 64;

/** What an MO reads of its sender, and what it changes beside orders. */
export function createSubscribers(base: StoreBase): Subscribers {
  const { run, keys, owner } = base;
  const lane = createLane({ atOnce: BEGUN_AT_ONCE, patience: COMMAND_TIMEOUT, monotonic: () => performance.now() });
  return {
    read: (msisdn) => read(base, msisdn),
    readSender: (msisdn) => lane(() => read(base, msisdn)),
    complain: (step) => complain(base, step),
    async setLanguage(msisdn, language) {
      await base.redis.hset(keys.subscriber(keys.subscriberOf(msisdn)), 'language', language);
    },
    stop: (step) => stop(base, step),
    async markAsked(msisdn, ask) {
      await base.redis.hset(keys.subscriber(keys.subscriberOf(msisdn)), ...askedField(ask));
    },
    async remember(dedupe, choice, mt, ...[now, leaseFor]) {
      const at = keys.subscriberOf(mt.msisdn);
      const { waited = [] } = choice;
      const looked = waited.map((was) => lookArg(base, was, now));
      const chosen = { choice: choiceArg(choice), waited: looked };
      const step = { owe: oweArg(mt), ...dedupeArg(dedupe), now, leaseFor, owner, ...chosen };
      const names = [
        keys.dedupe(at.partition, dedupe.key),
        keys.subscriber(at),
        keys.wake(at.partition),
        keys.mt(mt.id),
        keys.outbox(at.partition),
        keys.due(at.partition),
      ];
      const reply = partsOf(await run('remember-choice', names, [JSON.stringify(step)]));
      return reply.code === DONE ? justOwed(mt, reply.number(1), { now, leaseFor }) : undefined;
    },
    async mayAnswer(msisdn, { kind, limit }, dedupe) {
      const at = keys.subscriberOf(msisdn);
      const names = [keys.answers(at, kind), keys.dedupe(at.partition, dedupe.key)];
      return Number(await run('count-answer', names, [HOUR])) <= limit;
    },
  };
}

async function read({ call, keys, now }: StoreBase, msisdn: string): Promise<Subscriber> {
  const reply = await call(['HGETALL', keys.subscriber(keys.subscriberOf(msisdn))]);
  return subscriberFrom(fieldsOf(reply as readonly string[]), now());
}

/** As the next sweep shall find it. */
function lookArg({ keys }: StoreBase, was: Subscription, now: number): object {
  return { orderId: was.orderId, rev: was.rev, ...subscriptionArg(keys, { ...was, lookAt: now, rev: was.rev + 1 }) };
}

function choiceArg({ channel, address, language, asked = [], agreed = [] }: Choice): Readonly<Record<string, string>> {
  const spending = [
    ...asked.map(askedField),
    ...agreed.map(({ currency, month }) => [`agreed:${currency}`, month] as const),
  ];
  const named = Object.entries({ channel, address, language }).filter(
    (one): one is [string, string] => one[1] !== undefined,
  );
  return Object.fromEntries([...named, ...spending]);
}

async function stop(base: StoreBase, step: StopStep): ReturnType<Subscribers['stop']> {
  const { keys, owner, retention } = base;
  const arg = {
    name: keys.subscriberOf(step.msisdn).name,
    orders: step.orders,
    services: step.services,
    reach: step.reach && reachArg(step.reach),
    complaint: step.complaint,
    ...stopArg(retention.orders),
    owe: step.owe && oweArg(step.owe),
    also: step.also && oweArg(step.also),
    ...dedupeArg(step.dedupe),
    now: step.now,
    leaseFor: step.leaseFor,
    owner,
  };
  const reply = partsOf(await base.run('stop-services', stopKeys(base, step), [JSON.stringify(arg)]));
  if (reply.code === STOP_MORE) return 'more';
  return reply.code === DONE && step.owe !== undefined ? justOwed(step.owe, reply.number(1), step) : undefined;
}

function stopKeys({ keys }: StoreBase, { dedupe, msisdn, owe, also, orders }: StopStep): readonly string[] {
  const at = keys.subscriberOf(msisdn);
  const { partition } = at;
  const heard = keys.dedupe(partition, dedupe.key);
  const mt = (owed: OwedMt | undefined): string => (owed === undefined ? heard : keys.mt(owed.id));
  return [
    heard,
    keys.subscriber(at),
    keys.wake(partition),
    keys.outbox(partition),
    keys.census(partition),
    mt(owe),
    keys.due(partition),
    mt(also),
    keys.stopped(at),
    ...orders.map((id) => keys.order(id)),
  ];
}

function reachArg({ services, ...reach }: StopReach): object {
  return { services: services === 'all' ? ['*'] : services, keepFor: HOUR, ...reach };
}

async function complain(base: StoreBase, step: ComplainStep): Promise<HeldMt | undefined> {
  const { keys, owner } = base;
  const at = keys.subscriberOf(step.msisdn);
  const { partition } = at;
  const { about, cause, owe, dedupe, now, leaseFor } = step;
  const arg = { cause, owe: oweArg(owe), ...dedupeArg(dedupe), now, leaseFor, owner, ...about };
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
