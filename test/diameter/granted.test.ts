import { describe, expect, test } from 'vitest';
import { moneyField } from '../../src/diameter/amount.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { readCca, type Cca } from '../../src/diameter/cca.ts';
import { ccrHeader } from '../../src/diameter/ccr.ts';
import type { Field } from '../../src/diameter/message.ts';
import { readAnswer, type ChargeAction } from '../../src/domain/charge.ts';
import { aCharge } from './bench.ts';

const request = aCharge('s');

function read(...fields: readonly Field[]): Cca {
  return readOf('debit', ...fields);
}

function readOf(action: ChargeAction, ...fields: readonly Field[]): Cca {
  const header = { ...ccrHeader(1, 2, false), request: false };
  const message = decodeMessage(encodeMessage({ header, fields: [['Result-Code', 2001], ...fields] }));
  const cca = message.ok ? readCca(message.value, { ...request, action }) : undefined;
  if (cca === undefined) throw new Error('no answer');
  return cca;
}

const money = (minor: number, currency = 'KES'): Field => moneyField({ minor, currency, decimals: 2 });
const gsu = (...units: readonly Field[]): Field => ['Granted-Service-Unit', units];
const mscc = (...members: readonly Field[]): Field => ['Multiple-Services-Credit-Control', members];

describe('nothing granted in whatever unit is nothing taken: no order is placed on it (RFC 8506 8.17)', () => {
  test.each<[string, Field]>([
    ['CC-Service-Specific-Units 0', gsu(['CC-Service-Specific-Units', 0n])],
    ['CC-Time 0', gsu(['CC-Time', 0])],
    ['octets 0', gsu(['CC-Total-Octets', 0n], ['CC-Input-Octets', 0n], ['CC-Output-Octets', 0n])],
    ['CC-Total-Octets 0 of a service', mscc(gsu(['CC-Total-Octets', 0n]))],
    ['CC-Money 0', gsu(money(0))],
  ])('%s', (_name, field) => {
    const { answer, concern } = read(field);
    expect(readAnswer(answer, request.price, true)).toMatchObject({ kind: 'denied', opened: true });
    expect(concern).toBeUndefined();
  });

  test.each<[string, Field]>([
    ['one unit', gsu(['CC-Service-Specific-Units', 1n])],
    ['some octets, none of them sent', gsu(['CC-Total-Octets', 9n], ['CC-Output-Octets', 0n])],
    ['money beside units 0', gsu(money(500), ['CC-Service-Specific-Units', 0n])],
    ['no unit at all', gsu()],
  ])('%s is all of it', (_name, field) => {
    expect(readAnswer(read(field).answer, request.price, true)).toMatchObject({ kind: 'granted' });
  });
});

describe('final units, and none of them granted: the account is empty (RFC 8506 5.6.2, 8.34)', () => {
  const redirect: Field = ['Final-Unit-Action', 1];
  const fui: Field = ['Final-Unit-Indication', [redirect]];
  const validity: Field = ['Validity-Time', 600];
  const none = gsu(['CC-Service-Specific-Units', 0n]);

  test.each<[string, readonly Field[]]>([
    ['of the command', [fui, validity]],
    ['of a service', [mscc(['Result-Code', 2001], validity, fui)]],
    ['by QoS-Final-Unit-Indication', [mscc(['QoS-Final-Unit-Indication', [redirect]])]],
    ['a grant of 0', [none, fui]],
  ])('%s', (_name, fields) => {
    const { answer, concern } = readOf('reserve', ...fields);
    expect(readAnswer(answer, request.price)).toMatchObject({ kind: 'denied', reason: 'balance', opened: true });
    expect(concern).toBeUndefined();
  });

  test.each<[string, readonly Field[]]>([
    ['the last money', [gsu(money(500)), fui]],
    ['the last unit', [mscc(gsu(['CC-Service-Specific-Units', 1n]), fui)]],
  ])('%s is granted', (_name, fields) => {
    const { answer } = readOf('reserve', ...fields);
    expect(readAnswer(answer, request.price)).toMatchObject({ kind: 'granted', session: { finalUnit: true } });
  });

  test('an event has no final units: what 2001 says was taken', () => {
    expect(readAnswer(read(fui).answer, request.price, true)).toMatchObject({ kind: 'granted' });
  });
});

describe('what several services grant is one sum (RFC 8506 8.16)', () => {
  test('3.00 and 2.00 are the price', () => {
    const { answer, concern } = read(mscc(gsu(money(300))), mscc(gsu(money(200))));
    expect(answer.granted).toBe(500);
    expect(concern).toBeUndefined();
  });

  test('3.00 and 1.00 are to be given back, both', () => {
    const { answer } = read(mscc(gsu(money(300))), mscc(gsu(money(100))));
    expect(readAnswer(answer, request.price, true)).toMatchObject({ kind: 'partial', granted: 400 });
  });

  test('a service that says nothing of an amount adds none; what the command says itself counts alone', () => {
    expect(read(mscc(), mscc(gsu(money(500)))).answer.granted).toBe(500);
    expect(read(gsu(money(500)), mscc(gsu(money(500)))).answer.granted).toBe(500);
  });

  test.each<[string, Field]>([
    ['another currency', gsu(money(200, 'USD'))],
    ['money that cannot be read', gsu(['CC-Money', []])],
    ['another unit', gsu(['CC-Service-Specific-Units', 3n])],
  ])('beside %s no sum is known: alarmed', (_name, other) => {
    for (const fields of [
      [mscc(gsu(money(300))), mscc(other)],
      [mscc(other), mscc(gsu(money(300)))],
    ]) {
      const { answer, concern } = read(...fields);
      expect(answer.granted).toBeUndefined();
      expect(concern).toBe('charge.amount-unreadable');
    }
  });

  test('one service granted, another refused: what a debit took is given back, a reservation is ended', () => {
    const { answer } = read(mscc(gsu(money(300))), mscc(['Result-Code', 4012], gsu(money(200))));
    expect(readAnswer(answer, request.price, true)).toMatchObject({ kind: 'partial', granted: 300, resultCode: 4012 });
    expect(readAnswer(answer, request.price)).toMatchObject({ kind: 'denied', reason: 'balance', opened: true });
  });

  test('a service that refused granted nothing, whatever it names', () => {
    const { answer } = read(mscc(['Result-Code', 4012], gsu(money(200))));
    expect(readAnswer(answer, request.price, true)).toMatchObject({ kind: 'denied', reason: 'balance' });
  });
});

describe('services with results of their own, under a command that succeeded (RFC 8506 8.16, 9.1)', () => {
  const free = mscc(['Result-Code', 4011]);
  const broke = mscc(['Result-Code', 4012]);
  const paid = mscc(['Result-Code', 2001], gsu(money(500)));
  const half = mscc(['Result-Code', 2001], gsu(money(300)));

  test.each<[string, readonly Field[], object]>([
    ['4011', [free], { kind: 'granted', free: true, opened: true }],
    ['4011, and 4011', [free, free], { kind: 'granted', free: true }],
    ['4011, and a service that says nothing', [free, mscc()], { kind: 'granted', free: true }],
    ['a refusal beside what is free', [free, broke], { kind: 'denied', reason: 'balance', opened: true }],
    ['5.00 taken beside what is free', [free, paid], { kind: 'granted', free: false }],
    ['5.00 without a result of its own', [free, mscc(gsu(money(500)))], { kind: 'granted', free: false }],
    ['3.00 taken beside what is free', [free, half], { kind: 'partial', granted: 300, resultCode: 2001 }],
    ['a refusal beside both', [free, half, broke], { kind: 'partial', granted: 300, resultCode: 4012 }],
    ['2002', [mscc(['Result-Code', 2002])], { kind: 'partial', granted: undefined, resultCode: 2002 }],
    ['2002 of all of it', [mscc(['Result-Code', 2002], gsu(money(500)))], { kind: 'granted', resultCode: 2002 }],
    ['2002 beside a refusal', [mscc(['Result-Code', 2002]), broke], { kind: 'denied', resultCode: 4012 }],
    ['2001', [paid], { kind: 'granted', free: false, resultCode: 2001 }],
  ])('%s, in whatever order', (_name, fields, expected) => {
    for (const inOrder of [fields, [...fields].reverse()])
      expect(readAnswer(read(...inOrder).answer, request.price, true)).toMatchObject(expected);
  });
});
