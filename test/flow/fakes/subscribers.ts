import { partitionOf } from '../../../src/domain/ids.ts';
import type { Order, OrderState } from '../../../src/domain/order.ts';
import type {
  Choice,
  ComplainedOf,
  Due,
  OrderRef,
  StopReach,
  Subscriber,
  Subscribers,
  Subscriptions,
  Wake,
} from '../../../src/flow/ports/ports.ts';
import type { Memory } from './memory.ts';

const HOUR = 3_600_000;
const IN_FLIGHT: readonly OrderState[] = [
  'confirmed', 'charging', 'charge-unknown', 'reserved', 'charged', 'committing', 'disputed',
]; // prettier-ignore

/** The Subscribers port over a Memory. */
export function createSubscribers(memory: Memory): Subscribers {
  const listed = (msisdn: string, is: (order: Order) => boolean): readonly OrderRef[] =>
    memory
      .ordersOf(msisdn)
      .filter(is)
      .map(({ frozen }) => ({ orderId: frozen.id, serviceId: frozen.serviceId }));
  const read = async (msisdn: string): Promise<Subscriber> => {
    await memory.reach();
    return {
      language: memory.languages.get(msisdn),
      channel: memory.channels.get(msisdn),
      address: memory.addresses.get(msisdn),
      subscriptions: [...memory.subscriptionsOf(msisdn).values()],
      numbers: new Map([...memory.subscriptionsOf(msisdn).keys()].map((id, index) => [id, index + 1])),
      pending: listed(msisdn, ({ state }) => state === 'challenged'),
      inFlight: listed(msisdn, ({ state }) => IN_FLIGHT.includes(state)),
      lately: listed(msisdn, ({ state, updatedAt }) => state === 'expired' && updatedAt + 24 * HOUR > memory.now),
      lastAsked: memory.lastAsked.get(msisdn),
      providers: memory.providers.get(msisdn) ?? new Set(),
      lastProvider: [...(memory.providers.get(msisdn) ?? [])].at(-1),
      lastGivenAt: memory.givenAt.get(msisdn),
      troubles: memory.troubles.get(msisdn) ?? new Map(),
      spent: memory.spent(msisdn),
    };
  };
  return {
    read,
    // As soon as it is asked: lines are the adapter's.
    readSender: read,
    complain: async ({ dedupe, msisdn, about, owe, leaseFor }) => {
      await memory.reach();
      if (memory.isRepeat(dedupe)) return undefined;
      memory.remember(dedupe);
      complainOf(memory, msisdn, about);
      return memory.owe(owe, leaseFor);
    },
    setLanguage: async (msisdn, language) => {
      await memory.reach();
      memory.languages.set(msisdn, language);
    },
    stop: async ({ dedupe, orders, services, reach, complaint, msisdn, owe, also, leaseFor }) => {
      await memory.reach();
      const repeated = memory.isRepeat(dedupe);
      if (repeated && dedupe.byWords !== true) return undefined;
      if (passesOver(memory, msisdn, orders, reach)) return 'more';
      const stopped = [
        ...orders.map((orderId) => stopOrder(memory, orderId)),
        ...services.map((service) => memory.subscriptionsOf(msisdn).delete(service)),
      ];
      memory.stopWithin(msisdn, reach);
      if (repeated && !stopped.includes(true)) return undefined;
      memory.remember(dedupe);
      memory.oweLater(also);
      if (complaint !== undefined) complainOf(memory, msisdn, complaint);
      return owe && memory.owe(owe, leaseFor);
    },
    markAsked: async (msisdn, { currency, ...ask }) => {
      await memory.reach();
      memory.spending(msisdn).asked.set(currency, ask);
    },
    remember: async (dedupe, choice, mt, ...[, leaseFor]) => {
      await memory.reach();
      if (memory.isRepeat(dedupe)) return undefined;
      memory.remember(dedupe);
      choose(memory, mt.msisdn, choice);
      return memory.owe(mt, leaseFor);
    },
    mayAnswer: async (msisdn, { kind, limit }, dedupe) => {
      await memory.reach();
      if (memory.isRepeat(dedupe)) return true;
      const name = kind === 'help' ? msisdn : `${kind} ${msisdn}`;
      const hour = (memory.answers.get(name) ?? []).filter((at) => at + HOUR > memory.now);
      memory.answers.set(name, [...hour, memory.now]);
      return hour.length < limit;
    },
  };
}

function complainOf(memory: Memory, msisdn: string, about: ComplainedOf): void {
  const { now, complaints } = memory;
  const before = complaints.filter((one) => one.msisdn === msisdn && one.providerId === about.providerId);
  const again = before.some(({ state, at }) => state === 'recorded' && now < at + 24 * HOUR);
  complaints.push({ msisdn, ...about, state: again && about.providerId !== '' ? 'again' : 'recorded', at: now });
  if (about.providerId !== '') memory.trouble(msisdn, about.providerId, 'complaint');
}

function choose(memory: Memory, msisdn: string, { channel, address, language, asked = [], agreed = [] }: Choice): void {
  if (channel !== undefined) memory.channels.set(msisdn, channel);
  if (address !== undefined) memory.addresses.set(msisdn, address);
  if (language !== undefined) memory.languages.set(msisdn, language);
  for (const { currency, ...ask } of asked) memory.spending(msisdn).asked.set(currency, ask);
  for (const { currency, month } of agreed) memory.spending(msisdn).agreed.set(currency, month);
}

function passesOver(memory: Memory, msisdn: string, named: readonly string[], reach: StopReach | undefined): boolean {
  return reach !== undefined && memory.ordersOf(msisdn).some((order) => isPassedOver(order, named, reach));
}

/** Under way within a STOP's reach, and not named by it. */
function isPassedOver({ state, frozen }: Order, named: readonly string[], { services, spared }: StopReach): boolean {
  const { id, serviceId } = frozen;
  if (named.includes(id) || (state !== 'challenged' && !IN_FLIGHT.includes(state))) return false;
  return services === 'all' ? state === 'challenged' || !spared.includes(serviceId) : services.includes(serviceId);
}

/** E14. An order that was placed since the sender was read: its subscription is what ends. */
function stopOrder(memory: Memory, orderId: string): boolean {
  const stored = memory.find(orderId);
  if (memory.move(stored, 'cancel')) return true;
  const { state, frozen, stopRequested } = stored.order;
  if (stored.order.givenEarly === true || state === 'placed')
    return memory.subscriptionsOf(frozen.msisdn).delete(frozen.serviceId);
  if (!IN_FLIGHT.includes(state)) return false;
  stored.order = { ...stored.order, stopRequested: true };
  return !stopRequested;
}

/** Far enough ahead that no second sweeper takes what the first one did. */
export const CLAIM = 60_000;

/** The Wake port over a Memory. */
export function createWake(memory: Memory): Wake {
  return {
    claimDue: async (partition, now, limit) => {
      await memory.reach();
      const orders = [...memory.orders].map(([id, kept]) => ({
        kind: 'order' as const,
        id,
        kept,
        fence: kept.order.fence,
      }));
      const mts = [...memory.mts].map(([id, kept]) => ({ kind: 'mt' as const, id, kept, fence: kept.fence }));
      const due = [...orders, ...mts].filter(
        ({ id, kept: { wakeAt } }) => partitionOf(id) === partition && wakeAt !== undefined && wakeAt <= now,
      );
      return due.slice(0, limit).map(({ kind, id, kept, fence }): Due => {
        kept.wakeAt = now + CLAIM;
        return { kind, id, fence };
      });
    },
  };
}

/** Nothing is ever due: what renews is told over a real Redis. */
export const NO_RENEWALS: Subscriptions = {
  claimDue: () => Promise.resolve([]),
  renew: () => Promise.resolve(false),
  keep: () => Promise.resolve({ kind: 'moved' }),
};
