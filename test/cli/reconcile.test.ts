import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../simulators/ocs/ledger.ts';
import { differencesBetween } from '../../src/cli/differences.ts';
import { readOcsExport } from '../../src/cli/ocs-export.ts';
import { orderctl } from '../../src/cli/orderctl.ts';
import type { ChargeRow } from '../../src/domain/charge-row.ts';
import type { Order } from '../../src/domain/order.ts';
import { createCdrConsumer } from '../../src/outbox/cdr.ts';
import { createCdrFiles } from '../../src/outbox/cdr-files.ts';
import { entry } from '../outbox/support.ts';
import { frozen } from '../redis/fixtures.ts';
import { running, SOURCES } from '../noc/fakes.ts';

const AT = '2023-11-14T22:13:20.000Z';
const ALWAYS = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** The simulator's own book, which says what each row moved. */
function book(moves: readonly (readonly [sessionId: string, debited: number])[]) {
  const ledger = openLedger(undefined);
  for (const [sessionId, debited] of moves)
    ledger.append({
      at: AT,
      sessionId,
      requestNumber: 0,
      requestType: 'EVENT',
      action: 'DIRECT_DEBITING',
      msisdn: '254712345678',
      service: '7',
      amount: Math.abs(debited),
      debited,
      currency: 'KES',
      balanceAfter: 10_000,
      endToEnd: 1,
      originHost: 'orderd.test',
      retransmit: false,
      result: 2001,
    } as unknown as Parameters<typeof ledger.append>[0]);
  return ledger;
}

function charge(order: string, state: string, more: Partial<ChargeRow> = {}): ChargeRow {
  const base = { order, state, sessionId: `orderd.test;1;1;${order}`, sentAt: AT };
  return { ...base, minor: 500, currency: 'KES', free: false, ...NO_REFUND, ...more };
}

const NO_REFUND = { refundSessionId: undefined, refundSentAt: undefined };
const ID = '03-01jd8k2q7abcdefghj';
const SESSION = `orderd.test;1;1;${ID}`;
const REFUND = `orderd.test;1;2;${ID}`;

function rowsOf(text: string) {
  const rows = readOcsExport(text);
  if (!rows.ok) throw new Error(rows.fault);
  return rows.value;
}

describe("an OCS's book", () => {
  it('reads the same from CSV and from JSON lines as the simulator writes them', () => {
    const ledger = book([[SESSION, 500], ['=1+1;a,"b"', -500], ['-odd', 0]]); // prettier-ignore
    const [csv, json] = [rowsOf(ledger.csv()), rowsOf(ledger.jsonLines())];
    expect(csv.map(({ debited }) => debited)).toEqual([500, -500, 0]);
    expect(csv[0]).toEqual({ ...json[0], line: 2 });
    expect(csv[1]?.sessionId).toBe('\'=1+1;a,"b"');
  });

  it.each([
    ['', 'line 1: no column is called sessionId; columns needed are sessionId, at, debited'],
    ['sessionId,debited\nx,1', 'line 1: no column is called at; columns needed are sessionId, at, debited'],
    [`debited,at,sessionId\n5.00,${AT},x`, 'line 2: debited is no whole number of minor units'],
    [`debited,at,sessionId\n5,${AT},x\n5,${AT}`, 'line 3: has no sessionId'],
    ['debited,at,sessionId\n5,yesterday,x', 'line 2: at is no ISO 8601 time'],
    ['{"sessionId":"x"}', 'line 1: has no at'],
    ['{"sessionId":', 'line 1: is no JSON object'],
  ])('%j: %s', (text, why) => {
    expect(readOcsExport(text)).toEqual({ ok: false, fault: why });
  });

  it('takes columns in any order, and needs no others', () => {
    expect(rowsOf(`debited,at,sessionId\r\n500,${AT},"a;b"\r\n`)).toEqual([
      { line: 2, sessionId: 'a;b', requestNumber: 0, debited: 500, currency: '', at: Date.parse(AT) },
    ]);
  });
});

describe('every difference', () => {
  it.each([
    ['placed and debited', 'placed', [[SESSION, 500]], {}, []],
    [
      'placed, debited, and asked for again: a repeat moves nothing',
      'placed',
      [
        [SESSION, 500],
        [SESSION, 0],
      ],
      {},
      [],
    ],
    ['placed but not debited', 'placed', [[SESSION, 0]], {}, ['placed but not debited']],
    ['placed for nothing', 'placed', [[SESSION, 0]], { free: true }, []],
    ['placed, debited less', 'placed', [[SESSION, 300]], {}, ['amount differs']],
    ['placed, debited in another currency', 'placed', [[SESSION, 500]], { currency: 'UGX' }, ['amount differs']],
    [
      'debited twice',
      'placed',
      [
        [SESSION, 500],
        [SESSION, 500],
      ],
      {},
      ['debited twice', 'amount differs'],
    ],
    ['uncharged, debited', 'uncharged', [[SESSION, 500]], {}, ['debited but not placed']],
    ['disputed, debited', 'disputed', [[SESSION, 500]], {}, ['debited but not placed']],
    ['uncharged', 'uncharged', [[SESSION, 0]], {}, []],
    [
      'refunded',
      'refunded',
      [
        [SESSION, 500],
        [REFUND, -500],
      ],
      { refundSessionId: REFUND },
      [],
    ],
    [
      'refunded in part',
      'refunded',
      [
        [SESSION, 500],
        [REFUND, -300],
      ],
      { refundSessionId: REFUND },
      ['amount differs'],
    ],
    [
      'refunded, never debited',
      'refunded',
      [[REFUND, -500]],
      { refundSessionId: REFUND },
      ['refunded but not debited'],
    ],
    [
      'a session that no order has',
      'placed',
      [
        [SESSION, 500],
        ['alien;1;1', 700],
      ],
      {},
      ['unknown session'],
    ],
    [
      'a question that moved nothing',
      'placed',
      [
        [SESSION, 500],
        ['orderd.test;1;9;x', 0],
      ],
      {},
      [],
    ],
  ] as const)('%s', (...[, state, moves, more, kinds]) => {
    const rows = rowsOf(book(moves).csv());
    expect(differencesBetween(rows, [charge(ID, state, more)], ALWAYS).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('misses no debit of a charge that was sent outside the export', () => {
    const outside = { from: Date.parse(AT) + 1, to: Date.parse(AT) + 2 };
    expect(differencesBetween(rowsOf(book([['x', 0]]).csv()), [charge(ID, 'placed')], outside)).toEqual([]);
  });

  const EARLIER = new Date(Date.parse(AT) - 86_400_000).toISOString();
  const LATER = new Date(Date.parse(AT) + 86_400_000).toISOString();
  const DAY = { from: Date.parse(AT), to: Date.parse(AT) };

  it.each([
    ['all of it', -500, 'refunded', []],
    ['less', -300, 'refunded', ['amount differs']],
    ['all of it, for an order that stands', -500, 'placed', ['amount differs']],
  ] as const)('a day with the refund alone of a charge of the day before: %s', (...[, refunded, state, kinds]) => {
    const row = charge(ID, state, { sentAt: EARLIER, refundSessionId: REFUND, refundSentAt: AT });
    const found = differencesBetween(rowsOf(book([[REFUND, refunded]]).csv()), [row], DAY);
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    ['on the day after', LATER, []],
    ['on the day itself', AT, ['amount differs']],
  ] as const)('a day with the charge alone, refunded %s', (...[, refundSentAt, kinds]) => {
    const row = charge(ID, 'refunded', { refundSessionId: REFUND, refundSentAt });
    const found = differencesBetween(rowsOf(book([[SESSION, 500]]).csv()), [row], DAY);
    expect(found.map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('currencies', () => {
  const rows = (...moves: readonly (readonly [sessionId: string, debited: number, currency: string])[]) =>
    rowsOf(['sessionId,at,debited,currency', ...moves.map(([id, ...rest]) => [id, AT, ...rest].join())].join('\n'));

  it.each([
    ['debited in two', 'placed', rows([SESSION, 300, 'KES'], [SESSION, 200, 'UGX'])],
    ['paid back in another', 'refunded', rows([SESSION, 500, 'KES'], [REFUND, -500, 'UGX'])],
    ['debited and paid back in another', 'refunded', rows([SESSION, 500, 'UGX'], [REFUND, -500, 'UGX'])],
  ] as const)('%s: the sum is no sum', (...[, state, moves]) => {
    const row = charge(ID, state, { refundSessionId: REFUND, refundSentAt: AT });
    expect(differencesBetween(moves, [row], ALWAYS).map(({ kind }) => kind)).toContain('amount differs');
  });
});

describe('orderctl reconcile FILE', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'orderd-reconcile-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function orderIn(state: Order['state'], id: string): Order {
    const identity = { sessionId: `orderd.test;1;1;${id}`, requestNumber: 0, endToEnd: 1, originHost: 'orderd.test' };
    return {
      frozen: frozen({ id }),
      state,
      challenge: undefined,
      tries: 0,
      charge: { ...identity, eventTimestamp: Date.parse(AT) / 1000 },
      unanswered: false,
      refund: undefined,
      verdict: undefined,
      stopRequested: false,
      fence: 1,
      waits: 0,
      updatedAt: Date.parse(AT),
    };
  }

  async function reconcile(
    text: string,
    orders: readonly Order[],
    { listed = orders, begins = 0, more = [] as readonly string[] } = {},
  ) {
    const file = join(folder, 'ledger');
    await writeFile(file, text);
    const source = {
      ...SOURCES.orders,
      orderById: (id: string) => Promise.resolve(orders.find((order) => order.frozen.id === id)),
      between: (from: number) => {
        const orders = listed.filter(({ frozen: { openedAt } }) => openedAt >= from);
        return Promise.resolve({ orders, from: Math.max(from, begins) });
      },
    };
    const { noc, port } = await running({ sources: { orders: source } });
    const out: string[] = [];
    const say = (line: string): void => void out.push(line);
    const argv = ['reconcile', file, ...more, '--url', `http://127.0.0.1:${port}`];
    const code = await orderctl(argv, { env: {}, out: say, err: say });
    await noc.close();
    return { code, out: out.join('\n') };
  }

  it('0 differences: exit code 0', async () => {
    const text = book([[SESSION, 500]]).csv();
    expect(await reconcile(text, [orderIn('placed', ID)])).toEqual({
      code: 0,
      out: '1 rows of the OCS, 1 charges of ours: 0 differences',
    });
  });

  it('lists each difference, tells no number (E19), and exits 1', async () => {
    const text = book([[SESSION, 500], ['alien;1;1', 700]]).jsonLines(); // prettier-ignore
    const { code, out } = await reconcile(text, [orderIn('uncharged', ID)]);
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '2 rows of the OCS, 1 charges of ours: 2 differences',
      '',
      'DIFFERENCE              ORDER                  STATE      OURS  OCS  SESSION-ID',
      `debited but not placed  ${ID}  uncharged  500   500  ${SESSION}`,
      'unknown session         -                      -          -     700  alien;1;1',
    ]);
    expect(out).not.toContain('254');
  });

  it('does not call it agreed where an order that is no longer listed may lack its debit: exit code 1', async () => {
    const text = book([[SESSION, 500]]).csv();
    const begins = Date.parse(AT) - 3 * 86_400_000 + 1;
    const { code, out } = await reconcile(text, [orderIn('placed', ID)], { listed: [], begins });
    expect(code).toBe(1);
    expect(out).toMatch(
      /0 differences\nNOT WHOLE: orders opened before 2023-11-11T22:13:20\.001Z are no longer listed/,
    );
  });

  it.each([13, 60])(
    'misses the debit of a renewal that was placed at last, %i days after its opening',
    async (days) => {
      const renewal = orderIn('placed', `${ID}-r4`);
      const opened = { ...renewal.frozen, openedAt: Date.parse(AT) - days * 86_400_000 };
      const other = '03-01jd8k2q7abcdefghk';
      const text = book([[`orderd.test;1;1;${other}`, 500]]).csv();
      const { code, out } = await reconcile(text, [{ ...renewal, frozen: opened }, orderIn('placed', other)]);
      expect([code, out.match(/placed but not debited {2}\S+/)?.[0]]).toEqual([1, `placed but not debited  ${ID}-r4`]);
    },
  );

  it('finds an order that is no longer listed by the id in its Session-Id', async () => {
    const text = book([[SESSION, 500]]).csv();
    expect((await reconcile(text, [orderIn('placed', ID)], { listed: [] })).code).toBe(0);
  });

  it('finds a renewal that is no longer listed, too', async () => {
    const renewal = `${ID}-r4`;
    const text = book([[`orderd.test;1;1;${renewal}`, 500]]).csv();
    expect((await reconcile(text, [orderIn('placed', renewal)], { listed: [] })).out).toBe(
      '1 rows of the OCS, 1 charges of ours: 0 differences',
    );
  });

  describe('--cdr DIR', () => {
    const OTHER = '03-01jd8k2q7other';
    const RENEWED = '03-01jd8k2q7renewed';
    let cdr = '';
    beforeEach(async () => void (cdr = await mkdtemp(join(folder, 'cdr-'))));

    /** As a daemon writes them: an order of each id, told in these states one after the other. */
    async function written(instance: string, told: readonly (readonly [id: string, state: Order['state']])[]) {
      const entries = told.map(([subject, state], at) =>
        entry({ id: `${Date.parse(AT)}-${at}`, at: Date.parse(AT), subject, state }),
      );
      const load = (id: string): Promise<Order> => Promise.resolve(orderIn('placed', id));
      await createCdrConsumer(createCdrFiles(cdr, instance), load).handle(entries, false);
    }

    const sessionOf = (id: string): string => `orderd.test;1;1;${id}`;
    const withCdr = (text: string, orders: readonly Order[] = []) =>
      reconcile(text, orders, { listed: [], more: ['--cdr', cdr] });

    it('compares what all instances wrote, and needs no list', async () => {
      await written('a', [[ID, 'placed']]);
      await written('b', [[OTHER, 'placed'], [RENEWED, 'refused']]); // prettier-ignore
      const { out } = await withCdr(book([[SESSION, 500], [sessionOf(OTHER), 500]]).csv()); // prettier-ignore
      expect(out).toBe('2 rows of the OCS, 3 charges of ours: 0 differences');
    });

    it('finds what was placed and never debited', async () => {
      await written('a', [[ID, 'placed'], [OTHER, 'placed']]); // prettier-ignore
      const { code, out } = await withCdr(book([[SESSION, 500]]).csv());
      expect(code).toBe(1);
      expect(out).toContain(`placed but not debited  ${OTHER}`);
    });

    it('goes by what was told last of an order, whichever instance told it', async () => {
      await written('b', [[OTHER, 'placed'], [ID, 'disputed'], [ID, 'placed']]); // prettier-ignore
      await written('a', [[ID, 'uncharged']]);
      expect((await withCdr(book([[SESSION, 500], [sessionOf(OTHER), 500]]).csv())).code).toBe(0); // prettier-ignore
    });

    it('asks for orders that are under way', async () => {
      await written('a', [[OTHER, 'placed']]);
      const text = book([[SESSION, 500], [sessionOf(OTHER), 500]]).csv(); // prettier-ignore
      expect((await withCdr(text, [orderIn('placed', ID)])).code).toBe(0);
    });

    it('does not call it agreed where the files begin after the export', async () => {
      await written('a', [[ID, 'placed']]);
      await rename(join(cdr, 'cdr-2023-11-14-a.jsonl'), join(cdr, 'cdr-2023-11-15-a.jsonl'));
      const { code, out } = await withCdr(book([[SESSION, 500]]).csv());
      expect(code).toBe(1);
      expect(out).toMatch(/0 differences\nNOT WHOLE: there are no CDR files from before 2023-11-15T00:00:00.000Z/);
    });

    it('passes half a line over, which a crash leaves', async () => {
      await written('a', [[ID, 'placed']]);
      await appendFile(join(cdr, 'cdr-2023-11-14-a.jsonl'), '{"entry":"0:17');
      expect((await withCdr(book([[SESSION, 500]]).csv())).code).toBe(0);
    });

    it.each([
      ['no CDR', '{"entry":"0:1-0"}\n', /cdr-2023-11-14-a\.jsonl: at octet 0: is no CDR/],
      ['no JSON', 'x\n', /cdr-2023-11-14-a\.jsonl: at octet 0: is no CDR/],
      ['no file at all', undefined, /holds no CDR files \(cdr-YYYY-MM-DD-INSTANCE\.jsonl\)/],
    ])('%s: exit code 2, and says where', async (...[, text, why]) => {
      if (text !== undefined) await writeFile(join(cdr, 'cdr-2023-11-14-a.jsonl'), text);
      const { code, out } = await withCdr(book([[SESSION, 500]]).csv());
      expect(code).toBe(2);
      expect(out).toMatch(why);
    });

    it('a folder that is not there: exit code 2', async () => {
      await rm(cdr, { recursive: true });
      const { code, out } = await withCdr(book([[SESSION, 500]]).csv());
      expect(code).toBe(2);
      expect(out).toContain('cannot be read');
    });
  });

  it('a file that cannot be read, or is no book: exit code 2', async () => {
    expect(await reconcile('what,is,this\n1,2,3\n', [])).toMatchObject({ code: 2 });
  });
});
