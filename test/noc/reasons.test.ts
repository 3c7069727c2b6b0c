import { afterEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/noc/audit.ts';
import type { ProviderBook } from '../../src/noc/provider-view.ts';
import type { NocSources } from '../../src/noc/sources.ts';
import type { Running } from './fakes.ts';
import { MSISDN, noted, ORDER_ID, running } from './fakes.ts';

let open: Running[] = [];
afterEach(async () => {
  await Promise.all(open.map(({ noc }) => noc.close()));
  open = [];
});

const WHY = `+${MSISDN} rang us about row 4711, code 493817`;
const SAID = '…678 rang us about row 4711, code ******';
const BOOK = {
  summary: {
    id: 'planet',
    name: 'Planet',
    services: 1,
    score: 7,
    band: 'a',
    interaction: 'otp',
    reading: 'known',
    suspendedServices: [],
  },
  startingPoints: 0,
  bands: [],
  entries: [],
} as unknown as ProviderBook;

/** A NOC over sources that keep what they are told. */
async function start() {
  const told: unknown[] = [];
  const audited: AuditEntry[] = [];
  const tell = <Answer>(word: unknown, answer: Answer): Promise<Answer> => {
    told.push(word);
    return Promise.resolve(answer);
  };
  const sources: Partial<NocSources> = {
    audit: { record: (entry) => Promise.resolve(void audited.push(entry)), list: () => Promise.resolve([]) },
    providers: {
      list: () => Promise.resolve([]),
      book: () => Promise.resolve(BOOK),
      adjust: (_, change) => tell(change, undefined),
      suspend: (_, word) => tell(word, true),
      resume: () => Promise.resolve(true),
    },
    hold: (_, word) => tell(word, 'done' as const),
    refund: (_, word) => tell(word, { kind: 'asked' } as const),
    resolve: (_, word) => tell(word, { kind: 'resolved', state: 'placed' } as const),
  };
  const one = await running({ sources });
  open.push(one);
  noted.length = 0;
  return { ...one, told, audited };
}

// A person at the desk types what is on the phone before them; the record is kept for years (E19).
describe('a reason with a number and a code in it', () => {
  it.each([
    ['/api/v1/providers/planet/adjust', { points: -5 }],
    ['/api/v1/providers/planet/suspend', {}],
    [`/api/v1/orders/${ORDER_ID}/resolve`, { outcome: 'placed' }],
    [`/api/v1/orders/${ORDER_ID}/refund`, {}],
    [`/api/v1/orders/${ORDER_ID}/hold`, {}],
  ])('%s: neither is kept, in the store, in the log or in the record', async (path, more) => {
    const { post, told, audited } = await start();
    expect((await post(path, { why: WHY, ...more })).status).toBe(200);
    expect(told).toMatchObject([{ why: SAID }]);
    expect(audited).toMatchObject([{ why: SAID }]);
    expect(noted).toMatchObject([{ event: 'noc.changed', fields: { why: SAID } }]);
  });
});

it.each([
  [`/api/v1/orders/${ORDER_ID}/resolve`, { outcome: 'placed' }],
  [`/api/v1/orders/${ORDER_ID}/refund`, {}],
])('%s: nor is one kept that stands in who decided it', async (path, more) => {
  const { post, told } = await start();
  expect((await post(path, { why: 'a complaint', who: `Ann for +${MSISDN}`, ...more })).status).toBe(200);
  expect(told).toMatchObject([{ who: 'Ann for …678' }]);
});

it.each(['   ', 'two\nlines', 'one\u001b[2J escape', 'a\u0000b'])(
  '%j is no reason, and changes nothing',
  async (why) => {
    const { post, told } = await start();
    expect((await post(`/api/v1/orders/${ORDER_ID}/hold`, { why })).status).toBe(400);
    expect(told).toEqual([]);
  },
);

it('points that are given are answered and audited although the book cannot be read after them: asked again they would count twice', async () => {
  let reads = 0;
  const entries: AuditEntry[] = [];
  const providers = {
    list: () => Promise.resolve([]),
    book: () =>
      ++reads === 1 ? Promise.resolve(BOOK) : Promise.reject(new Error('the connection to Redis is closed')),
    adjust: () => Promise.resolve(),
    suspend: () => Promise.resolve(true),
    resume: () => Promise.resolve(true),
  };
  const audit = {
    record: (entry: AuditEntry) => Promise.resolve(void entries.push(entry)),
    list: () => Promise.resolve([]),
  };
  const one = await running({ sources: { audit, providers } });
  open.push(one);
  const answer = await one.post('/api/v1/providers/planet/adjust', { points: -5, why: 'misled people' });
  expect([answer.status, answer.json()]).toEqual([200, { provider: 'planet' }]);
  expect(entries).toMatchObject([{ what: 'provider.adjust', after: { points: -5 } }]);
});
