import { afterEach, describe, expect, it } from 'vitest';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { AuditEntry } from '../../src/noc/audit.ts';
import { isOrderId } from '../../src/noc/api/orders.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import type { Running } from './fakes.ts';
import { MSISDN, ORDER_ID, running } from './fakes.ts';

const OPERATOR = 'operator-token-of-20-characters';
const VIEWER = 'viewer-token-of-20-characters-xx';
const WHY = 'the subscriber rang us';
let open: Running[] = [];

afterEach(async () => {
  await Promise.all(open.map(({ noc }) => noc.close()));
  open = [];
});

const isIt = (id: string): boolean => id === ORDER_ID;

/** What staff can do for a subscriber, each with one good answer. */
const STAFF: Partial<NocSources> = {
  hold: (id) => Promise.resolve(isIt(id) ? 'done' : id.endsWith('9') ? 'as-it-is' : 'unknown'),
  complain: (id) => Promise.resolve(isIt(id) ? 'recorded' : id.endsWith('9') ? 'repeat' : 'unknown'),
  refund: (id) => {
    // Whatever else is asked for never reaches the store: it would be a part of a key.
    if (!isOrderId(id)) throw new Error(`the store was asked for ${id}`);
    return Promise.resolve(
      isIt(id) ? { kind: 'asked' } : id.endsWith('9') ? { kind: 'not-paid', state: 'refunded' } : { kind: 'unknown' },
    );
  },
  subscriber: (msisdn) => Promise.resolve({ subscriber: `…${msisdn.slice(-3)}`, subscriptions: [], orders: [] }),
  erase: () =>
    Promise.resolve({
      id: 'erasure-1',
      orders: 2,
      texts: 3,
      records: { evidence: 4, cdr: 1 },
      holds: [{ order: ORDER_ID, why: 'disputed', until: undefined }],
    }),
  exportOf: () => Promise.resolve([{ where: 'redis', what: { frozen: {} } }]),
};

/** Each source that is given a number tells it. */
function hearing(asked: string[]): Partial<NocSources> {
  const { subscriber, erase, exportOf } = STAFF;
  if (subscriber === undefined || erase === undefined || exportOf === undefined) throw new Error('staff can do less');
  return {
    subscriber: (msisdn) => (asked.push(msisdn), subscriber(msisdn)),
    erase: (wish) => (asked.push(wish.msisdn), erase(wish)),
    exportOf: (msisdn) => (asked.push(msisdn), exportOf(msisdn)),
  };
}

async function start(asked: string[] = []) {
  const audited: Omit<AuditEntry, 'at'>[] = [];
  const audit = {
    record: (entry: Omit<AuditEntry, 'at'>) => Promise.resolve(void audited.push(entry)),
    list: () => Promise.resolve([]),
  };
  const tokens = [
    { name: 'amina', role: 'operator', token: OPERATOR },
    { name: 'viktor', role: 'viewer', token: VIEWER },
  ] as const;
  const one = await running({ sources: { ...STAFF, ...hearing(asked), audit }, access: { tokens } });
  open.push(one);
  const ask = (path: string, body: object, token = OPERATOR) =>
    one.post(path, body, { authorization: `Bearer ${token}` });
  return { ...one, audited, ask };
}

const ROUTES = [
  ['order.complain', `/api/v1/orders/${ORDER_ID}/complain`, { why: WHY }, ORDER_ID],
  ['order.refund', `/api/v1/orders/${ORDER_ID}/refund`, { why: WHY }, ORDER_ID],
  ['order.hold', `/api/v1/orders/${ORDER_ID}/hold`, { why: WHY }, ORDER_ID],
  ['order.release', `/api/v1/orders/${ORDER_ID}/release`, { why: WHY }, ORDER_ID],
  ['subscriber.look', '/api/v1/subscriber', { msisdn: MSISDN, why: WHY }, '…678'],
  ['care.reveal', `/api/v1/care/orders/${ORDER_ID}/reveal`, { why: WHY }, ORDER_ID],
  ['subscriber.erase', '/api/v1/erasures', { msisdn: MSISDN, why: WHY }, 'erasure-1'],
  ['subscriber.export', '/api/v1/exports', { msisdn: MSISDN, why: WHY }, '…678'],
] as const;

describe.each(ROUTES)('%s', (what, path, body, subject) => {
  it('is done for an operator and leaves an audit record without the number', async () => {
    const { ask, audited } = await start();
    expect((await ask(path, body)).status).toBe(200);
    expect(audited).toMatchObject([{ who: 'amina', what, subject }]);
    expect(JSON.stringify(audited)).not.toContain(MSISDN);
  });

  it('is refused to a viewer and to nobody in particular', async () => {
    const { ask, post, audited } = await start();
    expect((await ask(path, body, VIEWER)).status).toBe(403);
    expect((await post(path, body)).status).toBe(401);
    expect(audited).toEqual([]);
  });

  it('wants what it asks for and nothing else', async () => {
    const { ask } = await start();
    for (const left of Object.keys(body)) {
      const less = Object.fromEntries(Object.entries(body).filter(([name]) => name !== left));
      expect((await ask(path, less)).status).toBe(400);
    }
    expect((await ask(path, { ...body, more: 1 })).status).toBe(400);
  });
});

describe.each(ROUTES.filter(([, , body]) => 'msisdn' in body))('%s', (_, path) => {
  it.each(['everybody', '', '+', '12345', `0${MSISDN}`, `++${MSISDN}`, `${MSISDN}1234`, `${MSISDN} `])(
    'takes no %j for a number',
    async (msisdn) => {
      const { ask, audited } = await start();
      expect((await ask(path, { msisdn, why: WHY })).status).toBe(400);
      expect(audited).toEqual([]);
    },
  );

  it('takes a number with its +, and asks for it without', async () => {
    const asked: string[] = [];
    const { ask } = await start(asked);
    expect((await ask(path, { msisdn: `+${MSISDN}`, why: WHY })).status).toBe(200);
    expect(asked).toEqual([MSISDN]);
  });
});

describe('what cannot be done', () => {
  const other = (end: string): string => ORDER_ID.slice(0, -1) + end;
  it.each([
    ['complain', other('7'), 404, 'no-order'],
    ['complain', other('9'), 409, 'as-it-is'],
    ['complain', 'nonsense', 404, 'no-order'],
    ['hold', other('7'), 404, 'no-order'],
    ['hold', other('9'), 409, 'as-it-is'],
    ['release', other('9'), 409, 'as-it-is'],
    ['refund', other('7'), 404, 'no-order'],
    ['refund', other('9'), 409, 'not-paid'],
    ['refund', 'nonsense', 404, 'no-order'],
  ])('%s %s: %i', async (verb, id, status, code) => {
    const { ask, audited } = await start();
    const answer = await ask(`/api/v1/orders/${id}/${verb}`, { why: WHY });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code } });
    expect(audited).toEqual([]);
  });
});

describe('orderctl', () => {
  it.each([
    [['complain', ORDER_ID, '--why', WHY], 0, `the complaint about ${ORDER_ID} is recorded`],
    [['hold', ORDER_ID, '--why', WHY], 0, `${ORDER_ID} is held`],
    [['release', ORDER_ID, '--why', WHY], 0, `${ORDER_ID} is not held`],
    // As three commands called it once.
    [['hold', ORDER_ID, '--reason', WHY], 0, `${ORDER_ID} is held`],
    [['refund', ORDER_ID, '--reason', WHY], 0, `${ORDER_ID} is refunding`],
    [['refund', ORDER_ID, '--why', WHY], 0, `${ORDER_ID} is refunding`],
    [['subscriber', MSISDN, '--why', WHY], 0, 'subscriber …678\nhas no service\nordered nothing'],
    [['subscriber', '-', '--why', WHY], 0, 'subscriber …678\nhas no service\nordered nothing'],
    [
      ['erase', `+${MSISDN}`, '--why', WHY],
      1,
      `erasure erasure-1: 2 orders, 3 texts, 4 evidence records, 1 cdr records\nheld: order ${ORDER_ID}, disputed`,
    ],
  ])('%j', async (args, status, text) => {
    const { port } = await start();
    const out: string[] = [];
    const say = (line: string): void => void out.push(line);
    const env = { ORDERCTL_URL: `http://127.0.0.1:${port}`, ORDERCTL_TOKEN: OPERATOR };
    expect(await orderctl(args, { env, out: say, err: say, secret: () => Promise.resolve(` ${MSISDN}`) })).toBe(status);
    expect(out.join('\n')).toBe(text);
  });

  it.each([
    ['complain', ORDER_ID],
    ['refund', ORDER_ID],
    ['subscriber', MSISDN],
    ['erase', MSISDN],
    ['export', MSISDN, 'no-file'],
  ])('refuses %s without a reason before it asks anybody', async (...args) => {
    const out: string[] = [];
    const say = (line: string): void => void out.push(line);
    expect(await orderctl(args, { env: {}, out: say, err: say })).toBe(2);
    expect(out.join('\n')).toContain('a reason is needed: --why TEXT');
  });
});
