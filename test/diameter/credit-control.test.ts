import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moneyField, readMoney } from '../../src/diameter/amount.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { readCca, type Cca } from '../../src/diameter/cca.ts';
import { ccrFields, ccrHeader, compileCcr, ntpTime } from '../../src/diameter/ccr.ts';
import type { Avp, Field } from '../../src/diameter/message.ts';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import { readAnswer, type ChargeRequest } from '../../src/domain/charge.ts';
import { CURRENCIES, type Money } from '../../src/domain/money.ts';
import { nodeSettings } from './bench.ts';
import { golden } from './golden.ts';

const KES_5: Money = { minor: 500, currency: 'KES', decimals: 2 };

const request: ChargeRequest = {
  identity: { sessionId: 's', requestNumber: 0, endToEnd: 1, originHost: 'h', eventTimestamp: 0 },
  action: 'debit',
  msisdn: '254700123456',
  serviceIdentifier: 17,
  price: KES_5,
  orderId: '03-0abc',
  retransmit: false,
};

function decoded(fields: readonly Field[]): readonly Avp[] {
  const message = decodeMessage(encodeMessage({ header: ccrHeader(1, 2, false), fields }));
  return message.ok ? message.value.avps : [];
}

function cca(name: string, action: ChargeRequest['action'] = 'debit'): Cca | undefined {
  const message = decodeMessage(golden(name));
  if (!message.ok) throw new Error(message.fault.shape);
  return readCca(message.value, { ...request, action });
}

/** From the bytes of the answer to what the order does (PROTOCOL 7). */
describe('each result code, from CCA bytes to the verdict (RFC 8506 9)', () => {
  test.each([
    ['cca-2001', { kind: 'granted', free: false, resultCode: 2001 }],
    ['cca-2001-granted', { kind: 'granted', free: false, resultCode: 2001 }],
    ['cca-2002-less', { kind: 'partial', resultCode: 2002 }],
    ['cca-mscc-4012', { kind: 'denied', reason: 'balance', resultCode: 4012, opened: true }],
    ['cca-4010', { kind: 'denied', reason: 'not-allowed', resultCode: 4010 }],
    ['cca-4011', { kind: 'granted', free: true, resultCode: 4011 }],
    ['cca-4012', { kind: 'denied', reason: 'balance', resultCode: 4012 }],
    ['cca-5030', { kind: 'denied', reason: 'unknown-user', resultCode: 5030 }],
    ['cca-5031', { kind: 'denied', reason: 'rating', resultCode: 5031 }],
    ['cca-3002', { kind: 'not-processed', resultCode: 3002 }],
    ['cca-3004', { kind: 'not-processed', resultCode: 3004 }],
    ['cca-3004-no-e', { kind: 'not-processed', resultCode: 3004 }],
    ['cca-experimental', { kind: 'denied', reason: 'failed', resultCode: 5061 }],
    ['cca-unknown-m', { kind: 'granted', free: false, resultCode: 2001 }],
    ['cca-unknown-optional', { kind: 'granted', free: false, resultCode: 2001 }],
  ])('%s', (name, verdict) => {
    expect(readAnswer(cca(name)!.answer, request.price)).toMatchObject(verdict);
  });

  test('the granted amount is read exactly, at either level', () => {
    expect(cca('cca-2001-granted')?.answer.granted).toBe(500);
    expect(cca('cca-2002-less')?.answer.granted).toBe(300);
    expect(cca('cca-2001')?.answer.granted).toBeUndefined();
  });

  test.each(['cca-refund-information', 'cca-refund-mscc'])(
    '%s: what a refund is to say is kept with the verdict',
    (name) => {
      const { answer } = cca(name)!;
      expect(readAnswer(answer, request.price)).toMatchObject({ kind: 'granted', refundInformation: '0042ff' });
      expect(cca(name, 'refund')?.answer).not.toHaveProperty('refundInformation');
    },
  );

  test('Experimental-Result is told apart', () => {
    expect(cca('cca-experimental')?.answer).toMatchObject({ resultCode: 5061, experimental: true });
  });

  test('an answer without any result is no answer', () => expect(cca('cca-no-result')).toBeUndefined());

  test('Failed-AVP is given on as hex, the subscriber in it cut to three digits (E19)', () => {
    expect(cca('cca-5031')?.answer.failedAvp).toBe('000001b74000000c00000011');
    const quoted = Buffer.from(cca('cca-5031-msisdn')?.answer.failedAvp ?? '', 'hex').toString('latin1');
    expect(quoted).toContain('*********456');
    expect(quoted).not.toContain('254700123456');
  });
});

describe('what an answer says beside its result', () => {
  test('a reservation: who holds it, for how long, whether it may move, how failure is handled, and that it is the last', () => {
    expect(cca('cca-reserved', 'reserve')?.answer).toMatchObject({
      granted: 500,
      session: {
        host: 'ocs1.ocs.example',
        validity: 600,
        finalUnit: true,
        sessionFailover: true,
        ccfh: 'retry-and-terminate',
      },
    });
    expect(cca('cca-2001', 'reserve')?.answer.session).toEqual({ host: 'ocs1.ocs.example' });
  });

  test('an event has failure terms only', () => {
    expect(cca('cca-ddfh')?.answer.session).toEqual({ ddfh: 'continue' });
    expect(cca('cca-2001')?.answer).not.toHaveProperty('session');
  });

  test('Check-Balance-Result and Cost-Information (RFC 8506 8.6, 8.7)', () => {
    expect(cca('cca-balance-no', 'balance')?.answer.enough).toBe(false);
    expect(cca('cca-2001', 'balance')?.answer).not.toHaveProperty('enough');
    expect(cca('cca-price', 'price')?.answer.cost).toEqual(KES_5);
    expect(cca('cca-2001', 'price')?.answer).not.toHaveProperty('cost');
  });
});

describe('money as Unit-Value (RFC 8506 8.8): integers and exponents, never floats', () => {
  const money = fc
    .tuple(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.constantFrom(...Object.keys(CURRENCIES)))
    .map(([minor, currency]): Money => ({ minor, currency, decimals: CURRENCIES[currency]!.decimals }));

  test('what is asked reads back as the same minor units (property)', () => {
    fc.assert(
      fc.property(money, (price) => {
        expect(readMoney(decoded([moneyField(price)]), price)).toEqual({ minor: price.minor });
      }),
    );
  });

  const said = (digits: bigint, exponent: number | undefined, currency: number | undefined): readonly Avp[] =>
    decoded([
      [
        'CC-Money',
        [
          [
            'Unit-Value',
            [['Value-Digits', digits], ...(exponent === undefined ? [] : [['Exponent', exponent] as const])],
          ],
          ...(currency === undefined ? [] : [['Currency-Code', currency] as const]),
        ],
      ],
    ]);

  test.each([
    ['no exponent: whole units', said(5n, undefined, 404), { minor: 500 }],
    ['a positive exponent', said(5n, 1, 404), { minor: 5000 }],
    ['finer than a minor unit: cut off, never rounded up', said(49999n, -4, 404), { minor: 499 }],
    ['no currency: ours', said(500n, -2, undefined), { minor: 500 }],
    ['another currency', said(500n, -2, 840), 'other-currency'],
    ['below zero', said(-1n, -2, 404), 'unreadable'],
    ['beyond what a number holds', said(2n ** 62n, 2, 404), 'unreadable'],
    ['an exponent that names no amount', said(1n, 2 ** 31 - 1, 404), 'unreadable'],
    ['no digits', decoded([['CC-Money', []]]), 'unreadable'],
    ['no money', decoded([['CC-Service-Specific-Units', 1n]]), undefined],
  ])('%s', (_name, unit, expected) => expect(readMoney(unit, KES_5)).toEqual(expected));

  test('a currency of no decimals and one of three', () => {
    expect(readMoney(said(500n, 0, 392), { minor: 500, currency: 'JPY', decimals: 0 })).toEqual({ minor: 500 });
    expect(readMoney(said(125n, -2, 414), { minor: 1250, currency: 'KWD', decimals: 3 })).toEqual({ minor: 1250 });
  });

  test('an amount that cannot be compared is an alarm, not a denial', () => {
    const fields: readonly Field[] = [
      ['Result-Code', 2001],
      ['Granted-Service-Unit', [moneyField({ minor: 5, currency: 'USD', decimals: 2 })]],
    ];
    const message = { header: ccrHeader(1, 2, false), avps: decoded(fields) };
    expect(readCca(message, request)).toMatchObject({
      answer: { resultCode: 2001, granted: undefined },
      concern: 'charge.amount-unreadable',
    });
  });
});

describe('the CCR', () => {
  test('Event-Timestamp is NTP time, which starts again in 2036 (RFC 6733 4.3.1)', () => {
    expect(ntpTime(0)).toBe(2_208_988_800);
    expect(ntpTime(Date.UTC(2036, 1, 7, 6, 28, 16) / 1000)).toBe(0);
  });

  test('an unknown currency is left out rather than invented', () => {
    const names = (currency: string) =>
      (moneyField({ minor: 1, currency, decimals: 2 })[1] as readonly Field[]).map(([name]) => name);
    expect(names('KES')).toEqual(['Unit-Value', 'Currency-Code']);
    expect(names('ZZZ')).toEqual(['Unit-Value']);
  });

  test('a charge keeps its AVPs whoever resends it; Origin-Host alone is the sender (E2)', () => {
    const fields = (settings: NodeSettings): readonly Field[] => ccrFields(request, settings, compileCcr(settings));
    const ours = fields(nodeSettings([]));
    const theirs = fields(nodeSettings([], { originHost: 'orderd2.orders.test' }));
    const differing = ours.filter((field, i) => !isDeepStrictEqual(field, theirs[i]));
    expect(differing.map(([name]) => name)).toEqual(['Origin-Host']);
  });
});
