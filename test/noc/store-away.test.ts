import { describe, expect, it } from 'vitest';
import { MSISDN, noted, ORDER_ID, SOURCES, useNocs } from './fakes.ts';

const start = useNocs();

const away = () => Promise.reject(new Error(`no Redis for ${MSISDN}`));

describe('a store that does not answer', () => {
  it.each([
    ['away', away],
    ['silent', () => new Promise<never>(() => undefined)],
  ])('shows what is live though the store is %s, and no figure of the store', async (_, census) => {
    const ready = () => ({ ok: false, reasons: ['Redis does not answer'] });
    const { get } = await start({ sources: { ready, orders: { ...SOURCES.orders, census } } });
    const { status, json } = await get('/api/v1/status');
    expect(status).toBe(200);
    const answer = json() as object;
    expect(answer).toMatchObject({ ready: ready(), links: [{ name: 'lab-smsc' }], peers: [{ name: 'lab-ocs' }] });
    for (const figure of ['orders', 'backlog', 'queues', 'deadLetters']) expect(answer).not.toHaveProperty(figure);
  });

  it('leaves the board its links and peers, in the feed too', async () => {
    const { get, port } = await start({ sources: { orders: { ...SOURCES.orders, census: away, recent: away } } });
    const board = (await get('/api/v1/board')).json() as object;
    expect(board).toMatchObject({ status: { links: [{ name: 'lab-smsc' }], peers: [{ name: 'lab-ocs' }] } });
    for (const list of ['orders', 'attention']) expect(board).not.toHaveProperty(list);
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/feed`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!/event: \w+\n/.test(text)) text += (await reader.read()).value ?? '';
    await reader.cancel();
    expect(text).toContain('event: board\n');
  });

  it('is named, with the metric that tells of it, and nothing of why', async () => {
    const { get } = await start({ sources: { storeUp: () => false, orders: { ...SOURCES.orders, recent: away } } });
    const answer = await get('/api/v1/orders');
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({
      error: { code: 'unavailable', message: 'the store does not answer; see orderd_redis_up and the log' },
    });
  });
});

describe('whatever else fails', () => {
  const orderById = away;

  it('is not put down to a store that is up', async () => {
    const { get } = await start({ sources: { storeUp: () => true, orders: { ...SOURCES.orders, orderById } } });
    const answer = await get(`/api/v1/orders/${ORDER_ID}`);
    expect(answer.status).toBe(500);
    expect(answer.json()).toEqual({
      error: { code: 'failed', message: 'this failed for a reason that noc.failed in the log names' },
    });
  });

  it('is told in the log with its route, without what was asked for', async () => {
    const { get } = await start({ sources: { orders: { ...SOURCES.orders, orderById } } });
    noted.length = 0;
    await get(`/api/v1/orders/${ORDER_ID}`);
    const fields = { method: 'GET', route: '/api/v1/orders/:id', reason: 'no Redis for …678' };
    expect(noted).toEqual([{ event: 'noc.failed', fields }]);
  });

  it('is told in the log when only figures are left out, unless the store is known to be down', async () => {
    noted.length = 0;
    for (const storeUp of [() => true, () => false]) {
      const { get } = await start({ sources: { storeUp, orders: { ...SOURCES.orders, census: away } } });
      await get('/api/v1/status');
    }
    const fields = { method: 'GET', route: '/api/v1/status', reason: 'no Redis for …678' };
    expect(noted).toEqual([{ event: 'noc.failed', fields }]);
  });
});
