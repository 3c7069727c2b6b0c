import { expect, it } from 'vitest';
import { deadLetterRoutes } from '../../src/noc/api/dead-letters.ts';
import { holdRoutes } from '../../src/noc/api/holds.ts';
import { linkRoutes } from '../../src/noc/api/links.ts';
import { orderRoutes } from '../../src/noc/api/orders.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import { ORDER_ID, SOURCES } from './fakes.ts';

const asked = (body: object) => ({
  params: { id: ORDER_ID },
  query: {},
  body: { why: 'a court asked', ...body },
  who: { name: 'ann', role: 'operator' } as const,
});

it('a hold is set in the name of a person and released for good, each told as it was and is', async () => {
  const told: unknown[] = [];
  const hold: NocSources['hold'] = (...word) => Promise.resolve((told.push(word), 'done' as const));
  const done = await Promise.all(holdRoutes({ ...SOURCES, hold }).map((route) => route.handle(asked({}))));
  expect(told).toEqual([
    [ORDER_ID, { who: 'ann', why: 'a court asked' }],
    [ORDER_ID, undefined],
  ]);
  expect(done).toMatchObject([
    { deed: { what: 'order.hold', before: { held: false }, after: { held: true } } },
    { deed: { what: 'order.release', before: { held: true }, after: { held: false } } },
  ]);
});

it('a dead letter that is tried again waits, one that is discarded is gone', async () => {
  const yes = () => Promise.resolve(true);
  const deadLetters = { ...SOURCES.deadLetters, retry: yes, discard: yes };
  const verbs = deadLetterRoutes({ ...SOURCES, deadLetters }).filter(({ method }) => method === 'POST');
  const done = await Promise.all(verbs.map((route) => route.handle(asked({ what: 'text', id: 'mt' }))));
  expect(done).toMatchObject([{ view: { now: 'waiting' } }, { view: { now: 'gone' } }]);
});

it('a link is told as it was before and as it is after', async () => {
  const [first] = SOURCES.links();
  let link = first!;
  const linkVerb = () => {
    link = { ...link, state: 'unbinding', suspended: true };
    return Promise.resolve('done' as const);
  };
  const [suspend] = linkRoutes({ ...SOURCES, links: () => [link], linkVerb });
  const done = await suspend!.handle({ ...asked({}), params: { name: link.name } });
  expect(done).toMatchObject({
    deed: { before: { state: 'bound', suspended: false }, after: { state: 'unbinding', suspended: true } },
  });
});

it('an order is resolved in the name that was proved, and where none was in the name that was said', async () => {
  const told: unknown[] = [];
  const resolve: NocSources['resolve'] = (_, { who }) =>
    Promise.resolve((told.push(who), { kind: 'resolved', state: 'placed' } as const));
  const route = orderRoutes({ ...SOURCES, resolve }).find(({ path }) => path.endsWith('/resolve'))!;
  const word = asked({ outcome: 'placed', who: 'bob' });
  await route.handle(word);
  await route.handle({ ...word, who: { name: 'this machine', role: 'operator', claimed: true } });
  expect(told).toEqual(['ann', 'bob']);
});
