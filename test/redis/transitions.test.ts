import { describe, expect, it } from 'vitest';
import type { EndState, OrderState } from '../../src/domain/order.ts';
import { ORDER_TABLE, walk } from '../../src/domain/order.ts';
import type { CloseStep, OpenStep, Orders } from '../../src/flow/ports/ports.ts';
import { isEnd, ORDER_STATES, UNFINISHED } from '../../src/redis/transitions.ts';
import { answerStep, challenge, charge, closeStep, DENIED, GRANTED, LEASE, openStep, owed, PARTIAL, recordStep, refundStep, subscription, resolveStep, stopStep } from './fixtures.ts'; // prettier-ignore
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

/** `received` is the state of an order that no step has stored yet. */
const STORED = ORDER_STATES.filter((state) => state !== 'received');
const ENDS = ORDER_STATES.filter(isEnd);

/** An order that is in `state`, with all that a step could ask of it, whether or not some step leads there today. */
async function inState(state: OrderState): Promise<OpenStep> {
  const { redis, keys, stores } = bench;
  const opened = openStep('challenged', { charge: charge(), challenge: challenge() });
  await stores.orders.open(opened, undefined);
  const id = opened.frozen.id;
  const partition = Number.parseInt(id, 10);
  await redis.hset(keys.order(id), 'state', state, 'refund', JSON.stringify(charge('r;1;1')));
  await redis.hincrby(keys.census(partition), 'challenged', -1);
  await redis.hincrby(keys.census(partition), state, 1);
  if (!UNFINISHED.includes(state)) await redis.zrem(keys.wake(partition), `o:${id}`);
  return opened;
}

interface Try {
  readonly name: string;
  /** Where ORDER_TABLE says that the attempt leads, or undefined when it refuses. */
  readonly leads: (state: OrderState) => OrderState | undefined;
  readonly attempt: (orders: Orders, opened: OpenStep) => Promise<unknown>;
}

const now = 1_700_000_001_000;

const TRIES: readonly Try[] = [
  {
    name: 'permit',
    // The answer to a challenge permits by a step of its own.
    leads: (state) => (state === 'challenged' ? undefined : walk(state, 'permit')),
    attempt: (orders, { frozen }) => orders.permit(frozen.id, 1, charge(), { now }),
  },
  {
    name: 'right answer while a peer is open',
    leads: (state) => (walk(state, 'expire') === undefined ? undefined : walk(state, 'permit')),
    attempt: (orders, opened) => orders.answer(answerStep(opened, true)),
  },
  {
    name: 'right answer while none is',
    leads: (state) => (walk(state, 'expire') === undefined ? undefined : walk(state, 'confirm')),
    attempt: (orders, opened) => orders.answer(answerStep(opened, true, { to: 'confirmed', charge: undefined })),
  },
  {
    name: 'step back',
    leads: (state) => walk(state, 'step-back'),
    attempt: (orders, { frozen }) => orders.stepBack(frozen.id, 1, now),
  },
  {
    name: 'silence',
    leads: (state) => walk(state, 'silence'),
    attempt: (orders, { frozen }) => orders.silence(frozen.id, 1, now),
  },
  {
    name: 'grant',
    leads: (state) => walk(state, 'grant', 'place') ?? walk(state, 'place'),
    attempt: (orders, opened) => orders.record(recordStep(opened, GRANTED)),
  },
  {
    name: 'reservation',
    leads: (state) => walk(state, 'reserve'),
    attempt: (orders, opened) => orders.record(recordStep(opened, GRANTED, { to: 'reserved', owe: undefined })),
  },
  {
    name: 'commit permitted',
    leads: (state) => walk(state, 'commit'),
    attempt: (orders, { frozen }) =>
      orders.permitClosing(frozen.id, 1, { kind: 'commit', identity: charge('s;1;1') }, now),
  },
  {
    name: 'release permitted',
    leads: () => undefined,
    attempt: (orders, { frozen }) =>
      orders.permitClosing(frozen.id, 1, { kind: 'release', identity: charge('s;1;1') }, now),
  },
  {
    name: 'commit taken',
    // A late answer settles the dispute about it.
    leads: (state) => walk(state, 'place-reserved') ?? (state === 'disputed' ? walk(state, 'place') : undefined),
    attempt: (orders, opened) => closing(orders, opened, 'placed'),
  },
  {
    name: 'commit taken after a stop',
    leads: (state) => (['committing', 'disputed'].includes(state) ? walk(state, 'refund') : undefined),
    attempt: (orders, opened) => closing(orders, opened, 'placed', '1'),
  },
  {
    name: 'commit refused',
    leads: (state) => (state === 'committing' ? walk(state, 'dispute') : undefined),
    attempt: (orders, opened) => closing(orders, opened, 'disputed'),
  },
  {
    name: 'release answered',
    leads: (state) => (walk(state, 'release') === undefined ? undefined : walk(state, 'deny')),
    attempt: (orders, opened) => closing(orders, opened, 'uncharged'),
  },
  {
    name: 'release answered after a stop',
    leads: (state) => walk(state, 'release'),
    attempt: (orders, opened) => closing(orders, opened, 'uncharged', '1'),
  },
  {
    name: 'given on silence',
    leads: () => undefined,
    attempt: (orders, { frozen }) =>
      orders.giveEarly({
        orderId: frozen.id,
        fence: 1,
        subscription: undefined,
        owe: owed(frozen.id, 'ordered'),
        now,
        leaseFor: LEASE,
      }),
  },
  {
    name: 'denial of what was given on silence (E7)',
    leads: (state) => walk(state, 'grant', 'place') ?? walk(state, 'place'),
    attempt: async (orders, opened) => {
      await bench.redis.hset(bench.keys.order(opened.frozen.id), 'givenEarly', '1');
      // What only a denial may move is told by the test of a denial.
      const denial = recordStep(opened, DENIED, { to: 'placed', owe: undefined });
      return orders.record(denial);
    },
  },
  ...(['placed', 'uncharged', 'refund'] as const).map((outcome): Try => {
    const event = ({ placed: 'place', uncharged: 'deny', refund: 'refund' } as const)[outcome];
    return {
      name: `a person says ${outcome}`,
      leads: (state) => (state === 'disputed' ? walk(state, event) : undefined),
      attempt: (orders, opened) => orders.resolve(resolveStep(opened, outcome)),
    };
  }),
  {
    name: 'partial grant',
    leads: (state) => walk(state, 'grant', 'refund') ?? walk(state, 'refund'),
    attempt: (orders, opened) => orders.record(recordStep(opened, PARTIAL)),
  },
  {
    name: 'denial of a renewal that is tried again',
    leads: (state) => walk(state, 'retry'),
    attempt: (orders, opened) =>
      orders.record(
        recordStep(opened, DENIED, {
          to: 'confirmed',
          owe: undefined,
          subscription: subscription(opened.frozen),
          renewal: { kind: 'retry', at: now + 1000 },
        }),
      ),
  },
  {
    name: 'grant where the provider is asked first',
    leads: (state) => walk(state, 'grant'),
    attempt: (orders, opened) => orders.record(recordStep(opened, GRANTED, { to: 'charged', owe: undefined })),
  },
  ...(['placed', 'refunding', 'uncharged'] as const).map((to): Try => {
    const event = ({ placed: 'place', refunding: 'refund', uncharged: 'deny' } as const)[to];
    const step = { to, free: to === 'uncharged', told: undefined, subscription: undefined, owe: undefined } as const;
    return {
      name: `the provider was asked: ${to}`,
      leads: (state) => (state === 'charged' ? walk(state, event) : undefined),
      attempt: (orders, { frozen }) => orders.provided({ orderId: frozen.id, ...step, now, leaseFor: LEASE }),
    };
  }),
  {
    name: 'a refund that somebody asks for',
    leads: (state) => (state === 'placed' ? walk(state, 'refund') : undefined),
    attempt: (orders, { frozen }) =>
      orders.askRefund({ orderId: frozen.id, asked: { who: 'noc-1', why: 'why', at: now }, told: 'paid-back', now }),
  },
  {
    name: 'denial',
    // Of what is charged the provider has the word, and it has a step of its own.
    leads: (state) => (state === 'charged' ? undefined : walk(state, 'deny')),
    attempt: (orders, opened) => orders.record(recordStep(opened, DENIED)),
  },
  ...(['refund', 'commit', 'release'] as const).map((what): Try => {
    return {
      name: `${what} handed back`,
      leads: () => undefined,
      attempt: (orders, { frozen }) => orders.handBack(frozen.id, 1, what),
    };
  }),
  {
    name: 'refund granted',
    leads: (state) => walk(state, 'refund-done'),
    attempt: (orders, opened) => orders.recordRefund(refundStep(opened, GRANTED, { sessionId: 'r;1;1' })),
  },
  {
    name: 'refund refused',
    leads: (state) => (walk(state, 'refund-done') === undefined ? undefined : walk(state, 'dispute')),
    attempt: (orders, opened) => orders.recordRefund(refundStep(opened, DENIED, { sessionId: 'r;1;1' })),
  },
  {
    name: 'dispute',
    leads: (state) => walk(state, 'dispute'),
    attempt: (orders, { frozen }) => orders.dispute(frozen.id, 1, 'no answer', now),
  },
  {
    name: 'stop',
    leads: (state) => walk(state, 'cancel'),
    attempt: (_orders, opened) => bench.stores.subscribers.stop(stopStep(opened, { now })),
  },
  ...ENDS.map((to) => endingIn(to)),
];

/** The answer to a last interrogation that was permitted, with or without a stop before it; no refund has begun. */
async function closing(orders: Orders, opened: OpenStep, to: CloseStep['to'], stopped = ''): Promise<unknown> {
  const step = closeStep(opened, to);
  await bench.redis.hdel(bench.keys.order(step.orderId), 'refund');
  await bench.redis.hset(bench.keys.order(step.orderId), 'closingKind', step.kind, 'stopRequested', stopped);
  return orders.recordClosing(step);
}

function endingIn(to: EndState): Try {
  return {
    name: `end as ${to}`,
    leads: (state) => Object.values(ORDER_TABLE[state]).find((row) => row.to === to)?.to,
    attempt: (orders, { frozen }) =>
      orders.end({
        orderId: frozen.id,
        to,
        from: ORDER_STATES,
        dedupe: undefined,
        owe: undefined,
        now,
        leaseFor: LEASE,
      }),
  };
}

describe.each(TRIES)('$name', ({ leads, attempt }) => {
  it.each(STORED)('in %s does what ORDER_TABLE says', async (state) => {
    const opened = await inState(state);
    await attempt(bench.stores.orders, opened);
    const expected = leads(state) ?? state;
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ state: expected });
    await leftInOrder(opened, expected);
  });
});

/** What must hold of an order in that state, however it came there (P1). */
async function leftInOrder({ frozen }: OpenStep, state: OrderState): Promise<void> {
  const { redis, keys, stores } = bench;
  const waits = (await redis.zscore(keys.wake(Number.parseInt(frozen.id, 10)), `o:${frozen.id}`)) !== null;
  expect(waits).toBe(UNFINISHED.includes(state));
  expect(await stores.index.census()).toMatchObject({ [state]: 1, challenged: state === 'challenged' ? 1 : 0 });
}

describe('the table', () => {
  it('has a step for every row', () => {
    const reached = new Set(STORED.flatMap((state) => TRIES.map(({ leads }) => `${state}>${leads(state) ?? ''}`)));
    const rows = STORED.flatMap((state) => Object.values(ORDER_TABLE[state]).map(({ to }) => `${state}>${to}`));
    const without = rows.filter((row) => !reached.has(row));
    expect(without).toEqual([]);
  });
});
