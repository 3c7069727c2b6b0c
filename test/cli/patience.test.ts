import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';

const MSISDN = '254712345678';
const WHY = ['--why', 'asked by letter'];
let server: Server | undefined;

afterEach(() => {
  vi.restoreAllMocks();
  server?.closeAllConnections();
  server?.close();
});

/** Runs a command against a server of ours; tells the patience it had, in milliseconds. */
async function run(argv: readonly string[], answer: RequestListener) {
  let givenUp = new AbortController();
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => (givenUp = new AbortController()).signal);
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      answer(request, response);
      if (!response.headersSent && !response.destroyed) givenUp.abort(new DOMException('over', 'TimeoutError'));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const err: string[] = [];
  const code = await orderctl(argv, {
    env: { ORDERCTL_URL: url },
    out: () => undefined,
    err: (text) => void err.push(text.replaceAll(url, 'URL')),
  });
  return { code, err: err.join('\n'), patience: spy.mock.calls.map(([ms]) => ms) };
}

const never: RequestListener = () => undefined;
const MAY_RUN =
  'what was asked for may have been done or still be running: look, as in orderctl audit, before you ask again';

describe('orderctl waits', () => {
  it.each([
    [['erase', MSISDN, ...WHY], 3_600_000, '1 h'],
    [['export', MSISDN, '/nowhere', ...WHY], 3_600_000, '1 h'],
    [['subscriber', MSISDN, ...WHY], 10_000, '10 s'],
  ])('%j: %i ms, and says that it may still be running', async (argv, ms, text) => {
    const { code, err, patience } = await run(argv, never);
    expect(patience).toEqual([ms]);
    expect([code, err]).toEqual([3, `orderctl: URL gave no answer within ${text}; ${MAY_RUN}`]);
  });

  it('status: 10 s, and nothing can be running', async () => {
    const { code, err, patience } = await run(['status'], never);
    expect(patience).toEqual([10_000]);
    expect([code, err]).toEqual([3, 'orderctl: URL gave no answer within 10 s']);
  });
});

describe('orderctl tells apart', () => {
  it('a change whose answer was lost on its way', async () => {
    const { code, err } = await run(['erase', MSISDN, ...WHY], (_, response) => response.destroy());
    expect([code, err]).toEqual([3, `orderctl: URL gave no answer (ECONNRESET); ${MAY_RUN}`]);
  });

  it('a proxy that lost its patience', async () => {
    const { code, err } = await run(['erase', MSISDN, ...WHY], (_, response) =>
      response.writeHead(504, { 'content-type': 'text/html' }).end('<h1>Gateway Time-out</h1>'),
    );
    expect([code, err]).toEqual([3, `orderctl: URL gave no answer (status 504, and no JSON); ${MAY_RUN}`]);
  });

  it('a redirect, which takes no token elsewhere', async () => {
    const seen: (string | undefined)[] = [];
    const { code, err } = await run(['status'], ({ url }, response) => {
      seen.push(url);
      response.writeHead(302, { location: '/elsewhere', 'content-type': 'application/json' }).end('{}');
    });
    expect(seen).toEqual(['/api/v1/status']);
    expect([code, err]).toEqual([3, 'orderctl: answer with status 302']);
  });
});
