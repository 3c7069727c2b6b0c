import { describe, expect, it } from 'vitest';
import type { Avp } from '../../../simulators/diameter/avp.ts';
import { allNamed, avp, bigintOf, children, first, numberOf } from '../../../simulators/diameter/values.ts';
import { bench, errorText, moneyIn, resultOf } from './bench.ts';
import { asked, ccr, MSISDN, money, used } from './client.ts';

const [DEBIT, REFUND, CHECK, PRICE] = [0, 1, 2, 3];
const units = (count: number): Avp => avp('CC-Service-Specific-Units', count);
const mscc = (...inside: readonly Avp[]): Avp => avp('Multiple-Services-Credit-Control', inside);

describe('one-time events (RFC 8506 section 6)', () => {
  it('debits, grants what was asked, and books it', async () => {
    const { ocs, connect } = await bench();
    const answer = await (
      await connect()
    ).ask(ccr({ sessionId: 's;1', units: [avp('Service-Identifier', 42), asked(money(5000, -2))] }));
    expect([resultOf(answer), moneyIn(answer, 'Granted-Service-Unit')]).toEqual([2001, '5000E-2 404']);
    expect([numberOf(answer.avps, 'CC-Request-Type'), numberOf(answer.avps, 'CC-Request-Number')]).toEqual([4, 0]);
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(95_000n);
    expect(ocs.ledger.rows()).toMatchObject([
      {
        at: '2026-01-02T03:04:05.000Z',
        action: 'DIRECT_DEBITING',
        service: '42',
        amount: 5000,
        debited: 5000,
        balanceAfter: 95_000,
        currency: 'KES',
        result: 2001,
      },
    ]);
  });

  it('refunds', async () => {
    const { ocs, connect } = await bench();
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1', action: REFUND }));
    expect([resultOf(answer), first(answer.avps, 'Granted-Service-Unit')]).toEqual([2001, undefined]);
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(105_000n);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 0, refunds: 1, refunded: 5000 }]);
  });

  it.each([
    [100_000, 0],
    [4999, 1],
    [5000, 0],
  ])(
    'checks a balance of %i against 50.00: Check-Balance-Result %i, nothing moves',
    async (defaultBalance, verdict) => {
      const { ocs, connect } = await bench({ defaultBalance });
      const answer = await (await connect()).ask(ccr({ sessionId: 's;1', action: CHECK }));
      expect([resultOf(answer), numberOf(answer.avps, 'Check-Balance-Result')]).toEqual([2001, verdict]);
      expect(ocs.accounts.get(MSISDN)?.balance).toBe(BigInt(defaultBalance));
    },
  );

  it('tells the price of units by tariff, and takes nothing', async () => {
    const { ocs, connect } = await bench({ tariffs: { '42': 250 } });
    const answer = await (
      await connect()
    ).ask(ccr({ sessionId: 's', action: PRICE, units: [avp('Service-Identifier', 42), asked(units(3))] }));
    expect([resultOf(answer), moneyIn(answer, 'Cost-Information')]).toEqual([2001, '750E-2 404']);
    expect(ocs.ledger.debits()).toEqual([]);
  });

  it('answers inside MSCC where it was asked there, all or nothing over several', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 900, unitPrice: 100 });
    const client = await connect();
    const both = [mscc(asked(units(4)), avp('Rating-Group', 1)), mscc(asked(units(5)), avp('Rating-Group', 2))];
    const answer = await client.ask(ccr({ sessionId: 's;1', units: both }));
    const groups = allNamed(answer.avps, 'Multiple-Services-Credit-Control').map(children);
    expect(groups.map((group) => [numberOf(group, 'Rating-Group'), numberOf(group, 'Result-Code')])).toEqual([
      [1, 2001],
      [2, 2001],
    ]);
    expect(
      groups.map((group) => bigintOf(children(first(group, 'Granted-Service-Unit')), 'CC-Service-Specific-Units')),
    ).toEqual([4n, 5n]);
    expect(first(answer.avps, 'Granted-Service-Unit')).toBeUndefined();
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(0n);
    expect(resultOf(await client.ask(ccr({ sessionId: 's;2', units: both })))).toBe(4012);
  });

  it.each([
    ['blocked', { blocked: true }, 4010],
    ['free', { free: true }, 4011],
    ['too low', { balance: 4999n }, 4012],
  ] as const)('account %s: %i is %i and nothing moves', async (_what, setting, result) => {
    const { ocs, connect } = await bench();
    ocs.accounts.set(MSISDN, setting);
    const before = ocs.accounts.get(MSISDN)?.balance;
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1' }));
    expect([resultOf(answer), answer.flags & 0x20]).toEqual([result, 0]);
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(before);
    expect(ocs.ledger.rows()).toMatchObject([{ result, debited: 0 }]);
  });

  it('answers 5030 for a stranger where strangers are refused', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 'unknown' });
    const client = await connect();
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1', action: DEBIT })))).toBe(5030);
    ocs.accounts.set(MSISDN, { balance: 5000n });
    expect(resultOf(await client.ask(ccr({ sessionId: 's;2', action: DEBIT })))).toBe(2001);
    expect(ocs.ledger.rows()).toMatchObject([{ balanceAfter: null }, { balanceAfter: 0 }]);
  });

  it.each([
    ['another currency', [asked(money(5000, -2, 840))]],
    ['a fraction of a minor unit', [asked(money(5, -3))]],
    ['a negative amount', [asked(money(-5, 0))]],
    ['an amount beyond exactness', [asked(money(2n ** 62n, 9))]],
    ['an absurd exponent', [asked(money(1, 0x7fff_ffff))]],
    ['units without a tariff', [asked(units(1))]],
  ])('answers 5031 for %s', async (_what, unitsAsked) => {
    const { ocs, connect } = await bench({ unitPrice: 'unrated' });
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1', units: unitsAsked }));
    expect(resultOf(answer)).toBe(5031);
    expect(errorText(answer)).toBeTruthy();
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(100_000n);
  });

  it.each([
    ['JPY', money(120, 0, 392), 120],
    ['JPY', money(1200, -1, 392), 120],
    ['KWD', money(1500, -3, 414), 1500],
    ['KWD', money(2, 0, 414), 2000],
    ['ABC:999:2', money(3, 1, 999), 3000],
  ])('%s: digits and exponent become exact minor units', async (currency, asks, minor) => {
    const { ocs, connect } = await bench({ currency });
    expect(resultOf(await (await connect()).ask(ccr({ sessionId: 's', units: [asked(asks)] })))).toBe(2001);
    expect(ocs.ledger.rows()).toMatchObject([{ debited: minor, currency: currency.slice(0, 3) }]);
  });

  it('takes the E.164 identity among several, without its +', async () => {
    const { ocs, connect } = await bench();
    const imsi = avp('Subscription-Id', [
      avp('Subscription-Id-Type', 1),
      avp('Subscription-Id-Data', '639020000000001'),
    ]);
    const e164 = avp('Subscription-Id', [avp('Subscription-Id-Type', 0), avp('Subscription-Id-Data', '+254711')]);
    await (await connect()).ask(ccr({ sessionId: 's', without: ['Subscription-Id'], more: [imsi, e164] }));
    expect(ocs.ledger.rows()).toMatchObject([{ msisdn: '254711' }]);
  });
});

describe('sessions with reservation (RFC 8506 section 5)', () => {
  const initial = (sessionId: string, ...asks: readonly Avp[]) => ccr({ sessionId, type: 1, units: asks });
  const end = (sessionId: string, number: number, ...uses: readonly Avp[]) =>
    ccr({ sessionId, type: 3, number, units: uses });

  it('holds with CCR-I, debits what CCR-T says was used, frees the rest', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    const answer = await client.ask(initial('s;1', asked(money(50, 0))));
    expect([resultOf(answer), moneyIn(answer, 'Granted-Service-Unit'), numberOf(answer.avps, 'Validity-Time')]).toEqual(
      [2001, '50E0 404', 3600],
    );
    expect(ocs.accounts.get(MSISDN)).toMatchObject({ balance: 100_000n, reserved: 5000n });
    await client.ask(end('s;1', 1, used(money(30, 0))));
    expect(ocs.accounts.get(MSISDN)).toMatchObject({ balance: 97_000n, reserved: 0n });
    expect(ocs.ledger.rows().map((row) => [row.action, row.amount, row.debited])).toEqual([
      ['RESERVE', 5000, 0],
      ['COMMIT', 3000, 3000],
    ]);
  });

  it.each([
    ['nothing used', [used(money(0, 0))]],
    ['no Used-Service-Unit', []],
  ])('CCR-T with %s releases all', async (_what, uses) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    await client.ask(initial('s;1', asked(money(50, 0))));
    expect(resultOf(await client.ask(end('s;1', 1, ...uses)))).toBe(2001);
    expect(ocs.accounts.get(MSISDN)).toMatchObject({ balance: 100_000n, reserved: 0n });
    expect(ocs.ledger.rows().at(-1)).toMatchObject({ action: 'RELEASE', debited: 0 });
  });

  it('settles and holds anew with CCR-U', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    await client.ask(initial('s;1', asked(money(50, 0))));
    await client.ask(ccr({ sessionId: 's;1', type: 2, number: 1, units: [used(money(20, 0)), asked(money(10, 0))] }));
    expect(ocs.accounts.get(MSISDN)).toMatchObject({ balance: 98_000n, reserved: 1000n });
  });

  it('what is held is not there for others', async () => {
    const { connect } = await bench({ defaultBalance: 7000 });
    const client = await connect();
    await client.ask(initial('s;1', asked(money(50, 0))));
    expect(resultOf(await client.ask(ccr({ sessionId: 's;2', units: [asked(money(30, 0))] })))).toBe(4012);
    expect(resultOf(await client.ask(initial('s;3', asked(money(30, 0)))))).toBe(4012);
    expect(resultOf(await client.ask(ccr({ sessionId: 's;4', units: [asked(money(20, 0))] })))).toBe(2001);
  });

  it('answers 5002 to CCR-U and CCR-T of a session that is not there', async () => {
    const { connect } = await bench();
    const client = await connect();
    expect(resultOf(await client.ask(end('none', 1)))).toBe(5002);
    expect(resultOf(await client.ask(ccr({ sessionId: 'none', type: 2, number: 1 })))).toBe(5002);
  });

  it('one good item of several makes the request good, the other says 4012', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 5000 });
    const answer = await (
      await connect()
    ).ask(
      initial(
        's;1',
        mscc(asked(money(40, 0)), avp('Rating-Group', 1)),
        mscc(asked(money(40, 0)), avp('Rating-Group', 2)),
      ),
    );
    const results = allNamed(answer.avps, 'Multiple-Services-Credit-Control').map((one) =>
      numberOf(children(one), 'Result-Code'),
    );
    expect([resultOf(answer), results]).toEqual([2001, [2001, 4012]]);
    expect(ocs.accounts.get(MSISDN)?.reserved).toBe(4000n);
  });

  it('frees a session that stays silent for twice its Validity-Time (section 13, Tcc)', async () => {
    const { ocs, clock, connect } = await bench({ validityTime: 60 });
    const client = await connect();
    await client.ask(initial('s;1', asked(money(50, 0))));
    clock.advance(119_999);
    expect(ocs.sessions.get('s;1')).toBeDefined();
    clock.advance(1);
    expect([ocs.sessions.get('s;1'), ocs.accounts.get(MSISDN)?.reserved]).toEqual([undefined, 0n]);
    expect(ocs.ledger.rows().at(-1)).toMatchObject({ action: 'RELEASE', amount: 5000, debited: 0 });
    expect(resultOf(await client.ask(end('s;1', 1, used(money(50, 0)))))).toBe(5002);
  });

  it('a resent CCR-T debits once', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    await client.ask(initial('s;1', asked(money(50, 0))));
    for (let n = 0; n < 3; n += 1) expect(resultOf(await client.ask(end('s;1', 1, used(money(50, 0)))))).toBe(2001);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1, debited: 5000, doubled: false }]);
  });
});
