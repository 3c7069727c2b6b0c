import { channel } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/noc/audit.ts';
import type { Route } from '../../src/noc/api/route.ts';
import { apiRoutes } from '../../src/noc/api/table.ts';
import { createMeter } from '../../src/noc/board/meter.ts';
import { createTally } from '../../src/noc/board/tally.ts';
import { createTraces } from '../../src/noc/board/traces.ts';
import { scoreHistory } from '../../src/noc/provider-view.ts';
import type { ProviderBook } from '../../src/noc/provider-view.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import { MSISDN, NOW, order, ORDER_ID, SOURCES, useNocs } from './fakes.ts';

const book: ProviderBook = {
  summary: {
    id: 'planet',
    name: 'Planet Media',
    services: 2,
    score: 74,
    band: 'known',
    interaction: 'confirm',
    reading: 'known',
    suspended: { by: 'person', who: 'amina', why: 'complaints', at: NOW },
    suspendedServices: [{ service: 'quiz', until: NOW + 1 }],
  },
  startingPoints: 80,
  bands: [{ name: 'known', from: 30, interaction: 'confirm' }],
  entries: [
    {
      id: 'e2',
      points: -5,
      reason: 'by hand',
      who: 'amina',
      evidence: undefined,
      at: NOW - 1000,
      expiresAt: undefined,
    },
    {
      id: 'e1',
      points: -1,
      reason: 'failed-challenge',
      who: 'rule',
      evidence: ORDER_ID,
      at: NOW - 5000,
      expiresAt: NOW + 9,
    },
  ],
};
const sources: NocSources = {
  ...SOURCES,
  resolve: () => Promise.resolve({ kind: 'resolved', state: 'placed' }),
  linkVerb: (name, verb) => Promise.resolve(name !== 'lab-smsc' ? 'unknown' : verb === 'resume' ? 'refused' : 'done'),
  forgetGroup: (group) => Promise.resolve(group === 'store' ? 'served' : group === 'cdr' ? 'done' : 'unknown'),
  providers: {
    list: () => Promise.resolve([book.summary]),
    book: (id) => Promise.resolve(id === 'planet' ? book : undefined),
    adjust: () => Promise.resolve(),
    suspend: () => Promise.resolve(true),
    resume: (_, service) => Promise.resolve(service === 'quiz'),
  },
};
const [now, clock] = [() => NOW, () => 0];
const desk = {
  sources,
  self: { name: 'orderd-lab', version: '0.1.0', startedAt: NOW },
  now,
  tally: createTally(now),
  meter: createMeter(clock),
};
const ROUTES = apiRoutes(desk, createTraces(now));

const start = useNocs({ sources });

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const documented = ({ method, path }: Route): string => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;

const SESSION = ['GET /api/v1/feed', 'GET /api/v1/session', 'POST /api/v1/session', 'POST /api/v1/session/end'];

describe('money in doubt', () => {
  const disputed = order('disputed');
  const orders = {
    ...SOURCES.orders,
    recent: () => Promise.resolve([order('placed')]),
    inDoubt: (states: readonly string[]) => Promise.resolve(states.includes('disputed') ? [disputed] : []),
  };

  it('is on the board and in the list, however many orders are newer', async () => {
    const { get } = await start({ sources: { orders } });
    expect((await get('/api/v1/board')).json()).toMatchObject({
      orders: [{ state: 'placed' }],
      attention: [{ id: ORDER_ID, state: 'disputed' }],
    });
    const listed = { orders: [{ id: ORDER_ID, state: 'disputed' }] };
    expect((await get('/api/v1/orders?state=disputed')).json()).toMatchObject(listed);
    expect((await get('/api/v1/orders?state=charge-unknown')).json()).toEqual({ orders: [] });
    expect((await get('/api/v1/orders?state=placed')).status).toBe(400);
  });
});

describe('the OpenAPI document', () => {
  it('lists exactly the routes, each with its role and the shape of its answer', async () => {
    const { get } = await start();
    const { openapi, paths } = (await get('/api/v1/openapi.json')).json() as Document;
    expect(openapi).toBe('3.1.0');
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
    );
    expect(found.map(({ name }) => name).sort()).toEqual([...ROUTES.map(documented), ...SESSION].sort());
    for (const { name, operation } of found.filter(({ name }) => name !== 'GET /api/v1/feed')) {
      expect(operation['x-role'], name).toMatch(/^(viewer|operator|anybody)$/);
      expect(operation['summary'], name).toBeTruthy();
      expect(operation['responses'], name).toHaveProperty(['200', 'content', 'application/json', 'schema', 'type']);
    }
    const ids = found.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it('no change is open to a viewer', () => {
  const changes = ROUTES.filter(({ method }) => method === 'POST');
  expect(changes.length).toBeGreaterThan(10);
  expect(changes.filter(({ role }) => role !== 'operator')).toEqual([]);
});

describe('the shapes of answers', () => {
  const asked = {
    params: { id: ORDER_ID },
    query: { limit: 5, from: '2026-01-01', to: '2027-01-01', provider: 'planet', since: '2026-01-01' },
  };

  it.each(ROUTES.filter(({ method }) => method === 'GET'))('$path drops nothing of its view', async (route) => {
    const id = route.tag === 'providers' ? 'planet' : ORDER_ID;
    const view = await route.handle({
      ...asked,
      params: { id },
      body: undefined,
      who: { name: 'x', role: 'operator' },
    });
    const { get } = await start();
    const path = `${route.path.replace(':id', id)}${route.query === undefined ? '' : queryOf(route.path)}`;
    expect((await get(path)).json()).toEqual(JSON.parse(JSON.stringify(view)));
  });
});

const WHY = 'seen at the desk';

describe('changes', () => {
  it.each([
    ['/api/v1/links/lab-smsc/suspend', { why: WHY }, 200, 'link.suspend'],
    ['/api/v1/links/lab-smsc/resume', { why: WHY }, 409, undefined],
    ['/api/v1/links/other/rebind', { why: WHY }, 404, undefined],
    ['/api/v1/links/lab-smsc/rebind', {}, 400, undefined],
    ['/api/v1/providers/planet/adjust', { points: -5, why: WHY, days: 30 }, 200, 'provider.adjust'],
    ['/api/v1/providers/planet/adjust', { points: 0, why: WHY }, 400, undefined],
    ['/api/v1/providers/planet/adjust', { points: 500, why: WHY }, 400, undefined],
    ['/api/v1/providers/planet/adjust', { points: 5, why: 'x\ny' }, 400, undefined],
    ['/api/v1/providers/nobody/adjust', { points: 5, why: WHY }, 404, undefined],
    ['/api/v1/providers/planet/suspend', { why: WHY }, 200, 'provider.suspend'],
    ['/api/v1/providers/planet/resume', { why: WHY }, 409, undefined],
    ['/api/v1/providers/planet/resume', { service: 'quiz', why: WHY }, 200, 'provider.resume'],
    ['/api/v1/providers/planet/resume', { service: 'news', why: WHY }, 409, undefined],
    ['/api/v1/providers/planet/resume', { service: 'quiz' }, 400, undefined],
    ['/api/v1/providers/planet/suspend', { service: 'quiz', why: WHY }, 400, undefined],
    ['/api/v1/providers/nobody/resume', { service: 'quiz', why: WHY }, 404, undefined],
    ['/api/v1/dead-letters/retry', { what: 'text', id: `${ORDER_ID}-code`, why: WHY }, 200, 'dead-letter.retry'],
    ['/api/v1/dead-letters/discard', { what: 'settle', id: 'j', why: WHY }, 200, 'dead-letter.discard'],
    ['/api/v1/dead-letters/retry', { what: 'say', id: 'other', why: WHY }, 404, undefined],
    ['/api/v1/outbox/cdr/forget', { why: WHY }, 200, 'outbox.forget'],
    ['/api/v1/outbox/store/forget', { why: WHY }, 409, undefined],
    ['/api/v1/outbox/other/forget', { why: WHY }, 404, undefined],
    [`/api/v1/care/orders/${ORDER_ID}/reveal`, { why: WHY }, 200, 'care.reveal'],
  ])('%s %j: %i', async (path, body, status, what) => {
    const entries: AuditEntry[] = [];
    const audit = {
      record: (entry: AuditEntry) => Promise.resolve(void entries.push(entry)),
      list: () => Promise.resolve([]),
    };
    const { post } = await start({ sources: { ...sources, audit } });
    const answer = await post(path, body);
    expect(answer.status, answer.text).toBe(status);
    expect(entries.map((entry) => entry.what)).toEqual(what === undefined ? [] : [what]);
    expect(JSON.stringify(entries)).not.toContain(MSISDN);
    if (!path.includes('reveal')) expect(answer.text).not.toContain(MSISDN);
  });
});

it('names the service that was resumed, in its answer and in the audit record', async () => {
  const entries: AuditEntry[] = [];
  const record = (entry: AuditEntry): Promise<void> => Promise.resolve(void entries.push(entry));
  const { post } = await start({ sources: { ...sources, audit: { record, list: () => Promise.resolve([]) } } });
  const done = await post('/api/v1/providers/planet/resume', { service: 'quiz', why: WHY });
  expect(done.json()).toEqual({ provider: 'planet', service: 'quiz', suspended: false });
  const states = { before: { service: 'quiz', suspended: true }, after: { service: 'quiz', suspended: false } };
  expect(entries).toMatchObject([{ what: 'provider.resume', subject: 'planet', why: WHY, ...states }]);
  const not = await post('/api/v1/providers/planet/resume', { service: 'news', why: WHY });
  expect(not.json()).toMatchObject({ error: { message: 'service news of provider planet is not suspended' } });
});

it('says in words that no points are no change, and that no provider has an id', async () => {
  const { get, post } = await start();
  const none = await post('/api/v1/providers/planet/adjust', { points: 0, why: WHY });
  expect(none.json()).toMatchObject({ error: { message: 'points is a whole number other than 0' } });
  const unknown = await get('/api/v1/credit/what-if?provider=plannet&since=2026-01-01');
  expect(unknown.json()).toMatchObject({ error: { code: 'no-provider', message: 'no provider has this id' } });
});

describe('a number of a query', () => {
  const counted = ROUTES.filter(({ query }) => Object.keys(query?.['properties'] ?? {}).includes('limit'));

  it.each(['1e999', '-1e999', 'Infinity', '1.5', 'NaN', '0', '501'])('is refused on every route: %s', async (limit) => {
    const { get } = await start();
    expect(counted.length).toBeGreaterThan(1);
    for (const { path } of counted) {
      const answer = await get(`${path}?limit=${limit}`);
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });
});

it.each(['since=2026-01-01&score=101', 'since=2026-01-01&score=-1', 'since=5', 'since=2016-12-31T23:59:60Z'])(
  'replays no orders for %s',
  async (query) => {
    const { get } = await start();
    expect((await get(`/api/v1/credit/what-if?provider=planet&${query}`)).status).toBe(400);
  },
);

it.each([
  ['2026-01-02', '2026-01-01'],
  ['2016-12-31T23:59:60Z', '2026-01-01'],
  ['2016-12-31', '2016-12-31T23:59:60Z'],
])('lists no charges from %s to %s', async (from, to) => {
  const { get } = await start();
  const answer = await get(`/api/v1/charges?from=${from}&to=${to}`);
  expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'bad-range' } }]);
});

it('what was asked for from further back than is kept says from when it is, also of a provider that left', async () => {
  const between = () => Promise.resolve({ orders: [order('placed')], from: NOW - 5 });
  const { get } = await start({ sources: { ...sources, orders: { ...SOURCES.orders, between } } });
  const from = new Date(NOW - 5).toISOString();
  expect((await get('/api/v1/charges?from=2026-01-01&to=2027-01-01')).json()).toMatchObject({ from });
  const replayed = await get('/api/v1/credit/what-if?provider=quizzo&since=2026-01-01');
  expect(replayed.json()).toMatchObject({ provider: 'quizzo', from, orders: 1 });
});

describe('the feed', () => {
  it('answers HEAD with its headers alone, and is no open page for it', async () => {
    const { get } = await start();
    const { status, headers, text } = await get('/api/v1/feed', {}, 'HEAD');
    expect([status, headers['content-type'], text]).toEqual([200, 'text/event-stream', '']);
  });

  it('sends the board at once, and again when an order moves', async () => {
    const { port } = await start();
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/feed`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('event: board')) text += (await reader.read()).value ?? '';
    channel('orderd').publish({
      event: 'order.opened',
      level: 'info',
      fields: { order: ORDER_ID, interaction: 'otp', state: 'challenged' },
    });
    // Boards that went before it may stand in what was read.
    for (let done = false; !done && !text.includes('"interaction:otp":1');) {
      const read = await reader.read();
      text += read.value ?? '';
      done = read.done;
    }
    expect(text).toContain('"interaction:otp":1');
    expect(text.split('event: board').length).toBeGreaterThan(2);
    expect(text).not.toContain(MSISDN);
    await reader.cancel();
  });
});

describe("a provider's score over time", () => {
  it('turns where an entry begins or ends', () => {
    expect(scoreHistory(book, NOW - 10_000, NOW + 100)).toEqual([
      { at: NOW - 10_000, score: 80 },
      { at: NOW - 5000, score: 79 },
      { at: NOW - 1000, score: 74 },
      { at: NOW + 9, score: 75 },
      { at: NOW + 100, score: 75 },
    ]);
  });
});

describe('a change', () => {
  it('leaves an audit record: who, what, to what, before, after, why', async () => {
    const entries: AuditEntry[] = [];
    const audit = {
      record: (entry: AuditEntry) => Promise.resolve(void entries.push(entry)),
      list: () => Promise.resolve([]),
    };
    const { port } = await start({ sources: { ...sources, audit } });
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/orders/${ORDER_ID}/resolve`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'placed', why: 'row 12 of the book' }),
    });
    expect(await answer.json()).toEqual({ order: ORDER_ID, state: 'placed' });
    expect(entries).toEqual([
      {
        at: NOW,
        who: 'this machine (unproved)',
        what: 'order.resolve',
        subject: ORDER_ID,
        before: { state: 'disputed' },
        after: { state: 'placed', outcome: 'placed' },
        why: 'row 12 of the book',
      },
    ]);
  });
});

function queryOf(path: string): string {
  if (path.includes('charges')) return '?from=2026-01-01&to=2027-01-01';
  return path.includes('what-if') ? '?provider=planet&since=2026-01-01' : '?limit=5';
}
