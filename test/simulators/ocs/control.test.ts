import { describe, expect, it } from 'vitest';
import { bench, resultOf } from './bench.ts';
import { ccr, MSISDN } from './client.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

async function call(port: number, method: string, path: string, body?: unknown): Promise<Reply> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...sent });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('application/json') === true && text !== '';
  return { status: response.status, body: json ? JSON.parse(text) : undefined, text };
}

const controlled = async () => {
  const made = await bench({ httpPort: 0 });
  const { http } = made.ocs.ports;
  return { ...made, call: (method: string, path: string, body?: unknown) => call(http, method, path, body) };
};

describe('HTTP control', () => {
  it('accounts: read, set, blocked, free, removed', async () => {
    const { call } = await controlled();
    expect((await call('GET', `/accounts/${MSISDN}`)).body).toEqual({
      msisdn: MSISDN,
      balance: 100_000,
      reserved: 0,
      available: 100_000,
      blocked: false,
      free: false,
    });
    expect((await call('PUT', `/accounts/${MSISDN}`, { balance: 7, blocked: true })).body).toMatchObject({
      balance: 7,
      blocked: true,
    });
    expect((await call('PUT', `/accounts/${MSISDN}`, { free: true })).body).toMatchObject({
      balance: 7,
      blocked: true,
      free: true,
    });
    expect((await call('GET', '/accounts')).body).toHaveLength(1);
    expect((await call('DELETE', `/accounts/${MSISDN}`)).status).toBe(204);
  });

  it('ledger as JSON, JSON lines and CSV; debits; requests; peers; metrics', async () => {
    const { call, connect } = await controlled();
    await (await connect()).ask(ccr({ sessionId: 's;1' }));
    const [row] = (await call('GET', '/ledger')).body as object[];
    expect(row).toMatchObject({ sessionId: 's;1', debited: 5000 });
    expect(JSON.parse((await call('GET', '/ledger?format=jsonl')).text)).toEqual(row);
    expect((await call('GET', '/ledger?format=csv')).text.split('\r\n')[1]).toContain(',s;1,0,EVENT,DIRECT_DEBITING,');
    expect((await call('GET', '/debits')).body).toMatchObject([{ sessionId: 's;1', debits: 1, doubled: false }]);
    expect((await call('GET', '/requests')).body).toMatchObject([
      { command: 'CCR', msisdn: MSISDN, retransmit: false },
    ]);
    expect((await call('GET', '/ledger?msisdn=1')).body).toEqual([]);
    expect((await call('GET', `/ledger?msisdn=${MSISDN}&after=1`)).body).toEqual([]);
    expect((await call('GET', '/requests?after=1')).body).toEqual([]);
    expect((await call('GET', '/peers')).body).toMatchObject([{ originHost: 'orderd.lab.example', state: 'open' }]);
    const metrics = (await call('GET', '/metrics')).text;
    expect(metrics).toContain('ocs_credit_results_total{result="2001"} 1');
    for (const [, name = ''] of metrics.matchAll(/^# TYPE (\w+) /gm)) expect(metrics).toContain(`# HELP ${name} `);
  });

  it('faults: added, listed, removed one by one and all at once', async () => {
    const { call, connect } = await controlled();
    const added = await call('POST', '/faults', { action: 'result', resultCode: 4010, count: 1 });
    expect([added.status, added.body]).toEqual([201, { id: 1, hits: 0, action: 'result', resultCode: 4010, count: 1 }]);
    expect(resultOf(await (await connect()).ask(ccr({ sessionId: 's;1' })))).toBe(4010);
    expect((await call('GET', '/faults')).body).toEqual([]);
    await call('POST', '/faults', { action: 'silence' });
    await call('POST', '/faults', { action: 'silence', command: 'DWR' });
    expect((await call('DELETE', '/faults/2')).status).toBe(204);
    expect((await call('GET', '/faults')).body).toMatchObject([{ id: 3 }]);
    expect((await call('DELETE', '/faults')).status).toBe(204);
    expect((await call('DELETE', '/faults/3')).status).toBe(404);
  });

  it('tariffs can be set and taken back', async () => {
    const { call } = await controlled();
    expect((await call('PUT', '/tariffs', { '42': 250, '43': 1 })).body).toEqual({ '42': 250, '43': 1 });
    expect((await call('PUT', '/tariffs', { '43': null })).body).toEqual({ '42': 250 });
  });

  it('takes the OCS away and brings it back', async () => {
    const { call, connect } = await controlled();
    const client = await connect();
    expect((await call('POST', '/listening', { on: false })).body).toEqual({ on: false });
    await client.closed();
    expect((await call('POST', '/listening', { on: true })).body).toEqual({ on: true });
    await connect();
  });

  it.each<[string, string, unknown, number, RegExp]>([
    ['PUT', `/accounts/${MSISDN}`, { balance: 1.5 }, 400, /balance/],
    ['PUT', `/accounts/${MSISDN}`, { balanse: 1 }, 400, /balanse/],
    ['PUT', '/accounts/abc', { balance: 1 }, 400, /digits/],
    ['POST', '/faults', { action: 'delay' }, 400, /delayMs/],
    ['POST', '/listening', {}, 400, /on/],
    ['GET', '/ledger?format=xml', undefined, 400, /format/],
    ['GET', '/nothing', undefined, 404, /Not Found|not found/],
  ])('%s %s %j is %i with a reason', async (...[method, path, body, status, reason]) => {
    const { call } = await controlled();
    const reply = await call(method, path, body);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(reason);
  });
});
