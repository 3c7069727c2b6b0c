import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebhookSettings } from '../../src/webhook/webhook.ts';
import { BLOCKED_PORTS } from '../../src/webhook/blocked-ports.ts';
import { createWebhooks, readStatus, sign } from '../../src/webhook/webhook.ts';
import { frozen } from '../redis/fixtures.ts';

const NOW = 1_700_000_000_000;
const SECRET = 'a secret of twenty characters';
const ORDER = frozen({ id: '01-order', msisdn: '254700000123', renewal: 3, period: 'week' });

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A provider that answers with `status`, or never. */
async function provider(status: number | 'never', more: Record<string, string> = {}) {
  const heard: Heard[] = [];
  const made = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      if (status !== 'never') response.writeHead(status, more).end('whatever it says '.repeat(10_000));
    });
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { heard, url: `http://127.0.0.1:${(made.address() as AddressInfo).port}/hook` };
}

function webhooks(url: string, over: Partial<WebhookSettings> = {}, now = NOW) {
  const settings = { url, secret: SECRET, timeout: 20_000, limit: 60_000, fullMsisdn: false, ...over };
  return createWebhooks({
    settingsOf: (id) => (id === 'news' ? settings : undefined),
    nameOf: () => 'abcdef0123456789',
    now: () => now,
  });
}

describe('a webhook', () => {
  it('is a signed body that names the event for ever, and no number', async () => {
    const { heard, url } = await provider(204);
    expect(await webhooks(url)(ORDER, 'renewed', NOW)).toEqual({ kind: 'done' });
    expect(await webhooks(url)(ORDER, 'renewed', NOW)).toEqual({ kind: 'done' });
    const [first, second] = heard;
    expect(second?.body).toBe(first?.body);
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': '01-order-renewed',
      'orderd-timestamp': '1700000000',
      'orderd-signature': `v1=${createHmac('sha256', SECRET)
        .update(`1700000000.${first?.body ?? ''}`)
        .digest('hex')}`,
    });
    expect(JSON.parse(first?.body ?? '')).toEqual({
      id: '01-order-renewed',
      event: 'renewed',
      order: '01-order',
      periodNumber: 3,
      service: 'news',
      provider: 'acme',
      keyword: 'NEWS',
      shortCode: '4242',
      price: { minor: 500, currency: 'KES' },
      period: 'week',
      subscriber: { name: 'abcdef0123456789' },
    });
    expect(JSON.stringify(heard)).not.toContain('254700000123');
  });

  it('tells the number only where the service says so (E19)', async () => {
    const { heard, url } = await provider(200);
    await webhooks(url, { fullMsisdn: true })(ORDER, 'placed', NOW);
    expect(heard[0]?.body).toContain('254700000123');
  });

  it('follows no redirect: data goes where the config says and nowhere else', async () => {
    const { heard, url } = await provider(302, { location: '/elsewhere' });
    expect(await webhooks(url)(ORDER, 'placed', NOW)).toEqual({ kind: 'wait', reason: 'the provider answered 302' });
    expect(heard).toHaveLength(1);
  });

  it('is answered by its status, whatever becomes of the rest', async () => {
    const made = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 9 });
      response.flushHeaders();
      setImmediate(() => response.socket?.destroy());
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}/hook`;
    for (let time = 0; time < 20; time++)
      expect(await webhooks(url, { limit: 1 })(ORDER, 'placed', NOW - 1000)).toEqual({ kind: 'done' });
  });

  it('waits for a provider that does not answer, until its limit', async () => {
    const { url } = await provider('never');
    expect(await webhooks(url, { timeout: 300 })(ORDER, 'placed', NOW)).toEqual({
      kind: 'wait',
      reason: 'the provider does not answer (TimeoutError)',
    });
    expect(await webhooks(url, { timeout: 300 }, NOW + 60_000)(ORDER, 'placed', NOW)).toEqual({
      kind: 'failed',
      reason: 'the provider does not answer (TimeoutError), and the limit is over',
      refused: false,
    });
    expect(await webhooks('http://127.0.0.1:1/')(ORDER, 'placed', NOW)).toMatchObject({ kind: 'wait' });
  });

  it.each([
    [200, 'done'],
    [202, 'done'],
    [301, 'wait'],
    [400, 'failed'],
    [404, 'failed'],
    [408, 'wait'],
    [409, 'failed'],
    [425, 'wait'],
    [429, 'wait'],
    [500, 'wait'],
    [503, 'wait'],
  ])('%i is %s', (status, kind) => {
    expect(readStatus(status).kind).toBe(kind);
  });

  it('of a service without one is nobody', async () => {
    expect(await webhooks('http://127.0.0.1:1/')(frozen({ serviceId: 'other' }), 'placed', NOW)).toEqual({
      kind: 'done',
    });
  });

  it('is signed by the body and the time', () => {
    expect(sign(SECRET, 1, 'a')).not.toBe(sign(SECRET, 2, 'a'));
    expect(sign(SECRET, 1, 'a')).not.toBe(sign(SECRET, 1, 'b'));
  });
});

it.each([...BLOCKED_PORTS].filter((port) => port > 0))(
  'port %d is called by no fetch, so config refuses it',
  async (port) => {
    const refused: unknown = await fetch(`http://127.0.0.1:${port}/hook`).catch(
      (error: unknown) => (error as Error).cause,
    );
    expect(String(refused)).toBe('Error: bad port');
  },
);
