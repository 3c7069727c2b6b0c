import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/domain/evidence/chain.ts';
import type { Heard } from '../../../src/domain/evidence/heard.ts';
import type { Dedupe } from '../../../src/flow/ports/ports.ts';
import { createEvidenceConsumer } from '../../../src/outbox/evidence/consumer.ts';
import type { Consumer } from '../../../src/outbox/consumer.ts';
import { answerStep, challenge, charge, dedupe, DENIED, frozen, GRANTED, LEASE, MSISDN, openStep, partitionOfMsisdn, recordStep, reply, resolveStep, subscription } from '../../redis/fixtures.ts'; // prettier-ignore
import { useBench, useServer } from '../../redis/support.ts';
import { entry, streamOf } from '../support.ts';
import { useDesk } from './support.ts';

const bench = useBench(useServer());
const desk = useDesk();
const partition = partitionOfMsisdn(MSISDN);

const heard = (text: string): Heard => ({
  text,
  at: 1_700_000_000_000,
  link: 'north',
  smsc: 'a',
  to: '4242',
  id: 'ab',
});
const mo = (text: string): Dedupe => ({ ...dedupe(), heard: heard(text) });

const consumer = (): Consumer => createEvidenceConsumer(desk.writer(), bench.stores.evidence, 'host/1');

/** Everything that the outbox tells, as it was written down. */
async function written(): Promise<readonly Link[]> {
  const stream = streamOf(bench, 'evidence');
  await stream.join();
  await consumer().handle(await stream.read(partition, 100), false);
  return (await desk.lines()).map((line) => JSON.parse(line) as Link);
}

const told = ({ kind, order, facts, personal }: Link): object => ({ kind, order, facts, personal });

describe('the evidence of an order', () => {
  it('is what was offered and decided, every text, answer and charge', async () => {
    const { orders, mts } = bench.stores;
    const step = openStep('challenged', { dedupe: mo('NEWS'), challenge: challenge({ id: 'ee'.repeat(16) }) });
    const { id } = step.frozen;
    await orders.open(step, undefined);
    const identity = charge('orderd.test;1;2;x');
    await orders.answer(answerStep(step, true, { dedupe: mo('******'), charge: identity }));
    const record = recordStep({ ...step, charge: identity }, GRANTED);
    await orders.record(record);
    await mts.accepted(record.owe!, { smsc: 'smsc-a', messageIds: ['m1', 'm2'], text: 'Ordered.' }, 5);
    const [open, right, placed, said, ...rest] = await written();
    expect(rest).toEqual([]);
    const step1 = { service: 'news', provider: 'acme', by: 'host/1' };
    const heardAs = (text: string): object => ({
      msisdn: MSISDN,
      heard: { ...heard(text), at: '2023-11-14T22:13:20.000Z' },
    });
    expect(told(open!)).toEqual({
      kind: 'order',
      order: id,
      facts: {
        state: 'challenged', from: 'received', cause: 'open', who: 'subscriber', ...step1,
        offer: {
          providerName: 'Acme', title: 'Daily news', keyword: 'NEWS', price: { minor: 500, currency: 'KES', decimals: 2 },
          priceText: 'KES 5.00', period: 'once', chargeKind: 'event', grantOnUnknown: false,
        },
        channel: 'sms', language: 'en', textVersion: '1', shortCode: '4242',
        decision: { interaction: 'notice', score: 90, band: 'trusted', verdicts: [], won: 'credit', policyVersion: '1' },
        challenge: { kind: 'otp', keyId: 'k1', maxTries: 3, codeEndsAt: 1_700_000_300_000, windowEndsAt: 1_700_003_600_000 },
      },
      personal: heardAs('NEWS'),
    }); // prettier-ignore
    expect(told(right!)).toEqual({
      kind: 'order',
      order: id,
      facts: { state: 'charging', from: 'challenged', cause: 'right', who: 'subscriber', ...step1, charge: identity },
      personal: heardAs('******'),
    });
    expect(told(placed!)).toEqual({
      kind: 'order',
      order: id,
      facts: {
        state: 'placed', from: 'charging', cause: 'record', who: 'orderd', ...step1, charge: identity, verdict: GRANTED,
        unanswered: false,
      },
      personal: { msisdn: MSISDN },
    }); // prettier-ignore
    expect(told(said!)).toMatchObject({
      kind: 'mt',
      facts: { state: 'accepted', from: 'owed', cause: 'submit', says: 'ordered', language: 'en', channel: 'sms', parts: 2 },
      personal: { msisdn: MSISDN, said: 'Ordered.', smsc: 'smsc-a', messageIds: ['m1', 'm2'], parts: { m1: 'sent', m2: 'sent' } },
    }); // prettier-ignore
    expect(JSON.stringify([open, right, placed, said])).not.toContain('ee'.repeat(16));
  });

  it('names the person who settled a dispute, with the reason as personal', async () => {
    const { orders } = bench.stores;
    const step = openStep('charging');
    await orders.open(step, undefined);
    await orders.silence(step.frozen.id, 1, 2);
    await orders.dispute(step.frozen.id, 1, 'no answer', 3);
    await orders.resolve(resolveStep(step, 'placed'));
    const links = await written();
    expect(links.map(({ facts }) => facts['cause'])).toEqual(['open', 'silence', 'dispute', 'resolve']);
    expect(links[2]?.facts).toMatchObject({ reason: 'no answer' });
    expect(links[3]?.facts).toMatchObject({ who: 'noc-1', outcome: 'placed' });
    expect(links[3]?.personal).toEqual({ msisdn: MSISDN, why: 'the OCS log shows it' });
  });

  it('of a renewal that was denied has its charge and answer, though the order keeps them no longer', async () => {
    const { orders } = bench.stores;
    const step = openStep('charging', { frozen: frozen({ period: 'week' }) });
    await orders.open(step, undefined);
    const renewal = { kind: 'retry', at: step.now + LEASE } as const;
    const left = subscription(step.frozen);
    await orders.record(recordStep(step, DENIED, { to: 'confirmed', owe: undefined, subscription: left, renewal }));
    await orders.take(step.frozen.id, step.now + LEASE, LEASE);
    await orders.permit(step.frozen.id, 2, charge('the;next;one'), { now: step.now + LEASE });
    const denied = (await written()).find(({ facts }) => facts['cause'] === 'record');
    expect(denied?.facts).toMatchObject({ state: 'confirmed', charge: step.charge, verdict: DENIED });
  });

  it('of an MO that moved no order is its words and the text that answers it', async () => {
    await bench.stores.mts.owe(mo('HELP'), reply('help'), 1, LEASE);
    const [only] = await written();
    expect(only).toMatchObject({ kind: 'mo', facts: { cause: 'owe', says: 'help' }, personal: { msisdn: MSISDN } });
    expect(only).not.toHaveProperty('order');
  });

  it('keeps nothing personal of what was erased meanwhile', async () => {
    const step = openStep('charging', { dedupe: mo('NEWS') });
    await bench.stores.orders.open(step, undefined);
    await bench.redis.del(bench.keys.order(step.frozen.id));
    const [only] = await written();
    expect(only).not.toHaveProperty('personal');
    expect(only?.facts).toMatchObject({ cause: 'open', lost: 'its record was gone when this was written' });
    expect(await desk.faults(false)).toEqual([]);
  });

  it('is written once, though the outbox brings it again to another process', async () => {
    const step = openStep('charging', { frozen: frozen() });
    await bench.stores.orders.open(step, undefined);
    const one = entry({ id: '1779019200000-1', subject: step.frozen.id, state: 'charging', cause: 'open' });
    await consumer().handle([one], false);
    await createEvidenceConsumer(desk.writer('other'), bench.stores.evidence, 'other').handle([one], true);
    await consumer().handle([one, { ...one, id: '1779019200000-2' }], true);
    expect((await desk.lines()).map((line) => (JSON.parse(line) as Link).entry)).toEqual([
      '1:1779019200000-1',
      '1:1779019200000-2',
    ]);
    expect(await desk.faults(false)).toEqual([]);
  });
});
