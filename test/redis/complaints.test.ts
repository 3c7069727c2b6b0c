import { expect, it } from 'vitest';
import { dedupe, LEASE, MSISDN, partitionOfMsisdn, reply } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const HOUR = 3_600_000;

interface Told {
  readonly provider: string;
  readonly state: string;
}

async function told(): Promise<readonly Told[]> {
  const entries = await bench.redis.xrange(bench.keys.outbox(partitionOfMsisdn(MSISDN)), '-', '+');
  return entries.map(([, fields]) => {
    const [, , state = '', , , , provider = ''] = fields[fields.indexOf('about') + 1]?.split(' ') ?? [];
    return { provider, state };
  });
}

async function complains(providerId: string, later: number, way: 'mo' | 'api' | 'stop' = 'mo'): Promise<void> {
  const { subscribers } = bench.stores;
  const about = { providerId, serviceId: 'news' };
  const owe = reply('complaint');
  const step = { dedupe: dedupe(), msisdn: MSISDN, owe, now: bench.now + later, leaseFor: LEASE };
  const held =
    way === 'stop'
      ? await subscribers.stop({ ...step, orders: [], services: [], complaint: about })
      : await subscribers.complain({ ...step, about, cause: way });
  expect(held).toMatchObject({ mt: { id: owe.id } });
}

it('one subscriber weighs on a provider’s credit by one complaint a day; each is answered, told, and troubles orders', async () => {
  await complains('acme', 0);
  await complains('acme', HOUR);
  await complains('fun', HOUR);
  await complains('acme', 2 * HOUR, 'stop');
  await complains('acme', 24 * HOUR - 1, 'api');
  await complains('acme', 24 * HOUR, 'stop');
  await complains('acme', 24 * HOUR + 1);
  expect(await told()).toEqual([
    { provider: 'acme', state: 'recorded' },
    { provider: 'acme', state: 'again' },
    { provider: 'fun', state: 'recorded' },
    { provider: 'acme', state: 'again' },
    { provider: 'acme', state: 'again' },
    { provider: 'acme', state: 'recorded' },
    { provider: 'acme', state: 'again' },
  ]);
  const { troubles } = await bench.stores.subscribers.read(MSISDN);
  expect(troubles?.get('acme')).toEqual({ kind: 'complaint', at: bench.now + 24 * HOUR + 1 });
});

it('what is about nobody weighs on nobody, as often as it comes', async () => {
  await complains('', 0);
  await complains('', HOUR);
  expect(await told()).toEqual([
    { provider: '', state: 'recorded' },
    { provider: '', state: 'recorded' },
  ]);
});
