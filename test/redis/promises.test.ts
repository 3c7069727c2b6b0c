import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order, OrderState } from '../../src/domain/order.ts';
import { ORDER_TABLE } from '../../src/domain/order.ts';
import type { HeldMt, OpenStep, RefundStep } from '../../src/flow/ports/ports.ts';
import { isEnd, ORDER_STATES, UNFINISHED } from '../../src/redis/transitions.ts';
import { answerStep, challenge, charge, dedupe, DENIED, frozen, GRANTED, LEASE, openStep, owed, PARTIAL, recordStep, refundStep, reply, subscription } from './fixtures.ts'; // prettier-ignore
import { PARTITIONS, useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const NUMBERS = ['254700000101', '254700000102'];

/** What a run of a process may do next, to one of the orders that there are; the fence that it believes in may be stale. */
interface Deed {
  readonly what:
    | 'open-charging'
    | 'open-confirmed'
    | 'open-challenged'
    | 'right'
    | 'wrong'
    | 'take'
    | 'release'
    | 'permit'
    | 'step-back'
    | 'silence'
    | 'grant'
    | 'deny'
    | 'partial'
    | 'permit-refund'
    | 'refunded'
    | 'dispute'
    | 'expire'
    | 'stop';
  readonly which: number;
  readonly fence: number;
  readonly passes: number;
}

const deeds = fc.array(
  fc.record<Deed>({
    what: fc.constantFrom(
      ...([
        'open-charging',
        'open-confirmed',
        'open-challenged',
        'right',
        'wrong',
        'take',
        'release',
        'permit',
      ] as const),
      ...(['step-back', 'silence', 'grant', 'deny', 'partial', 'permit-refund', 'refunded', 'dispute'] as const),
      ...(['expire', 'stop'] as const),
    ),
    which: fc.nat(5),
    fence: fc.integer({ min: 1, max: 4 }),
    passes: fc.nat(LEASE),
  }),
  { minLength: 5, maxLength: 40 },
);

interface World {
  readonly orders: OpenStep[];
  readonly states: Map<string, OrderState[]>;
  now: number;
}

async function open(world: World, state: OrderState, which: number): Promise<void> {
  const step = openStep(state, {
    frozen: frozen({ msisdn: NUMBERS[which % 2]!, openedAt: world.now, period: which > 2 ? 'week' : 'once' }),
    charge: state === 'charging' ? charge() : undefined,
    challenge: state === 'challenged' ? challenge({ windowEndsAt: world.now + 3 * LEASE }) : undefined,
    now: world.now,
  });
  await bench.stores.orders.open(step, undefined);
  world.orders.push(step);
}

async function perform(world: World, { what, which, fence }: Deed): Promise<void> {
  const { orders, subscribers } = bench.stores;
  if (what.startsWith('open-')) return open(world, what.slice(5) as OrderState, which);
  const step = world.orders[which % Math.max(1, world.orders.length)];
  if (step === undefined) return;
  const { id, msisdn, period } = step.frozen;
  const { now } = world;
  const order = await orders.load(id);
  const told = { ...step, charge: order?.charge };
  const left = period === 'once' ? undefined : subscription(step.frozen, now);
  const deedsByName: Readonly<Record<string, () => Promise<unknown>>> = {
    right: () => orders.answer(answerStep(step, true, { now, leaseFor: LEASE })),
    wrong: () => orders.answer(answerStep(step, false, { now, leaseFor: LEASE })),
    take: () => orders.take(id, now, LEASE),
    release: () => orders.release(id, fence, now + LEASE),
    permit: () => orders.permit(id, fence, charge(), { now }),
    'step-back': () => orders.stepBack(id, fence, now),
    silence: () => orders.silence(id, fence, now),
    grant: () => orders.record(recordStep(told, GRANTED, { now, subscription: left })),
    deny: () => orders.record(recordStep(told, DENIED, { now })),
    partial: () => orders.record(recordStep(told, PARTIAL, { now })),
    'permit-refund': () => orders.permitRefund(id, fence, charge(), now),
    refunded: () => orders.recordRefund(refundOf(step, order, now)),
    dispute: () => orders.dispute(id, fence, 'no answer', now),
    expire: () =>
      orders.end({
        orderId: id,
        to: 'expired',
        from: ORDER_STATES,
        dedupe: undefined,
        owe: undefined,
        now,
        leaseFor: LEASE,
      }),
    stop: () =>
      subscribers.stop({
        dedupe: dedupe(),
        msisdn,
        orders: world.orders.filter((one) => one.frozen.msisdn === msisdn).map((one) => one.frozen.id),
        services: ['news'],
        owe: reply('stopped', msisdn),
        now,
        leaseFor: LEASE,
      }),
  };
  await deedsByName[what]?.();
}

/** The answer to the refund that the order has, if it has one. */
function refundOf(step: OpenStep, order: Order | undefined, now: number): RefundStep {
  const { id, msisdn } = step.frozen;
  const sessionId = order?.refund?.sessionId ?? '';
  return refundStep(step, GRANTED, { sessionId, owe: owed(id, 'refunded', { msisdn }), now });
}

/** Each order's state is told apart from the one before by rows of the table alone. */
async function followRows(world: World): Promise<void> {
  for (const { frozen: one } of world.orders) {
    const order = await bench.stores.orders.load(one.id);
    const seen = world.states.get(one.id) ?? [];
    if (order !== undefined && seen.at(-1) !== order.state) seen.push(order.state);
    world.states.set(one.id, seen);
  }
}

function reachable(from: OrderState, to: OrderState): boolean {
  const next = Object.values(ORDER_TABLE[from]).map((row) => row.to);
  return next.includes(to) || next.some((state) => Object.values(ORDER_TABLE[state]).some((row) => row.to === to));
}

async function awakeNow(): Promise<ReadonlySet<string>> {
  const all = Array.from({ length: PARTITIONS }, (_, partition) =>
    bench.redis.zrange(bench.keys.wake(partition), '0', '-1'),
  );
  return new Set((await Promise.all(all)).flat());
}

/** P1, P3 and the bookkeeping beside them, whatever happened. */
async function holds(world: World): Promise<void> {
  const awake = await awakeNow();
  const counted = new Map<OrderState, number>();
  for (const { frozen: one } of world.orders) {
    const order = await bench.stores.orders.load(one.id);
    if (order === undefined) throw new Error('an order was lost');
    counted.set(order.state, (counted.get(order.state) ?? 0) + 1);
    expect(awake.has(`o:${one.id}`)).toBe(UNFINISHED.includes(order.state));
    paidFor(order);
    followed(world.states.get(one.id) ?? []);
  }
  const census = await bench.stores.index.census();
  const open = ORDER_STATES.filter((state) => !isEnd(state));
  expect(open.map((state) => [state, census[state]])).toEqual(open.map((state) => [state, counted.get(state) ?? 0]));
  for (const number of NUMBERS) await listsOnlyOpen(number);
}

const SENT: readonly OrderState[] = ['charging', 'charge-unknown'];

/** P3, and E1: what may have been sent has its identity. */
function paidFor({ state, verdict, charge: stored }: Order): void {
  expect(state !== 'placed' || verdict?.kind === 'granted').toBe(true);
  expect(SENT.includes(state) && stored === undefined).toBe(false);
}

/** Only rows of the table were walked, and no end was left. */
function followed(seen: readonly OrderState[]): void {
  seen.slice(1).forEach((state, at) => expect(reachable(seen[at]!, state)).toBe(true));
  expect(seen.slice(0, -1).filter(isEnd)).toEqual([]);
}

async function listsOnlyOpen(number: string): Promise<void> {
  const { pending, inFlight } = await bench.stores.subscribers.read(number);
  const orders = await Promise.all([...pending, ...inFlight].map(({ orderId }) => bench.stores.orders.load(orderId)));
  expect(orders.filter((order) => order === undefined || order.state === 'placed' || isEnd(order.state))).toEqual([]);
}

describe('whatever happens to orders, in whatever order', () => {
  it('none is lost, none leaves the table, and the books agree (P1, P3)', async () => {
    await fc.assert(
      fc.asyncProperty(deeds, async (list) => {
        await clear();
        const world: World = { orders: [], states: new Map(), now: 1_700_000_000_000 };
        for (const deed of list) {
          world.now += deed.passes;
          await perform(world, deed);
          await followRows(world);
        }
        await holds(world);
      }),
      { numRuns: 60 },
    );
  });

  it('a fence only grows, and each is held by one (E5)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2 * LEASE), { minLength: 2, maxLength: 12 }), async (waits) => {
        const step = openStep('confirmed');
        await bench.stores.orders.open(step, undefined);
        let { now } = step;
        const fences: number[] = [1];
        for (const wait of waits) {
          now += wait;
          const at = now;
          const takes = await Promise.all([1, 2, 3].map(() => bench.stores.orders.take(step.frozen.id, at, LEASE)));
          fences.push(...takes.flatMap((held) => (held === undefined ? [] : [held.lease.fence])));
        }
        expect(fences).toEqual(fences.map((_, index) => index + 1));
      }),
      { numRuns: 30 },
    );
  });

  it('each owed text is awake until it is accepted or dead (P1)', async () => {
    const doings = fc.array(fc.constantFrom('take', 'release', 'accept', 'dead', 'retry', 'again'), { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(doings, async (list) => {
        const { mts, deadLetters } = bench.stores;
        const mt = reply('help');
        let now = 1_700_000_000_000;
        let held: HeldMt | undefined = await mts.owe(dedupe(), mt, now, LEASE);
        const deedsOf: Readonly<Record<(typeof list)[number], () => Promise<unknown>>> = {
          take: async () => (held = (await mts.take(mt.id, now, LEASE)) ?? held),
          release: () => mts.release(mt.id, held?.lease.fence ?? 0, now + LEASE),
          accept: () => mts.accepted(mt, { smsc: 'north', messageIds: ['x'], text: 'said' }, now),
          dead: () => mts.bury(mt, held?.lease.fence ?? 0, { state: 'dead', reason: 'no' }, now),
          retry: () => deadLetters.retry(mt.id, ({ notAfter }) => notAfter),
          again: async () => (held = await mts.owe(dedupe(), mt, now, LEASE)),
        };
        for (const doing of list) {
          now += LEASE;
          await deedsOf[doing]();
        }
        const state = await bench.redis.hget(bench.keys.mt(mt.id), 'state');
        expect((await awakeNow()).has(`m:${mt.id}`)).toBe(state === 'owed');
        const listed = (await deadLetters.list(1000)).some(({ id }) => id === mt.id);
        expect(listed).toBe(state === 'dead');
      }),
      { numRuns: 60 },
    );
  });
});

async function clear(): Promise<void> {
  const keys = await bench.redis.keys(`{${bench.prefix}:0*`);
  if (keys.length > 0) await bench.redis.del(...keys);
}
