import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/noc/audit.ts';
import type { Route } from '../../src/noc/api/route.ts';
import { apiRoutes } from '../../src/noc/api/table.ts';
import type { Running } from './fakes.ts';
import { NOW, ORDER_ID, running, SOURCES } from './fakes.ts';

const sources = { ...SOURCES, resolve: () => Promise.resolve({ kind: 'resolved', state: 'placed' } as const) };
const ROUTES = apiRoutes(sources, { name: 'x', version: '0', startedAt: NOW }, () => NOW);

let open: Running[] = [];

async function start(options: Parameters<typeof running>[0] = { sources }): Promise<Running> {
  const one = await running(options);
  open.push(one);
  return one;
}

afterEach(async () => {
  await Promise.all(open.map(({ noc }) => noc.close()));
  open = [];
});

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const documented = ({ method, path }: Route): string => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;

const SESSION = ['GET /api/v1/session', 'POST /api/v1/session', 'POST /api/v1/session/end'];

describe('the OpenAPI document', () => {
  it('lists exactly the routes, each with its role and the shape of its answer', async () => {
    const { get } = await start();
    const { openapi, paths } = (await get('/api/v1/openapi.json')).json() as Document;
    expect(openapi).toBe('3.1.0');
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
    );
    expect(found.map(({ name }) => name).sort()).toEqual([...ROUTES.map(documented), ...SESSION].sort());
    for (const { name, operation } of found) {
      expect(operation['x-role'], name).toMatch(/^(viewer|operator|anybody)$/);
      expect(operation['summary'], name).toBeTruthy();
      expect(operation['responses'], name).toHaveProperty(['200', 'content', 'application/json', 'schema', 'type']);
    }
    const ids = found.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the shapes of answers', () => {
  const asked = { params: { id: ORDER_ID }, query: { limit: 5, from: '2026-01-01', to: '2027-01-01' } };

  it.each(ROUTES.filter(({ method }) => method === 'GET'))('$path drops nothing of its view', async (route) => {
    const view = await route.handle({ ...asked, body: undefined, who: { name: 'x', role: 'operator' } });
    const { get } = await start();
    const path = `${route.path.replace(':id', ORDER_ID)}${route.query === undefined ? '' : route.path.includes('charges') ? '?from=2026-01-01&to=2027-01-01' : '?limit=5'}`;
    expect((await get(path)).json()).toEqual({
      ...(JSON.parse(JSON.stringify(view)) as object),
      ...('startedAt' in view ? { name: 'orderd-lab', version: '0.1.0' } : {}),
    });
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
