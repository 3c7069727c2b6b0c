import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { ResolveWord } from '../../src/noc/sources.ts';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { Running } from './fakes.ts';
import { MSISDN, ORDER_ID, running } from './fakes.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const WORD = { outcome: 'placed', why: 'row 4711 of the OCS book', who: 'amina' };
let open: Running[] = [];

afterEach(async () => {
  await Promise.all(open.map(({ noc }) => noc.close()));
  open = [];
});

async function start(token?: string) {
  const words: (ResolveWord & { readonly id: string })[] = [];
  const one = await running({
    ...(token === undefined ? {} : { token }),
    sources: {
      resolve: (id, word) => {
        words.push({ id, ...word });
        return Promise.resolve(
          id === ORDER_ID ? { kind: 'resolved', state: 'placed' } : { kind: 'not-disputed', state: 'uncharged' },
        );
      },
    },
  });
  open.push(one);
  return { ...one, words };
}

function post(port: number, body: string, headers: Readonly<Record<string, string>> = JSON_TYPE, id = ORDER_ID) {
  return new Promise<{ readonly status: number; readonly code: unknown }>((resolve, reject) => {
    const path = `/api/v1/orders/${id}/resolve`;
    const sent = request({ host: '127.0.0.1', port, path, headers, method: 'POST', agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const { error } = JSON.parse(text) as { readonly error?: { readonly code: string } };
        resolve({ status: response.statusCode ?? 0, code: error?.code });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('POST /api/v1/orders/ID/resolve', () => {
  it("hands a person's word on", async () => {
    const { port, words } = await start();
    expect(await post(port, JSON.stringify(WORD))).toEqual({ status: 200, code: undefined });
    expect(words).toEqual([{ id: ORDER_ID, ...WORD }]);
  });

  it.each([
    ['no JSON', 'outcome=placed', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text that says it is JSON by itself', JSON.stringify(WORD), { 'content-type': 'text/plain' }, 415],
    ['broken JSON', '{', JSON_TYPE, 400],
    ['an unknown outcome', JSON.stringify({ ...WORD, outcome: 'charged' }), JSON_TYPE, 400],
    ['no reason', JSON.stringify({ ...WORD, why: '  ' }), JSON_TYPE, 400],
    ['nobody', JSON.stringify({ ...WORD, who: '' }), JSON_TYPE, 400],
    ['a line break for the log', JSON.stringify({ ...WORD, who: 'a\nb' }), JSON_TYPE, 400],
    ['too much', JSON.stringify({ ...WORD, why: 'x'.repeat(5000) }), JSON_TYPE, 413],
    ['another site', JSON.stringify(WORD), { ...JSON_TYPE, origin: 'https://evil.example' }, 403],
    ['a foreign Host', JSON.stringify(WORD), { ...JSON_TYPE, host: 'evil.example' }, 403],
    ['a cross-site fetch', JSON.stringify(WORD), { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
  ] as const)('%s is refused', async (...[, body, headers, status]) => {
    const { port, words } = await start();
    expect(await post(port, body, headers)).toMatchObject({ status });
    expect(words).toEqual([]);
  });

  it('wants the token where there is one', async () => {
    const { port, words } = await start('a-token-of-more-than-20-characters');
    expect(await post(port, JSON.stringify(WORD))).toMatchObject({ status: 401 });
    expect(words).toEqual([]);
  });

  it('only resolves what is disputed, and only orders of ours', async () => {
    const { port } = await start();
    expect(await post(port, JSON.stringify(WORD), JSON_TYPE, '00-01other')).toEqual({
      status: 409,
      code: 'not-disputed',
    });
    expect(await post(port, JSON.stringify(WORD), JSON_TYPE, 'x')).toEqual({ status: 404, code: 'no-order' });
  });

  it('is not there where nothing resolves', async () => {
    const one = await running();
    open.push(one);
    expect(await post(one.port, JSON.stringify(WORD))).toMatchObject({ status: 404 });
  });
});

describe('orderctl order resolve', () => {
  async function run(port: number, ...argv: readonly string[]) {
    const out: string[] = [];
    const say = (text: string): void => void out.push(text);
    const code = await orderctl(['order', 'resolve', ...argv, '--url', `http://127.0.0.1:${port}`], {
      env: {},
      out: say,
      err: say,
    });
    return { code, out: out.join('\n') };
  }

  it('says who and why, and tells where it went', async () => {
    const { port, words } = await start();
    const done = await run(port, ORDER_ID, 'placed', '--why', WORD.why, '--who', WORD.who);
    expect(done).toEqual({ code: 0, out: `${ORDER_ID} is placed` });
    expect(words).toEqual([{ id: ORDER_ID, ...WORD }]);
  });

  it('needs no name: without one it is this machine, as with a refund', async () => {
    const { port, words } = await start();
    expect((await run(port, ORDER_ID, 'placed', '--why', WORD.why)).code).toBe(0);
    expect(words).toEqual([{ id: ORDER_ID, ...WORD, who: 'this machine' }]);
  });

  it('exit codes: 1 for an order in another state, 2 without a reason', async () => {
    const { port } = await start();
    expect((await run(port, '00-01other', 'refund', '--why', 'seen', '--who', 'amina')).code).toBe(1);
    expect(await run(port, ORDER_ID, 'placed')).toMatchObject({ code: 2 });
    expect(await run(port, ORDER_ID, 'free', '--why', 'seen', '--who', 'amina')).toMatchObject({ code: 2 });
  });
});

describe('GET /api/v1/charges', () => {
  it('lists charges by time, without any number (E19)', async () => {
    const { get } = await start();
    const { text, status } = await get('/api/v1/charges?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z');
    expect(status).toBe(200);
    const { charges, from } = JSON.parse(text) as { readonly charges: readonly object[]; readonly from: string };
    expect(charges[0]).toMatchObject({ order: ORDER_ID, state: 'charge-unknown', minor: 1500, currency: 'KES' });
    expect(from).toBe('2026-01-01T00:00:00.000Z');
    expect(text).not.toContain(MSISDN);
  });

  it('one by its order, or nothing', async () => {
    const { get } = await start();
    expect((await get(`/api/v1/charges/${ORDER_ID}`)).json()).toMatchObject({ order: ORDER_ID });
    expect((await get('/api/v1/charges/00-01other')).status).toBe(404);
  });

  it.each(['never', '0', '1', '2026', '01/02/2026', '2026-02-30', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00'])(
    'takes no %s for a day or a time',
    async (from) => {
      const { get } = await start();
      expect((await get(`/api/v1/charges?from=${from}&to=2027-01-01`)).status).toBe(400);
    },
  );

  it.each(['2026-01-01', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000%2B03:00'])(
    'takes %s for one',
    async (from) => {
      const { get } = await start();
      expect((await get(`/api/v1/charges?from=${from}&to=2027-01-01`)).status).toBe(200);
    },
  );
});
