import { afterEach } from 'vitest';
import { POLICY } from '../policies.ts';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Order, OrderState } from '../../src/domain/order.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import type { AccessSettings, Logins } from '../../src/noc/auth/access.ts';
import type { Noc, NocSettings } from '../../src/noc/noc.ts';
import { createNoc } from '../../src/noc/noc.ts';
import type { NocSources } from '../../src/noc/sources.ts';

export const MSISDN = '254712345678';
export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
export const ORDER_ID = '03-01jd8k2q71234567x98';

export function order(state: OrderState = 'charge-unknown'): Order {
  return {
    frozen: {
      id: ORDER_ID,
      msisdn: MSISDN,
      shortCode: '5000',
      link: 'lab-smsc',
      serviceId: 'quiz',
      serviceIdentifier: 3001,
      providerId: 'quizzo',
      providerName: 'Quizzo Games',
      title: 'Quiz Night',
      keyword: 'QUIZ',
      price: { minor: 1500, currency: 'KES', decimals: 2 },
      priceText: 'KES 15.00',
      period: 'once',
      chargeKind: 'event',
      grantOnUnknown: false,
      textVersion: 'abcdef012345',
      language: 'en',
      channel: 'sms',
      decision: {
        interaction: 'otp',
        score: 12,
        band: 'watched',
        verdicts: [
          { rule: 'credit', asks: 'otp', because: 'score 12 is in band watched' },
          { rule: 'profile', asks: 'notice', because: 'profile neutral, once service' },
        ],
        won: 'credit',
        policyVersion: '0303fbe567e7',
      },
      openedAt: NOW - 60_000,
    },
    state,
    challenge: {
      id: 'f'.repeat(32),
      kind: 'otp',
      keyId: 'code-1',
      maxTries: 3,
      codeEndsAt: NOW + 240_000,
      windowEndsAt: NOW + 3_540_000,
    },
    tries: 1,
    charge: {
      sessionId: `orderd.lab.example;1763935702;1;${ORDER_ID}`,
      requestNumber: 0,
      endToEnd: 77,
      originHost: 'orderd.lab.example',
      eventTimestamp: Math.floor(NOW / 1000) - 30,
    },
    unanswered: true,
    refund: undefined,
    verdict: undefined,
    stopRequested: false,
    fence: 4,
    waits: 2,
    updatedAt: NOW - 1000,
  };
}

const CENSUS = { challenged: 2, 'charge-unknown': 1, placed: 40, uncharged: 3 } as Record<OrderState, number>;

export const SOURCES: NocSources = {
  policy: () => POLICY,
  outbox: () => Promise.resolve({ oldest: NOW - 5000, groups: [{ group: 'files', pending: 1, behind: 2 }] }),
  ready: () => ({ ok: true, reasons: [] }),
  links: () => [
    {
      name: 'lab-smsc',
      smsc: 'lab-smsc',
      state: 'bound',
      bound: true,
      window: { inUse: 2, size: 10 },
      queued: 0,
      since: NOW - 3_600_000,
      lastError: `refused a text to ${MSISDN}`,
    },
  ],
  peers: () => [
    { name: 'lab-ocs', state: 'I-Open', watchdog: 'OKAY', open: true, pending: 1, originHost: 'ocs.lab.example' },
  ],
  orders: {
    orderById: (id) => Promise.resolve(id === ORDER_ID ? order() : undefined),
    recent: (limit) => Promise.resolve([order(), order('placed')].slice(0, limit)),
    inDoubt: (states, limit) => Promise.resolve(states.includes('charge-unknown') ? [order()].slice(0, limit) : []),
    between: (from) => Promise.resolve({ orders: [order(), order('placed')], from }),
    census: () => Promise.resolve(CENSUS),
    backlog: () => Promise.resolve({ waiting: 3, overdue: 1500 }),
  },
  queues: {
    counts: () =>
      Promise.resolve({
        settle: { waiting: 1, delayed: 2, active: 0, failed: 1 },
        say: { waiting: 0, delayed: 0, active: 0, failed: 0 },
      }),
    waiting: () =>
      Promise.resolve([
        { queue: 'settle', job: `${ORDER_ID}-4`, id: ORDER_ID, reason: 'no peer is open', until: NOW + 2000 },
      ]),
    failed: () =>
      Promise.resolve([
        { queue: 'settle', job: 'j', id: ORDER_ID, reason: `threw about ${MSISDN}`, attempts: 9, at: NOW - 5000 },
      ]),
    retry: (_, job) => Promise.resolve(job === 'j'),
    discard: (_, job) => Promise.resolve(job === 'j'),
  },
  deadLetters: {
    list: () =>
      Promise.resolve([
        {
          id: `${ORDER_ID}-code`,
          orderId: ORDER_ID,
          kind: 'code',
          to: '…678',
          shortCode: '5000',
          reason: 'refused with status 0x0000000b; code 493817',
          at: NOW - 9000,
        },
      ]),
    count: () => Promise.resolve(1),
    retry: (id) => Promise.resolve(id === `${ORDER_ID}-code`),
    discard: (id) => Promise.resolve(id === `${ORDER_ID}-code`),
  },
  audit: { record: () => Promise.resolve(), list: () => Promise.resolve([]) },
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: () => unknown;
}

export interface Running {
  readonly port: number;
  readonly noc: Noc;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>, method?: string) => Promise<Answer>;
  /** JSON, with the type that goes with it. */
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
}

interface Options {
  readonly sources?: Partial<NocSources>;
  /** Of an operator. */
  readonly token?: string;
  readonly settings?: Partial<NocSettings>;
  readonly access?: Partial<AccessSettings & Logins>;
}

/** What the notes of the NOC under test say. */
export const noted: { readonly event: string; readonly fields: NoteFields | undefined }[] = [];

export function settingsOf({ token, settings, access: { users = [], ...access } = {} }: Options = {}): NocSettings {
  const usual: Logins['tokens'] = token === undefined ? [] : [{ name: 'ops', role: 'operator', token }];
  const { tokens = usual } = access;
  return {
    host: '127.0.0.1',
    port: 0,
    hosts: [],
    proxies: [],
    tls: undefined,
    access: {
      logins: () => ({ users, tokens }),
      sessionFor: 3_600_000,
      sessionKey: new Uint8Array(32).fill(7),
      ...access,
    },
    name: 'orderd-lab',
    version: '0.1.0',
    ...settings,
  };
}

export async function running(options: Options = {}): Promise<Running> {
  const note = (event: string, fields?: NoteFields): void => void noted.push({ event, fields });
  const noc = createNoc(settingsOf(options), { ...SOURCES, ...options.sources }, { now: () => NOW, note });
  const port = await noc.listen();
  return {
    port,
    noc,
    get: (path, headers, method) => ask(port, { path, headers, method }),
    post: (path, body, headers) =>
      ask(port, {
        path,
        headers: { 'content-type': 'application/json', ...headers },
        method: 'POST',
        body: JSON.stringify(body),
      }),
  };
}

/** Starts NOCs that are closed after each test. */
export function useNocs(usual: Parameters<typeof running>[0] = {}): (options?: typeof usual) => Promise<Running> {
  let open: Running[] = [];
  afterEach(async () => {
    await Promise.all(open.map(({ noc }) => noc.close()));
    open = [];
  });
  return async (options = usual) => {
    const one = await running(options);
    open.push(one);
    return one;
  };
}

interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly method?: string | undefined;
  readonly body?: string;
}

/** fetch does not let a test choose Host, Origin or Sec-Fetch-Site. */
function ask(port: number, { path, headers = {}, method = 'GET', body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as unknown,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
