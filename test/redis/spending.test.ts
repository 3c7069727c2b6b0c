import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargeVerdict } from '../../src/domain/charge.ts';
import type { SpendMark } from '../../src/domain/spend.ts';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import {
  answerStep,
  charge,
  DENIED,
  dedupe,
  frozen,
  GRANTED,
  LEASE,
  MSISDN,
  openStep,
  recordStep,
  refundStep,
  reply,
} from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

const MARK: SpendMark = {
  currency: 'KES',
  minor: 500,
  day: '2026-01-31',
  month: '2026-01',
  caps: [
    { span: 'day', cap: 1500 },
    { span: 'month', cap: 2500 },
  ],
};

const costs = (over: Partial<SpendMark> = {}) => frozen({ spend: { ...MARK, ...over } });
const spent = async () => (await bench.stores.subscribers.read(MSISDN)).spent?.get('KES');
const open = (step: OpenStep) => bench.stores.orders.open(step, undefined);

async function opened(state: 'charging' | 'challenged', over: Partial<SpendMark> = {}): Promise<OpenStep> {
  const step = openStep(state, { frozen: costs(over) });
  expect(await open(step)).toMatchObject({ kind: 'opened' });
  return step;
}

describe('a spend cap', () => {
  it('holds though 50 orders come at once: what fits is opened, of the rest nothing is stored', async () => {
    const steps = Array.from({ length: 50 }, () => openStep('charging', { frozen: costs() }));
    const kinds = (await Promise.all(steps.map(open))).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'over-cap')).toHaveLength(47);
    expect(await spent()).toEqual({ day: { of: MARK.day, minor: 1500 }, month: { of: MARK.month, minor: 1500 } });
    const last = steps.find((_, index) => kinds[index] === 'over-cap')!;
    expect(await bench.stores.orders.load(last.frozen.id)).toBeUndefined();
    // The MO's dedupe key neither: it may be decided anew.
    expect(await open({ ...last, state: 'refused', charge: undefined })).toMatchObject({ kind: 'opened' });
    expect(await spent()).toMatchObject({ day: { minor: 1500 } });
  });

  it('says of a repeat that it is one, though its own order has used the cap up (E12)', async () => {
    const step = openStep('charging', { frozen: costs({ minor: 1500 }) });
    expect(await open(step)).toMatchObject({ kind: 'opened' });
    expect(await open(step)).toEqual({ kind: 'repeat' });
  });

  it('permits the charge of an order that it counts already', async () => {
    const step = openStep('confirmed', { frozen: costs({ minor: 1500 }) });
    await open(step);
    expect(await bench.stores.orders.permit(step.frozen.id, 1, charge(), { now: step.now })).toBeDefined();
    expect(await spent()).toMatchObject({ day: { minor: 1500 } });
  });

  it('counts a challenge once it is answered, and refuses the answer that would pass it', async () => {
    const steps = [];
    for (let i = 0; i < 4; i++) steps.push(await opened('challenged'));
    expect(await spent()).toBeUndefined();
    const kinds = [];
    for (const step of steps) kinds.push(await bench.stores.orders.answer(answerStep(step, true)));
    expect(kinds.map(({ kind }) => kind)).toEqual(['passed', 'passed', 'passed', 'over-cap']);
    expect(kinds[3]).toEqual({ kind: 'over-cap', span: 'day' });
    expect(await bench.stores.orders.load(steps[3]!.frozen.id)).toMatchObject({ state: 'challenged', tries: 0 });
    const wrong = await bench.stores.orders.answer(answerStep(steps[3]!, false));
    expect(wrong.kind).toBe('wrong');
  });

  it('gives back what was not charged, and keeps what was', async () => {
    const [denied, paid] = [await opened('charging'), await opened('charging')];
    await bench.stores.orders.record(recordStep(denied, DENIED));
    await bench.stores.orders.record(recordStep(paid, GRANTED));
    expect(await spent()).toMatchObject({ day: { minor: 500 }, month: { minor: 500 } });
    expect(await bench.stores.orders.load(paid.frozen.id)).toMatchObject({ spent: 1000 });
    expect((await bench.stores.orders.load(denied.frozen.id))?.spent).toBeUndefined();
    await bench.stores.orders.askRefund({
      orderId: paid.frozen.id,
      asked: { who: 'noc', why: 'asked', at: 1 },
      told: 'refunded',
      now: 1,
    });
    const refund = await bench.stores.orders.take(paid.frozen.id, Date.now(), LEASE);
    await bench.stores.orders.permitRefund(paid.frozen.id, refund!.lease.fence, charge('r;1;1'), 1);
    await bench.stores.orders.recordRefund(refundStep(paid, GRANTED, { sessionId: 'r;1;1', owe: undefined }));
    expect(await bench.stores.orders.load(paid.frozen.id)).toMatchObject({ state: 'refunded' });
    expect(await spent()).toMatchObject({ day: { minor: 0 }, month: { minor: 0 } });
  });

  it('begins anew by the day and by the month; what belongs to yesterday changes nothing today', async () => {
    const yesterday = await opened('charging');
    await opened('charging', { day: '2026-02-01', month: '2026-02' });
    await bench.stores.orders.record(recordStep(yesterday, DENIED));
    expect(await spent()).toEqual({ day: { of: '2026-02-01', minor: 500 }, month: { of: '2026-02', minor: 500 } });
  });

  it('counts a challenge by the day on which it is answered, though another has begun since it was asked', async () => {
    const [first, second] = [await opened('challenged'), await opened('challenged')];
    const today = { day: '2026-02-01', month: '2026-02' };
    await opened('charging', { ...today, minor: 1000 });
    const waits = { to: 'confirmed', charge: undefined } as const;
    const answer = async (step: OpenStep) =>
      bench.stores.orders.answer(answerStep(step, true, { spend: { ...MARK, ...today }, ...waits }));
    expect([await answer(first), await answer(second)]).toMatchObject([
      { kind: 'passed' },
      { kind: 'over-cap', span: 'day' },
    ]);
    expect(await spent()).toEqual({ day: { of: today.day, minor: 1500 }, month: { of: today.month, minor: 1500 } });
    const nothing = { dedupe: undefined, owe: undefined, now: 1, leaseFor: LEASE };
    await bench.stores.orders.end({ orderId: first.frozen.id, to: 'uncharged', from: ['confirmed'], ...nothing });
    expect(await spent()).toEqual({ day: { of: today.day, minor: 1000 }, month: { of: today.month, minor: 1000 } });
  });

  it('that asks first lets pass who agreed to more in that month', async () => {
    const asks = { caps: [{ span: 'agreed' as const, cap: 400 }] };
    const step = openStep('refused', { frozen: costs(asks), asks: { currency: 'KES', month: MARK.month, at: 5 } });
    expect(await open(openStep('charging', { frozen: costs(asks) }))).toEqual({ kind: 'over-cap' });
    await open(step);
    expect(await spent()).toEqual({ asked: { month: MARK.month, at: 5 } });
    const choice = { agreed: [{ currency: 'KES', month: MARK.month }] };
    await bench.stores.subscribers.remember(dedupe(), choice, reply('spend-agreed'), 1, LEASE);
    expect(await spent()).toEqual({ asked: { month: MARK.month, at: 5 }, agreed: MARK.month });
    expect(await open(openStep('charging', { frozen: costs(asks) }))).toMatchObject({ kind: 'opened' });
    expect(await open(openStep('charging', { frozen: costs({ ...asks, month: '2026-02' }) }))).toEqual({
      kind: 'over-cap',
    });
  });

  it('knows the sum of its orders, whatever becomes of them in whatever order', async () => {
    const fate = fc.record({
      minor: fc.integer({ min: 1, max: 900 }),
      verdict: fc.constantFrom(GRANTED, DENIED, undefined),
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 8 }), async (fates) => {
        const currency = `X${++count}`;
        let sum = 0;
        for (const one of fates) sum += await meet(currency, sum, one);
        const { spent: read } = await bench.stores.subscribers.read(MSISDN);
        expect(read?.get(currency)?.day?.minor ?? 0).toBe(sum);
      }),
      { numRuns: 25 },
    );
  });
});

interface Fate {
  readonly minor: number;
  readonly verdict: ChargeVerdict | undefined;
}

/** Opens one order under a cap of 2000 and lets its charge be answered; what it adds to the sum. */
async function meet(currency: string, sum: number, { minor, verdict }: Fate): Promise<number> {
  const caps = [{ span: 'day' as const, cap: 2000 }];
  const step = openStep('charging', { frozen: costs({ currency, minor, caps }) });
  const { kind } = await open(step);
  expect(kind).toBe(sum + minor > 2000 ? 'over-cap' : 'opened');
  if (kind === 'opened' && verdict !== undefined) await bench.stores.orders.record(recordStep(step, verdict));
  return kind === 'opened' && verdict !== DENIED ? minor : 0;
}
