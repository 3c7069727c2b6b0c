import { describe, expect, it } from 'vitest';
import type { NewCodeStep, OpenStep } from '../../src/flow/ports/ports.ts';
import { answerStep, challenge, dedupe, frozen, LEASE, MSISDN, openStep, owed, reply } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

async function opened(): Promise<OpenStep> {
  const step = openStep('challenged');
  await bench.stores.orders.open(step, undefined);
  return step;
}

function newCode(step: OpenStep, over: Partial<NewCodeStep> = {}): NewCodeStep {
  return {
    dedupe: dedupe(),
    orderId: step.frozen.id,
    before: step.challenge?.id ?? '',
    challenge: challenge({ codes: 2 }),
    owe: owed(step.frozen.id, 'code'),
    now: step.now + 60_000,
    leaseFor: LEASE,
    ...over,
  };
}

describe('a new code', () => {
  it('takes over from the one that is open: the old one answers nothing any more (E15)', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    await orders.answer(answerStep(step, false));
    const next = newCode(step);
    expect(await orders.newCode(next)).toMatchObject({ kind: 'renewed' });
    expect(await orders.load(step.frozen.id)).toMatchObject({
      tries: 0,
      challenge: next.challenge,
      state: 'challenged',
    });
    expect(await orders.answer(answerStep(step, true))).toEqual({ kind: 'moved' });
    expect(await orders.answer(answerStep(step, true, { challengeId: next.challenge.id }))).toMatchObject({
      kind: 'passed',
    });
  });

  it('of fifty requests at once one makes a code', async () => {
    const step = await opened();
    const all = await Promise.all(Array.from({ length: 50 }, () => bench.stores.orders.newCode(newCode(step))));
    expect(all.filter(({ kind }) => kind === 'renewed')).toHaveLength(1);
  });

  it('E12: a repeat is told so', async () => {
    const step = await opened();
    const again = newCode(step);
    await bench.stores.orders.newCode(again);
    expect(await bench.stores.orders.newCode(again)).toEqual({ kind: 'repeat' });
  });

  it('is none once the order has ended or its window is over', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const late = { now: step.challenge?.windowEndsAt ?? 0 };
    expect(await orders.newCode(newCode(step, late))).toEqual({ kind: 'moved' });
    for (let i = 0; i < 3; i++) await orders.answer(answerStep(step, false));
    expect(await orders.newCode(newCode(step))).toEqual({ kind: 'moved' });
  });
});

describe('parallel guesses, on a real Redis', () => {
  it('five hundred at once on one code are three tries at most, and then it is over', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const all = await Promise.all(Array.from({ length: 500 }, () => orders.answer(answerStep(step, false))));
    const count = (kind: string): number => all.filter((one) => one.kind === kind).length;
    expect([count('wrong'), count('locked'), count('moved')]).toEqual([2, 1, 497]);
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'declined', tries: 3 });
    expect(await orders.answer(answerStep(step, true))).toEqual({ kind: 'moved' });
  });

  it('fifty right answers at once place one order, with one charge', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const all = await Promise.all(Array.from({ length: 50 }, () => orders.answer(answerStep(step, true))));
    const passed = all.filter(({ kind }) => kind === 'passed');
    expect(passed).toHaveLength(1);
    expect(all.filter(({ kind }) => kind === 'moved')).toHaveLength(49);
    expect((await orders.load(step.frozen.id))?.charge).toBeDefined();
  });

  it('a right answer among five hundred wrong ones passes or is too late, never both', async () => {
    const { orders } = bench.stores;
    const step = await opened();
    const tries = Array.from({ length: 500 }, (_, index) => orders.answer(answerStep(step, index === 250)));
    const all = await Promise.all(tries);
    const passed = all.filter(({ kind }) => kind === 'passed').length;
    const locked = all.filter(({ kind }) => kind === 'locked').length;
    expect(passed + locked).toBe(1);
  });
});

describe('trouble with a provider', () => {
  it('is remembered after a failed challenge and after a complaint', async () => {
    const { orders, subscribers } = bench.stores;
    const step = openStep('challenged', { frozen: frozen({ providerId: 'acme' }) });
    await orders.open(step, undefined);
    for (let i = 0; i < 3; i++) await orders.answer(answerStep(step, false));
    const failed = await subscribers.read(MSISDN);
    expect(failed.troubles?.get('acme')).toEqual({ kind: 'failed-challenge', at: step.now + 1000 });
    const same = dedupe();
    const about = { providerId: 'fun', serviceId: 'game' };
    const complaint = {
      dedupe: same,
      msisdn: MSISDN,
      about,
      cause: 'mo',
      owe: reply('complaint'),
      now: 5,
      leaseFor: LEASE,
    } as const;
    expect(await subscribers.complain(complaint)).toBeDefined();
    expect(await subscribers.complain({ ...complaint, owe: reply('complaint') })).toBeUndefined();
    expect((await subscribers.read(MSISDN)).troubles?.get('fun')).toEqual({ kind: 'complaint', at: 5 });
  });
});
