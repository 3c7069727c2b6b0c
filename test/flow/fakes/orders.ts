import type { ChargeIdentity } from '../../../src/domain/charge.ts';
import { isGivenBack } from '../../../src/domain/charge.ts';
import type { OwedMt } from '../../../src/domain/notice.ts';
import type { FrozenOrder, LaterSend, Order, OrderEvent, OrderState } from '../../../src/domain/order.ts';
import { ORDER_TABLE } from '../../../src/domain/order.ts';
import type { Span } from '../../../src/domain/spend.ts';
import { overspent } from '../../../src/domain/spend.ts';
import { step as stepOf } from '../../../src/lib/fsm.ts';
import type {
  Answered,
  AnswerStep,
  HeldMt,
  HeldOrder,
  Opened,
  OpenStep,
  Orders,
  Recorded,
  RecordStep,
  RefundStep,
} from '../../../src/flow/ports/ports.ts';
import { createClosings, give } from './closings.ts';
import type { Memory, StoredOrder } from './memory.ts';
import { isAtRest } from './memory.ts';

/** The Orders port over a Memory: what redis/ does in Lua, told in plain steps. */
export function createOrders(memory: Memory): Orders {
  return {
    open: async (step, otherwise) => {
      await memory.reach();
      return open(memory, step, otherwise);
    },
    load: async (orderId) => {
      await memory.reach();
      return memory.orders.get(orderId)?.order;
    },
    answer: async (step) => {
      await memory.reach();
      return answer(memory, step);
    },
    newCode: async (step) => {
      await memory.reach();
      if (memory.isRepeat(step.dedupe)) return { kind: 'repeat' };
      const stored = memory.find(step.orderId);
      const { state, challenge } = stored.order;
      if (state !== 'challenged' || challenge?.id !== step.before) return { kind: 'moved' };
      memory.remember(step.dedupe);
      stored.order = { ...stored.order, challenge: step.challenge, tries: 0 };
      return { kind: 'renewed', owed: memory.owe(step.owe, step.leaseFor) };
    },
    end: async (step) => {
      await memory.reach();
      if (step.dedupe !== undefined && memory.isRepeat(step.dedupe)) return { kind: 'repeat' };
      const stored = memory.find(step.orderId);
      const event = eventTo(stored.order.state, step.to);
      if (!step.from.includes(stored.order.state) || event === undefined)
        return { kind: 'moved', state: stored.order.state };
      if (step.dedupe !== undefined) memory.remember(step.dedupe);
      memory.move(stored, event);
      return { kind: 'ended', owed: step.owe && memory.owe(step.owe, step.leaseFor) };
    },
    take: async (orderId, now, leaseFor, fence) => {
      await memory.reach();
      const stored = memory.orders.get(orderId);
      if (stored === undefined || isAtRest(stored.order.state) || (stored.leaseUntil ?? 0) > now) return undefined;
      if (fence !== undefined && fence !== stored.order.fence) return undefined;
      const lease = memory.lease(stored, leaseFor);
      return { order: stored.order, lease };
    },
    renew: async (orderId, fence, until) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored?.leaseUntil === undefined) return false;
      stored.leaseUntil = stored.wakeAt = until;
      return true;
    },
    release: async (orderId, fence, wakeAt) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored?.leaseUntil === undefined) return;
      stored.leaseUntil = undefined;
      stored.wakeAt = wakeAt;
      stored.order = { ...stored.order, waits: stored.order.waits + 1 };
    },
    ...charging(memory),
    ...createClosings(memory),
  };
}

function charging(
  memory: Memory,
): Pick<
  Orders,
  'permit' | 'stepBack' | 'silence' | 'record' | 'permitRefund' | 'handBack' | 'recordRefund' | 'dispute'
> {
  return {
    permit: async (orderId, fence, charge) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored?.order.state !== 'confirmed' || !memory.move(stored, 'permit')) return undefined;
      stored.order = { ...stored.order, charge: stored.order.charge ?? charge, sentFrom: memory.now };
      return stored.order;
    },
    stepBack: async (orderId, fence, ...[, oweStopped]) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored === undefined || stored.order.unanswered || !memory.move(stored, 'step-back')) return false;
      if (stored.order.stopRequested && memory.move(stored, 'cancel')) memory.oweLater(oweStopped);
      return true;
    },
    silence: async (orderId, fence) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored === undefined || !memory.move(stored, 'silence')) return false;
      stored.order = { ...stored.order, unanswered: true };
      return true;
    },
    record: async (step) => {
      await memory.reach();
      return record(memory, step);
    },
    permitRefund: async (orderId, fence, refund) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored?.order.state !== 'refunding') return undefined;
      const again = memory.permitSend(stored, 'refund', stored.order.refund !== undefined);
      stored.order = { ...stored.order, refund: stored.order.refund ?? refund };
      return { order: stored.order, again };
    },
    handBack: async (orderId, fence, what) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      if (stored?.first !== what || !SENDS[what].includes(stored.order.state)) return false;
      stored.first = undefined;
      stored.unsent = what;
      return true;
    },
    recordRefund: async (step) => {
      await memory.reach();
      return recordRefund(memory, memory.find(step.orderId), step);
    },
    dispute: async (orderId, fence) => {
      await memory.reach();
      const stored = memory.fenced(orderId, fence);
      return stored !== undefined && memory.move(stored, 'dispute');
    },
  };
}

const SENDS: Readonly<Record<LaterSend, readonly OrderState[]>> = {
  refund: ['refunding'],
  commit: ['committing'],
  release: ['reserved'],
};

function eventTo(from: OrderState, to: OrderState): OrderEvent | undefined {
  const events = Object.keys(ORDER_TABLE[from]) as OrderEvent[];
  return events.find((event) => stepOf(ORDER_TABLE, from, event)?.to === to);
}

/** E1: `charging` and the charge's identity are written by one step, or neither. */
function demandCharge(state: OrderState, charge: ChargeIdentity | undefined): void {
  if ((state === 'charging') !== (charge !== undefined)) throw new Error(`E1: ${state} with or without its charge`);
}

function open(memory: Memory, step: OpenStep, otherwise: OwedMt | undefined): Opened {
  demandCharge(step.state, step.charge);
  if (memory.isRepeat(step.dedupe)) return { kind: 'repeat' };
  if (isStopped(memory, step)) return { kind: 'stopped' };
  const already = otherwise !== undefined && hasIt(memory, step);
  if (!already && overCap(memory, step.frozen, step.state) !== undefined) return { kind: 'over-cap' };
  memory.remember(step.dedupe);
  if (already) return { kind: 'already', owed: memory.owe(otherwise, step.leaseFor) };
  return opened(memory, step);
}

function isStopped(memory: Memory, { frozen, receivedAt }: OpenStep): boolean {
  const stops = memory.stopped.get(frozen.msisdn) ?? [];
  const within = stops.filter(({ services }) => services === 'all' || services.includes(frozen.serviceId));
  return within.some((stop) => stop.receivedAt >= receivedAt);
}

function opened(memory: Memory, step: OpenStep): Opened {
  if (step.asks !== undefined) memory.spending(step.frozen.msisdn).asked.set(step.asks.currency, step.asks);
  if (step.challenge !== undefined) memory.lastAsked.set(step.frozen.msisdn, step.now);
  if (step.supersedes !== undefined) memory.move(memory.find(step.supersedes), 'cancel');
  const held = store(memory, step);
  return { kind: 'opened', held, owed: step.owe && memory.owe(step.owe, step.leaseFor) };
}

/** The cap that the order would pass by coming to that state. */
function overCap(memory: Memory, { spend, msisdn }: FrozenOrder, to: OrderState): Span | undefined {
  if (spend === undefined || !['confirmed', 'charging'].includes(to)) return undefined;
  return overspent(spend, memory.spent(msisdn).get(spend.currency))?.span;
}

/** Nobody holds an order that waits for its subscriber or that has ended. */
function store(memory: Memory, step: OpenStep): HeldOrder {
  const stored: StoredOrder = { order: newOrder(step), leaseUntil: undefined, wakeAt: undefined, told: new Set() };
  memory.orders.set(step.frozen.id, stored);
  const lease = memory.lease(stored, step.leaseFor);
  if (step.state === 'challenged' || isAtRest(step.state)) {
    stored.leaseUntil = undefined;
    stored.wakeAt = step.challenge?.windowEndsAt;
  }
  return { order: stored.order, lease };
}

function newOrder({ frozen, state, charge, challenge, now }: OpenStep): Order {
  return {
    frozen,
    state,
    charge,
    challenge,
    tries: 0,
    unanswered: false,
    refund: undefined,
    verdict: undefined,
    stopRequested: false,
    fence: 0,
    waits: 0,
    updatedAt: now,
  };
}

const IN_FLIGHT: readonly OrderState[] = [
  'confirmed',
  'charging',
  'charge-unknown',
  'charged',
  'reserved',
  'committing',
];

/** As has-it.lua and shelve.lua. */
function hasIt(memory: Memory, { frozen: { msisdn, serviceId } }: Pick<OpenStep, 'frozen'>): boolean {
  const own = memory.ordersOf(msisdn).filter((order) => order.frozen.serviceId === serviceId);
  return memory.subscriptionsOf(msisdn).has(serviceId) || own.some(flies);
}

function flies({ state, stopRequested, givenEarly, refundAsked }: Order): boolean {
  if (state === 'disputed') return !stopRequested && givenEarly !== true && refundAsked !== true;
  return IN_FLIGHT.includes(state);
}

function answer(memory: Memory, step: AnswerStep): Answered {
  if (memory.isRepeat(step.dedupe)) return { kind: 'repeat' };
  const stored = memory.find(step.orderId);
  const { challenge, state } = stored.order;
  if (state !== 'challenged' || challenge?.id !== step.challengeId) return { kind: 'moved' };
  return step.now >= challenge.codeEndsAt ? late(memory, stored, step) : inTime(memory, stored, step);
}

function late(memory: Memory, stored: StoredOrder, step: AnswerStep): Answered {
  memory.remember(step.dedupe);
  if (step.now < (stored.order.challenge?.windowEndsAt ?? 0))
    return { kind: 'code-over', owed: memory.owe(step.codeOver, step.leaseFor) };
  memory.move(stored, 'expire');
  return { kind: 'late', owed: memory.owe(step.late, step.leaseFor) };
}

function inTime(memory: Memory, stored: StoredOrder, step: AnswerStep): Answered {
  const { already } = step;
  const has = already !== undefined && hasIt(memory, stored.order);
  const span = step.right && !has ? overCap(memory, countedNow(stored, step), step.to) : undefined;
  if (span !== undefined) return { kind: 'over-cap', span };
  memory.remember(step.dedupe);
  if (has) return superseded(memory, stored, memory.owe(already, step.leaseFor));
  return step.right ? passed(memory, stored, step) : wrong(memory, stored, step);
}

/** What counts from the answer on; redis/ keeps it beside the frozen part. */
function countedNow({ order: { frozen } }: StoredOrder, { spend = frozen.spend }: AnswerStep): FrozenOrder {
  return spend === undefined ? frozen : { ...frozen, spend };
}

function superseded(memory: Memory, stored: StoredOrder, owed: HeldMt): Answered {
  memory.move(stored, 'cancel');
  return { kind: 'already', owed };
}

function wrong(memory: Memory, stored: StoredOrder, step: AnswerStep): Answered {
  const owed = (mt: OwedMt): HeldMt => memory.owe(mt, step.leaseFor);
  const tries = stored.order.tries + 1;
  stored.order = { ...stored.order, tries };
  if (tries < (stored.order.challenge?.maxTries ?? 0)) return { kind: 'wrong', owed: owed(step.wrong) };
  memory.move(stored, 'decline');
  memory.trouble(stored.order.frozen.msisdn, stored.order.frozen.providerId, 'failed-challenge');
  return { kind: 'locked', owed: owed(step.locked) };
}

function passed(memory: Memory, stored: StoredOrder, step: AnswerStep): Answered {
  demandCharge(step.to, step.charge);
  memory.move(stored, step.to === 'charging' ? 'permit' : 'confirm');
  stored.order = { ...stored.order, frozen: countedNow(stored, step), charge: step.charge };
  const lease = memory.lease(stored, step.leaseFor);
  return { kind: 'passed', held: { order: stored.order, lease } };
}

const RECORD_EVENTS: Readonly<Record<RecordStep['to'], readonly OrderEvent[]>> = {
  placed: ['grant', 'place'],
  reserved: ['reserve'],
  refunding: ['grant', 'refund'],
  uncharged: ['deny'],
  confirmed: ['retry'],
  charged: ['grant'],
};

/** A definite answer settles a dispute by a single row. */
function eventsFrom(state: OrderState, to: RecordStep['to']): readonly OrderEvent[] {
  const events = RECORD_EVENTS[to];
  return state === 'disputed' ? events.slice(-1) : events;
}

function record(memory: Memory, step: RecordStep): Recorded {
  const stored = memory.find(step.orderId);
  const { order } = stored;
  if (order.givenEarly === true) return recordGiven(memory, stored, step);
  const to = targetOf(order, step);
  if (!isAwaited(order, step) || !memory.move(stored, ...eventsFrom(order.state, to)))
    return { kind: 'repeat', state: order.state };
  stored.order = { ...stored.order, verdict: step.verdict, waits: 0 };
  afterRecord(memory, stored, step);
  const owed = to === step.to && step.owe !== undefined ? memory.owe(step.owe, step.leaseFor) : undefined;
  return { kind: 'recorded', state: stored.order.state, owed };
}

function afterRecord(memory: Memory, stored: StoredOrder, step: RecordStep): void {
  const { state } = stored.order;
  if (state === 'placed') give(memory, stored, step);
  if (state === 'uncharged' && state !== step.to) memory.oweLater(step.oweStopped);
  if (!isAtRest(state)) stored.wakeAt = Math.max(stored.leaseUntil ?? 0, memory.now);
}

/** E7: what was given stays given, whatever the answer. */
function recordGiven(memory: Memory, stored: StoredOrder, step: RecordStep): Recorded {
  if (!isAwaited(stored.order, step) || !memory.move(stored, 'place'))
    return { kind: 'repeat', state: stored.order.state };
  stored.order = { ...stored.order, verdict: step.verdict };
  return { kind: 'recorded', state: stored.order.state, owed: undefined };
}

/** E14: after a stop a grant is given back, unless it took nothing. */
function targetOf({ stopRequested }: Order, { to, verdict }: RecordStep): RecordStep['to'] {
  if (!stopRequested || to !== 'placed') return to;
  return verdict.kind === 'granted' && verdict.free ? 'uncharged' : 'refunding';
}

/** The first definite answer to the order's own charge; only a free service is granted without one. */
function isAwaited({ charge, verdict }: Order, step: RecordStep): boolean {
  return verdict === undefined && (charge?.sessionId ?? '') === step.sessionId;
}

function recordRefund(
  memory: Memory,
  stored: StoredOrder,
  { sessionId, verdict, owe, leaseFor }: RefundStep,
): Recorded {
  const { refund, state } = stored.order;
  const given = isGivenBack(verdict);
  if (refund?.sessionId !== sessionId || !memory.move(stored, given ? 'refund-done' : 'dispute'))
    return { kind: 'repeat', state };
  return { kind: 'recorded', state: stored.order.state, owed: owe && memory.owe(owe, leaseFor) };
}
