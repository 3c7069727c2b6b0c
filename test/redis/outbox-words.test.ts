import { describe, expect, it } from 'vitest';
import type { Heard } from '../../src/domain/evidence/heard.ts';
import type { OutboxEntry } from '../../src/flow/ports/outbox.ts';
import type { Dedupe } from '../../src/flow/ports/ports.ts';
import { streamOf } from '../outbox/support.ts';
import { answerStep, dedupe, frozen, GRANTED, LEASE, MSISDN, openStep, partitionOfMsisdn, recordStep, reply, subscription } from './fixtures.ts'; // prettier-ignore
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const partition = partitionOfMsisdn(MSISDN);

const heard = (text: string): Heard => ({ text, at: 1, link: 'north', smsc: 'a', to: '4242' });
const mo = (text: string): Dedupe => ({ ...dedupe(), heard: heard(text) });

async function told(): Promise<readonly OutboxEntry[]> {
  const stream = streamOf(bench, 'credit');
  await stream.join();
  return stream.read(partition, 100);
}

const line = ({ type, state, cause, heard: mo, said }: OutboxEntry): string =>
  [type, state, cause, mo?.text ?? '-', said ?? '-'].join(' ');

describe('an entry that an earlier build wrote, field by field', () => {
  it('is read as it was meant: an upgrade loses nothing that waits', async () => {
    const step = openStep('charging', { dedupe: mo('NEWS') });
    await bench.stores.orders.open(step, undefined);
    const [entry] = await told();
    const { type, subject, state, from, cause, serviceId, providerId, since, at } = entry!;
    const fields = { type, id: subject, state, from, cause, serviceId, providerId, since, at };
    const heard = JSON.stringify(entry!.heard);
    await bench.redis.xadd(bench.keys.outbox(partition), '*', ...Object.entries(fields).flat(), 'heard', heard);
    expect(await told()).toEqual([{ ...entry, id: expect.any(String) as string }]);
  });
});

describe('what the outbox tells of words', () => {
  it('is the MO that moved an order, and the text that was said about it', async () => {
    const { orders, mts } = bench.stores;
    const step = openStep('challenged', { dedupe: mo('NEWS') });
    await orders.open(step, undefined);
    await orders.answer(answerStep(step, false, { dedupe: mo('******') }));
    await orders.answer(answerStep(step, false, { dedupe: mo('later'), now: step.challenge!.codeEndsAt }));
    await orders.answer(answerStep(step, true, { dedupe: mo('*** ***') }));
    const order = (await orders.load(step.frozen.id))!;
    const record = recordStep({ ...step, charge: order.charge }, GRANTED);
    await orders.record(record);
    await mts.accepted(record.owe!, { smsc: 'a', messageIds: ['1'], text: 'Ordered.' }, 5);
    expect((await told()).map(line)).toEqual([
      'order challenged open NEWS -',
      'order challenged wrong ****** -',
      'order challenged late later -',
      'order charging right *** *** -',
      'order placed record - -',
      'mt accepted submit - Ordered.',
    ]);
  });

  it('is an MO that moved no order, named by its answer', async () => {
    const { mts, subscribers } = bench.stores;
    const [help, channel] = [reply('help'), reply('channel-set')];
    const same = mo('HELP');
    await mts.owe(same, help, 1, LEASE);
    await mts.owe(same, reply('help'), 1, LEASE);
    await mts.owe(dedupe(), reply('refunded'), 1, LEASE);
    await subscribers.remember(mo('CHANNEL flash'), { channel: 'flash' }, channel, 1, LEASE);
    const entries = await told();
    expect(entries.map(line)).toEqual(['mo answered owe HELP -', 'mo answered owe CHANNEL flash -']);
    expect(entries.map(({ subject }) => subject)).toEqual([help.id, channel.id]);
  });

  it('is a STOP at every order and subscription that it reaches', async () => {
    const { orders, subscribers } = bench.stores;
    const challenged = openStep('challenged', { frozen: frozen({ serviceId: 'game' }) });
    const charging = openStep('charging');
    await orders.open(challenged, undefined);
    await orders.open(charging, undefined);
    const weather = openStep('charging', { frozen: frozen({ serviceId: 'weather', period: 'week' }) });
    await orders.open(weather, undefined);
    await orders.record(recordStep(weather, GRANTED, { subscription: subscription(weather.frozen) }));
    const before = (await told()).length;
    await subscribers.stop({
      dedupe: mo('STOP ALL'),
      msisdn: MSISDN,
      orders: [challenged.frozen.id, charging.frozen.id],
      services: ['weather'],
      owe: reply('stopped-all'),
      now: 9,
      leaseFor: LEASE,
    });
    expect(before).toBe(4);
    expect((await streamOf(bench, 'credit').read(partition, 10)).map(line)).toEqual([
      'order cancelled stop STOP ALL -',
      'order charging stop STOP ALL -',
      'subscription ended stop STOP ALL -',
    ]);
  });

  it('is an order for what the subscriber has, answered without an order', async () => {
    const { orders } = bench.stores;
    const step = openStep('charging', { frozen: frozen({ period: 'week' }) });
    await orders.open(step, undefined);
    const already = reply('already');
    const again = openStep('charging', { frozen: frozen({ period: 'week' }), dedupe: mo('news please') });
    expect(await orders.open(again, already)).toMatchObject({ kind: 'already' });
    expect((await told()).map(line)).toEqual(['order charging open - -', 'mo answered owe news please -']);
  });
});
