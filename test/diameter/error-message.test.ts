import { expect, test } from 'vitest';
import { settles } from '../../src/domain/charge.ts';
import { single } from './lifecycle.ts';
import { errorMessage, granted, refused, silent } from './scripted-peer.ts';

test.each([
  ['with the E bit', errorMessage, false],
  ['without it', refused, true],
] as const)('E2: a resend answered 5012 %s settles its charge: %s', async (_, reply, settled) => {
  const { ocs, b } = await single();
  ocs.on('CCR', silent);
  const request = b.request();
  const first = b.client.send(request);
  await ocs.until('CCR');
  b.clock.advance(10_000);
  expect(await first).toMatchObject({ kind: 'silent' });
  ocs.on('CCR', reply(5012));
  const again = await b.client.send({ ...request, retransmit: true, resends: 1 });
  expect(again).toMatchObject({ kind: 'answer', resultCode: 5012 });
  expect(again.kind === 'answer' && settles(again, true)).toBe(settled);
});

test('a first send that it answers is denied', async () => {
  const { ocs, b } = await single();
  ocs.on('CCR', errorMessage(5012));
  const answer = await b.client.send(b.request());
  expect(answer).toMatchObject({ kind: 'answer', resultCode: 5012 });
  expect(answer.kind === 'answer' && settles(answer, false)).toBe(true);
});

test('late, it is only noted, and the 2001 after it is told to the order', async () => {
  const { ocs, b } = await single();
  ocs.on('CCR', silent);
  const answer = b.client.send(b.request());
  const ccr = await ocs.until('CCR');
  b.clock.advance(10_000);
  await answer;
  ocs.send(errorMessage(5012)(ccr));
  await b.untilNoted('charge.late');
  expect(b.late).toEqual([]);
  ocs.send(granted(ccr, ocs));
  await b.untilNoted('charge.late', 2);
  expect(b.late).toMatchObject([{ answer: { resultCode: 2001 } }]);
});
