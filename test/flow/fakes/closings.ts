import { BY_A_PERSON } from '../../../src/domain/charge.ts';
import type { Closing, Order, OrderEvent } from '../../../src/domain/order.ts';
import type {
  CloseStep,
  GiveStep,
  HeldMt,
  Orders,
  Permitted,
  ProvideStep,
  Recorded,
  ResolveStep,
} from '../../../src/flow/ports/ports.ts';
import type { Memory, StoredOrder } from './memory.ts';

type Closings = Pick<Orders, 'permitClosing' | 'recordClosing' | 'giveEarly' | 'resolve' | 'provided' | 'askRefund'>;

/** What comes after a charge was reserved or could not be settled: what redis/orders/closing.ts does in Lua. */
export function createClosings(memory: Memory): Closings {
  return {
    permitClosing: async (orderId, fence, closing) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      return stored === undefined ? undefined : permitClosing(memory, stored, closing);
    },
    recordClosing: async (step) => {
      await memory.reach();
      return recordClosing(memory, memory.find(step.orderId), step);
    },
    giveEarly: async (step) => {
      await memory.reach();
      const stored = memory.fenced(step.orderId, step.fence);
      if (stored?.order.state !== 'charge-unknown' || stored.order.stopRequested || stored.order.givenEarly === true)
        return undefined;
      stored.order = { ...stored.order, givenEarly: true };
      give(memory, stored, step);
      return memory.owe(step.owe, step.leaseFor);
    },
    provided: async (step) => {
      await memory.reach();
      return provided(memory, memory.find(step.orderId), step);
    },
    askRefund: async ({ orderId, told }) => {
      await memory.reach();
      const stored = memory.find(orderId);
      const done = stored.order.state === 'placed' && memory.move(stored, 'refund');
      if (done) stored.order = { ...stored.order, refundAsked: true, refundText: told };
      if (done) stored.wakeAt = memory.now;
      return { kind: done ? 'recorded' : 'repeat', state: stored.order.state, owed: undefined };
    },
    resolve: async (step) => {
      await memory.reach();
      return resolve(memory, memory.find(step.orderId), step);
    },
  };
}

function permitClosing(memory: Memory, stored: StoredOrder, closing: Closing): Permitted | undefined {
  const { closing: decided } = stored.order;
  if (decided === undefined ? !decide(memory, stored, closing) : !isDecided(stored.order, closing)) return undefined;
  const again = memory.permitSend(stored, closing.kind, decided !== undefined);
  return { order: stored.order, again };
}

function decide(memory: Memory, stored: StoredOrder, closing: Closing): boolean {
  const { state, stopRequested } = stored.order;
  if (state !== 'reserved') return false;
  if (closing.kind === 'commit' && (stopRequested || !memory.move(stored, 'commit'))) return false;
  stored.order = { ...stored.order, closing };
  return true;
}

function isDecided({ state, closing }: Order, { kind }: Closing): boolean {
  return closing?.kind === kind && state === (kind === 'commit' ? 'committing' : 'reserved');
}

const EVENTS: Readonly<Record<CloseStep['to'], Readonly<Record<'goes' | 'stopped', OrderEvent>>>> = {
  placed: { goes: 'place-reserved', stopped: 'refund' },
  uncharged: { goes: 'deny', stopped: 'release' },
  disputed: { goes: 'dispute', stopped: 'dispute' },
};

function recordClosing(memory: Memory, stored: StoredOrder, step: CloseStep): Recorded {
  const { closing, state, stopRequested, refund } = stored.order;
  const aboutRefund = state === 'disputed' && refund !== undefined;
  if (closing?.kind !== step.kind || aboutRefund || !memory.move(stored, rowOf(stored.order, step)))
    return { kind: 'repeat', state };
  afterClosing(memory, stored, step);
  const owe = stopRequested ? step.oweStopped : step.owe;
  return { kind: 'recorded', state: stored.order.state, owed: owe && memory.owe(owe, step.leaseFor) };
}

/** E8: a late answer settles a dispute. */
function rowOf({ state, stopRequested }: Order, { to }: CloseStep): OrderEvent {
  const event = EVENTS[to][stopRequested ? 'stopped' : 'goes'];
  return state === 'disputed' && event === 'place-reserved' ? 'place' : event;
}

function afterClosing(memory: Memory, stored: StoredOrder, step: Pick<CloseStep, 'subscription'>): void {
  stored.order = { ...stored.order, waits: 0 };
  if (stored.order.state === 'placed') give(memory, stored, step);
  if (stored.order.state === 'refunding') stored.wakeAt = Math.max(stored.leaseUntil ?? 0, memory.now);
}

export function give(
  memory: Memory,
  { order: { frozen } }: StoredOrder,
  { subscription }: Pick<GiveStep | CloseStep, 'subscription'>,
): void {
  if (subscription !== undefined) memory.subscriptionsOf(frozen.msisdn).set(subscription.serviceId, subscription);
  const given = memory.providers.get(frozen.msisdn) ?? new Set();
  memory.providers.set(frozen.msisdn, given.add(frozen.providerId));
  memory.givenAt.set(frozen.msisdn, memory.now);
}

function provided(memory: Memory, stored: StoredOrder, step: ProvideStep): Recorded {
  const { state, stopRequested } = stored.order;
  const goes = stopRequested ? (step.free ? 'uncharged' : 'refunding') : step.to;
  const event = ({ placed: 'place', refunding: 'refund', uncharged: 'deny' } as const)[goes];
  if (state !== 'charged' || !memory.move(stored, event)) return { kind: 'repeat', state };
  stored.order = { ...stored.order, refundText: stopRequested ? undefined : step.told };
  afterClosing(memory, stored, step);
  return { kind: 'recorded', state: goes, owed: oweProvided(memory, stopRequested, step) };
}

function oweProvided(memory: Memory, stopped: boolean, step: ProvideStep): HeldMt | undefined {
  if (!stopped) return step.owe && memory.owe(step.owe, step.leaseFor);
  memory.oweLater(step.oweStopped);
  return undefined;
}

function resolve(memory: Memory, stored: StoredOrder, step: ResolveStep): Recorded {
  const { state } = stored.order;
  const stopped = isStopped(stored, step);
  const event = stopped ? 'refund' : WORDS[step.resolution.outcome];
  if (state !== 'disputed' || !memory.move(stored, event)) return { kind: 'repeat', state };
  giveOrTake(memory, stored, { step, event });
  const owed = stopped ? undefined : step.owe && memory.owe(step.owe, step.leaseFor);
  return { kind: 'recorded', state: stored.order.state, owed };
}

const WORDS = { placed: 'place', uncharged: 'deny', refund: 'refund' } as const;

function isStopped({ order: { givenEarly, stopRequested } }: StoredOrder, { resolution }: ResolveStep): boolean {
  return stopRequested && givenEarly !== true && resolution.outcome === 'placed';
}

function giveOrTake(
  memory: Memory,
  stored: StoredOrder,
  { step, event }: { readonly step: ResolveStep; readonly event: (typeof WORDS)[keyof typeof WORDS] },
): void {
  if (stored.order.givenEarly === true) takeBackUnless(event === 'place', memory, stored);
  else if (event === 'place') give(memory, stored, step);
  if (event === 'place') stored.order = { ...stored.order, verdict: stored.order.verdict ?? BY_A_PERSON };
  if (event !== 'deny') stored.order = { ...stored.order, refund: undefined };
  if (event !== 'refund') return;
  stored.order = { ...stored.order, waits: 0 };
  stored.wakeAt = memory.now;
}

function takeBackUnless(paid: boolean, memory: Memory, { order: { frozen } }: StoredOrder): void {
  if (!paid) memory.subscriptionsOf(frozen.msisdn).delete(frozen.serviceId);
}
