import { expect, it } from 'vitest';
import { apiRoutes } from '../../src/noc/api/table.ts';
import { createMeter } from '../../src/noc/board/meter.ts';
import { createTally } from '../../src/noc/board/tally.ts';
import { createTraces } from '../../src/noc/board/traces.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import { NOW, order, ORDER_ID, SOURCES } from './fakes.ts';

const asked: string[] = [];
const unknown = (id: string) => Promise.resolve((asked.push(id), 'unknown' as const));
const sources: NocSources = {
  ...SOURCES,
  orders: { ...SOURCES.orders, orderById: (id) => Promise.resolve((asked.push(id), order('placed'))) },
  complain: unknown,
  hold: unknown,
  resolve: async (id) => ({ kind: await unknown(id) }),
  refund: async (id) => ({ kind: await unknown(id) }),
};
const self = { name: 'orderd-lab', version: '0.1.0', startedAt: NOW };
const now = () => NOW;
const desk = { sources, self, now, tally: createTally(now), meter: createMeter(now) };
const ROUTES = apiRoutes(desk, createTraces(now)).filter(({ path }) => /(?:orders|charges)\/:id/.test(path));

const ask = (route: (typeof ROUTES)[number], id: string): Promise<object> => {
  const who = { name: 'ann', role: 'operator' } as const;
  return route.handle({ params: { id }, query: {}, body: { why: 'row 4711', outcome: 'placed' }, who });
};

it.each(ROUTES.map((route) => [route.path, route] as const))(
  '%s reaches the store for ids of ours only, those of renewals too',
  async (_, route) => {
    for (const id of ['', '03', `${ORDER_ID}:x`, `{${ORDER_ID}}`, '03-ABC', `03-${'a'.repeat(65)}`, `${ORDER_ID}-r`])
      expect(await ask(route, id)).toMatchObject({ refused: { status: 404 } });
    expect(asked).toEqual([]);
    for (const id of [ORDER_ID, `${ORDER_ID}-r2`]) await ask(route, id);
    expect(asked.splice(0)).toEqual([ORDER_ID, `${ORDER_ID}-r2`]);
  },
);

it('are asked for by every route of one order', () => {
  expect(ROUTES).toHaveLength(9);
});
