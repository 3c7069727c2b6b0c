import { expect, test } from 'vitest';
import { moneyField } from '../../src/diameter/amount.ts';
import type { Incoming } from '../../src/diameter/message.ts';
import { pair, single } from './lifecycle.ts';
import { answerTo, ccaFields, granted, refused, silent, until, type ScriptedPeer } from './scripted-peer.ts';

/** E5: the first definite answer wins, late ones included; an error answer (3xxx) is not definite (E2). */

test.each([3002, 4012, 5030, 4011])('a 2001 over the same hop after %i is told to the order', async (first) => {
  const { ocs, b } = await single();
  ocs.on('CCR', refused(first));
  const request = b.request();
  expect(await b.client.send(request)).toMatchObject({ resultCode: first });
  ocs.send(granted(await ocs.until('CCR'), ocs));
  await until(() => b.late.length > 0);
  expect(b.late).toMatchObject([{ orderId: request.orderId, action: 'debit', answer: { resultCode: 2001 } }]);
  expect(b.noted('message.unexpected')).toEqual([]);
  expect(b.client.status()[0]?.pending).toBe(0);
});

test('it is told once: the next 2001 is the same answer again', async () => {
  const { ocs, b } = await single();
  ocs.on('CCR', refused(3002));
  await b.client.send(b.request());
  const ccr = await ocs.until('CCR');
  ocs.send(Buffer.concat([granted(ccr, ocs), granted(ccr, ocs)]));
  await b.untilNoted('message.unexpected');
  expect(b.late).toHaveLength(1);
});

/** 2001 with that many minor units granted. */
const grants = (minor: number) => (m: Incoming, ocs: ScriptedPeer) => {
  const money = moneyField({ minor, currency: 'KES', decimals: 2 });
  return answerTo(m, 2001, ocs.originHost, [...ccaFields(m), ['Granted-Service-Unit', [money]]]);
};

test.each([
  ['debit', 1],
  ['reserve', 1],
  ['commit', 0],
] as const)('a 2001 of money after a 2001 that granted nothing, to a %s: told %i times', async (action, times) => {
  const { ocs, b } = await single();
  ocs.on('CCR', grants(0));
  await b.client.send(b.request({ action }));
  ocs.send(grants(500)(await ocs.until('CCR'), ocs));
  await until(() => b.noted('message.unexpected').length + b.late.length > 0);
  expect(b.late).toHaveLength(times);
});

test.each([0, 500])('a 2001 of %i after a debit that was taken is no news', async (minor) => {
  const { ocs, b } = await single();
  ocs.on('CCR', grants(500));
  await b.client.send(b.request());
  ocs.send(grants(minor)(await ocs.until('CCR'), ocs));
  await b.untilNoted('message.unexpected');
  expect(b.late).toEqual([]);
});

test.each([
  [4012, 4012],
  [4012, 5030],
  [4012, 3002],
  [3002, 3002],
  [3002, 4012],
])('after %i nothing is news of %i: discarded, noted with its order', async (first, second) => {
  const { ocs, b } = await single();
  ocs.on('CCR', refused(first));
  const { orderId } = b.request();
  await b.client.send(b.request({ orderId }));
  ocs.send(refused(second)(await ocs.until('CCR'), ocs));
  await b.untilNoted('message.unexpected');
  expect(b.noted('message.unexpected')).toMatchObject([{ peer: 'ocs1', order: orderId }]);
  expect(b.late).toEqual([]);
});

test.each([2001, 4012])('%i of the hop that said 3002 ends the wait for the alternate', async (code) => {
  const { one, two, b } = await pair();
  one.on('CCR', refused(3002));
  two.on('CCR', silent);
  const answer = b.client.send(b.request());
  await two.until('CCR');
  one.send(refused(code)(await one.until('CCR'), one));
  expect(await answer).toMatchObject({ resultCode: code });
});

test('a second 3002 of that hop sends nothing again', async () => {
  const { one, two, b } = await pair();
  one.on('CCR', refused(3002));
  two.on('CCR', silent);
  const answer = b.client.send(b.request());
  const ccr = await two.until('CCR');
  one.send(refused(3002)(await one.until('CCR'), one));
  await b.untilNoted('message.unexpected');
  two.send(granted(ccr, two));
  expect(await answer).toMatchObject({ resultCode: 2001 });
  expect([one.all('CCR').length, two.all('CCR').length]).toEqual([1, 1]);
});

test('the hop that answered is lost: what waits for the alternate waits on', async () => {
  const { one, two, b } = await pair();
  one.on('CCR', refused(3002));
  two.on('CCR', silent);
  const answer = b.client.send(b.request());
  const ccr = await two.until('CCR');
  one.drop();
  await b.untilNoted('peer.down');
  two.send(granted(ccr, two));
  expect(await answer).toMatchObject({ resultCode: 2001 });
  expect(b.noted('charge.failover')).toEqual([]);
});

test('the request timeout is no news of what was answered', async () => {
  const { ocs, b } = await single({ tx: 1_000, requestTimeout: 20_000 });
  ocs.on('CCR', silent);
  const quiet = b.client.send(b.request());
  await ocs.until('CCR');
  ocs.on('CCR', refused(4012));
  await b.client.send(b.request());
  b.clock.advance(1_000);
  await quiet;
  b.clock.advance(20_000);
  expect(b.noted('charge.expired')).toHaveLength(1);
});
