import { describe, expect, it } from 'vitest';
import { partitionOf } from '../../src/domain/ids.ts';
import type { Dedupe, OpenStep, StopStep } from '../../src/flow/ports/ports.ts';
import { answerStep, challenge, dedupe, LEASE, MSISDN, openStep, owed, reply } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const NOW = 1_700_000_000_000;

async function opened(over: Partial<OpenStep> = {}): Promise<OpenStep> {
  const step = openStep('challenged', { challenge: challenge({ kind: 'confirm' }), ...over });
  await bench.stores.orders.open(step, undefined);
  return step;
}

function stopOf(orders: readonly OpenStep[], over: Partial<StopStep> = {}): StopStep {
  const ids = orders.map(({ frozen }) => frozen.id);
  const owe = reply('stopped');
  return { dedupe: dedupe(), msisdn: MSISDN, orders: ids, services: [], owe, now: NOW, leaseFor: LEASE, ...over };
}

describe('E13: equal words without an id of the SMSC', () => {
  it('are another STOP where they stop something, and a repeat where nothing is left to stop', async () => {
    const same = { ...dedupe(), byWords: true };
    const { subscribers, orders } = bench.stores;
    const step = await opened();
    expect(await subscribers.stop(stopOf([], { dedupe: same }))).toBeDefined();
    expect(await subscribers.stop(stopOf([step], { dedupe: same }))).toBeDefined();
    expect(await orders.load(step.frozen.id)).toMatchObject({ state: 'cancelled' });
    expect(await subscribers.stop(stopOf([step], { dedupe: same }))).toBeUndefined();
  });

  it('mark what is being charged once, and tell of it once', async () => {
    const same = { ...dedupe(), byWords: true };
    const step = openStep('charging');
    await bench.stores.orders.open(step, undefined);
    expect(await bench.stores.subscribers.stop(stopOf([step], { dedupe: same }))).toBeDefined();
    expect(await bench.stores.subscribers.stop(stopOf([step], { dedupe: same }))).toBeUndefined();
    const told = await bench.redis.xrange(bench.keys.outbox(partitionOf(step.frozen.id)), '-', '+');
    expect(told.filter(([, fields]) => fields[1]?.includes(' stop '))).toHaveLength(1);
  });

  it('count a complaint beside a STOP once', async () => {
    const same = { ...dedupe(), byWords: true };
    const complaint = { providerId: 'acme', serviceId: 'news' };
    const step = await opened();
    await bench.stores.subscribers.stop(stopOf([step], { dedupe: same, complaint }));
    await bench.stores.subscribers.stop(stopOf([step], { dedupe: same, complaint }));
    const told = await bench.redis.xrange(bench.keys.outbox(partitionOf(step.frozen.id)), '-', '+');
    expect(told.filter(([, fields]) => fields[1]?.startsWith('complaint '))).toHaveLength(1);
    const { troubles } = await bench.stores.subscribers.read(MSISDN);
    expect(troubles?.get('acme')).toMatchObject({ kind: 'complaint' });
  });

  it('a complaint about nobody is recorded, and troubles nobody', async () => {
    const about = { providerId: '', serviceId: '' };
    const owe = reply('complaint');
    const step = { dedupe: dedupe(), msisdn: MSISDN, about, cause: 'mo' as const, owe, now: NOW, leaseFor: LEASE };
    expect(await bench.stores.subscribers.complain(step)).toBeDefined();
    const told = await bench.redis.xrange(bench.keys.outbox(partitionOf(owe.id)), '-', '+');
    expect(told.filter(([, fields]) => fields[1]?.startsWith('complaint '))).toHaveLength(1);
    expect([...((await bench.stores.subscribers.read(MSISDN)).troubles ?? [])]).toEqual([]);
  });

  it('with one, a STOP that comes again stops nothing new', async () => {
    const same = dedupe();
    const step = await opened();
    await bench.stores.subscribers.stop(stopOf([], { dedupe: same }));
    expect(await bench.stores.subscribers.stop(stopOf([step], { dedupe: same }))).toBeUndefined();
    expect(await bench.stores.orders.load(step.frozen.id)).toMatchObject({ state: 'challenged' });
  });

  it('a text that answers what is younger is owed, and once', async () => {
    const same = dedupe();
    const { mts, subscribers } = bench.stores;
    await mts.owe(same, reply('wrong-answer'), NOW, LEASE);
    const again = { ...same, since: NOW + 1 };
    expect(await mts.owe(again, reply('which'), NOW + 2, LEASE)).toBeDefined();
    expect(await mts.owe(again, reply('which'), NOW + 3, LEASE)).toBeUndefined();
    const choice = { agreed: [{ currency: 'KES', month: '2023-11' }] };
    const agreed = reply('spend-agreed');
    expect(await subscribers.remember(again, choice, agreed, NOW + 3, LEASE)).toBeUndefined();
    expect(await subscribers.remember({ ...same, since: NOW + 4 }, choice, agreed, NOW + 5, LEASE)).toBeDefined();
  });
});

/** Each step that dedupes an MO, with an order that waits for its answer. */
const STEPS: Readonly<Record<string, (step: OpenStep, same: Dedupe) => Promise<unknown>>> = {
  'an order': (_, same) => bench.stores.orders.open(openStep('confirmed', { dedupe: same }), undefined),
  'an answer': (step, same) => bench.stores.orders.answer(answerStep(step, true, { dedupe: same })),
  'a wish for another code': ({ frozen: { id }, challenge: before, now }, same) =>
    bench.stores.orders.newCode({
      dedupe: same,
      orderId: id,
      before: before?.id ?? '',
      challenge: challenge(),
      owe: owed(id, 'code'),
      now,
      leaseFor: LEASE,
    }),
  'an end': ({ frozen: { id } }, same) =>
    bench.stores.orders.end({
      orderId: id,
      to: 'declined',
      from: ['challenged'],
      dedupe: same,
      owe: reply('declined'),
      now: NOW,
      leaseFor: LEASE,
    }),
  'a text that moves no order': (_, same) => bench.stores.mts.owe(same, reply('help'), NOW, LEASE),
  'a choice': (_, same) =>
    bench.stores.subscribers.remember(same, { channel: 'flash' }, reply('channel-set'), NOW, LEASE),
  'a STOP': (step, same) => bench.stores.subscribers.stop(stopOf([step], { dedupe: same })),
  'a complaint': (_, same) =>
    bench.stores.subscribers.complain({
      dedupe: same,
      msisdn: MSISDN,
      about: { providerId: 'acme', serviceId: 'news' },
      cause: 'mo',
      owe: reply('complaint'),
      now: NOW,
      leaseFor: LEASE,
    }),
};

describe('E12, E13: what comes again is a repeat, for as long as the window says', () => {
  it.each(Object.entries(STEPS))('%s', async (_, take) => {
    const same = dedupe();
    const step = await opened();
    await take(step, same);
    const again = (await take(step, same)) as { readonly kind?: string } | undefined;
    expect(again?.kind ?? 'repeat').toBe('repeat');
    const left = await bench.redis.pttl(bench.keys.dedupe(partitionOf(step.frozen.id), same.key));
    expect(left).toBeGreaterThan(same.window / 2);
    expect(left).toBeLessThanOrEqual(same.window);
  });
});
