import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from './fakes.ts';
import { MSISDN, running, SOURCES } from './fakes.ts';

let open: Running[] = [];

async function start(options: Parameters<typeof running>[0] = {}): Promise<Running> {
  const one = await running(options);
  open.push(one);
  return one;
}

afterEach(async () => {
  await Promise.all(open.map(({ noc }) => noc.close()));
  open = [];
});

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

  it('says plainly that the store is away, and nothing of why', async () => {
    const { get } = await start({ sources: { orders: { ...SOURCES.orders, recent: away } } });
    const answer = await get('/api/v1/orders');
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({
      error: { code: 'unavailable', message: 'the store does not answer; see redis_up and the log' },
    });
  });
});
