import { describe, expect, it } from 'vitest';
import type { OpenStep } from '../../src/flow/ports/ports.ts';
import { answerStep, challenge, dedupe, DENIED, GRANTED, LEASE, MSISDN, openStep, recordStep, reply, subscription } from './fixtures.ts'; // prettier-ignore
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());

async function challenged(over: Partial<OpenStep> = {}): Promise<OpenStep> {
  const step = openStep('challenged', over);
  await bench.stores.orders.open(step, undefined);
  return step;
}

const times = <Value>(count: number, make: () => Value): Value[] => Array.from({ length: count }, make);

describe('answering a challenge', () => {
  it('counts no more wrong guesses than are allowed, though 500 come at once (P4)', async () => {
    const opened = await challenged();
    const answers = await Promise.all(times(500, () => bench.stores.orders.answer(answerStep(opened, false))));
    const kinds = answers.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(2);
    expect(kinds.filter((kind) => kind === 'locked')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'moved')).toHaveLength(497);
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ state: 'declined', tries: 3 });
  });

  it('passes one of 50 right answers that come at once (P4)', async () => {
    const opened = await challenged();
    const answers = await Promise.all(times(50, () => bench.stores.orders.answer(answerStep(opened, true))));
    expect(answers.filter(({ kind }) => kind === 'passed')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'moved')).toHaveLength(49);
  });

  it('hands the lease and the charge identity to whoever brought the right answer (E1)', async () => {
    const opened = await challenged();
    const step = answerStep(opened, true);
    const answered = await bench.stores.orders.answer(step);
    expect(answered).toMatchObject({
      kind: 'passed',
      held: { order: { state: 'charging', charge: step.charge, fence: 2 }, lease: { fence: 2 } },
    });
    const { pending, inFlight } = await bench.stores.subscribers.read(MSISDN);
    expect([pending, inFlight]).toEqual([[], [{ orderId: opened.frozen.id, serviceId: 'news' }]]);
  });

  it('passes to confirmed, without a charge, while no peer is open (E3)', async () => {
    const opened = await challenged();
    const answered = await bench.stores.orders.answer(answerStep(opened, true, { to: 'confirmed', charge: undefined }));
    expect(answered).toMatchObject({ kind: 'passed', held: { order: { state: 'confirmed', charge: undefined } } });
  });

  it('lets a redelivered wrong answer burn no second try (E12)', async () => {
    const opened = await challenged();
    const same = dedupe();
    const step = answerStep(opened, false, { dedupe: same });
    const first = await bench.stores.orders.answer(step);
    expect(first).toMatchObject({ kind: 'wrong', owed: { mt: { args: { triesLeft: 2, title: 'Daily news' } } } });
    expect(await bench.stores.orders.answer(step)).toEqual({ kind: 'repeat' });
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ tries: 1 });
  });

  it('keeps the tries left with the owed text, for whoever says it later', async () => {
    const opened = await challenged();
    const step = answerStep(opened, false);
    await bench.stores.orders.answer(step);
    const held = await bench.stores.mts.take(step.wrong.id, step.now + LEASE, LEASE);
    expect(held?.mt).toEqual({ ...step.wrong, args: { ...step.wrong.args, triesLeft: 2 } });
  });

  it('calls a right code late after its life, and leaves the order open for a new one (E16)', async () => {
    const opened = await challenged();
    const now = opened.challenge?.codeEndsAt ?? 0;
    const answered = await bench.stores.orders.answer(answerStep(opened, true, { now }));
    expect(answered).toMatchObject({ kind: 'code-over', owed: { mt: { kind: 'code-over' } } });
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ state: 'challenged', tries: 0 });
  });

  it.each([
    ['code', 'codeEndsAt'],
    ['answer', 'windowEndsAt'],
  ] as const)('a late %s that is delivered again is a repeat (E12)', async (_, end) => {
    const opened = await challenged();
    const step = answerStep(opened, true, { now: opened.challenge?.[end] ?? 0 });
    await bench.stores.orders.answer(step);
    expect(await bench.stores.orders.answer(step)).toEqual({ kind: 'repeat' });
  });

  it('expires the order with an answer after the window, and remembers it for a day (E16)', async () => {
    const opened = await challenged({ challenge: challenge({ kind: 'confirm' }) });
    const now = opened.challenge?.windowEndsAt ?? 0;
    expect(await bench.stores.orders.answer(answerStep(opened, true, { now }))).toMatchObject({ kind: 'late' });
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ state: 'expired' });
    bench.now = now + 86_399_999;
    expect((await bench.stores.subscribers.read(MSISDN)).lately).toHaveLength(1);
    bench.now = now + 86_400_000;
    expect((await bench.stores.subscribers.read(MSISDN)).lately).toHaveLength(0);
  });

  it('takes the last millisecond of the window, and not the next', async () => {
    const opened = await challenged({ challenge: challenge({ kind: 'confirm' }) });
    const now = (opened.challenge?.windowEndsAt ?? 0) - 1;
    expect(await bench.stores.orders.answer(answerStep(opened, true, { now }))).toMatchObject({ kind: 'passed' });
  });

  it('ends the order where the service is under way or had by now', async () => {
    const { orders } = bench.stores;
    const [first, ...others] = [await challenged(), await challenged(), await challenged()];
    const [second, third] = others.map((other) => answerStep(other, true, { already: reply('already') }));
    const passed = answerStep(first, true);
    await orders.answer(passed);
    expect(await orders.answer(second!)).toMatchObject({ kind: 'already', owed: { mt: { kind: 'already' } } });
    expect(await orders.answer(second!)).toEqual({ kind: 'repeat' });
    expect(await orders.load(second!.orderId)).toMatchObject({ state: 'cancelled' });
    const left = subscription(first.frozen);
    await orders.record(recordStep({ ...first, charge: passed.charge }, GRANTED, { subscription: left }));
    expect(await orders.answer(third!)).toMatchObject({ kind: 'already' });
  });

  it('passes where nothing came of the other order, and where the service may be had twice', async () => {
    const { orders } = bench.stores;
    const [first, second, third] = [await challenged(), await challenged(), await challenged()];
    const passed = answerStep(first, true);
    await orders.answer(passed);
    await orders.record(recordStep({ ...first, charge: passed.charge }, DENIED));
    for (const step of [answerStep(second, true, { already: reply('already') }), answerStep(third, true)])
      expect(await orders.answer(step)).toMatchObject({ kind: 'passed' });
  });

  it('refuses an answer to another challenge of the same order', async () => {
    const opened = await challenged();
    const step = answerStep(opened, true, { challengeId: 'another' });
    expect(await bench.stores.orders.answer(step)).toEqual({ kind: 'moved' });
    expect(await bench.stores.orders.load(opened.frozen.id)).toMatchObject({ state: 'challenged' });
  });

  it('refuses an answer to an order that does not exist', async () => {
    expect(await bench.stores.orders.answer(answerStep(openStep('challenged'), true))).toEqual({ kind: 'moved' });
  });
});
