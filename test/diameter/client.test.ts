import { expect, test } from 'vitest';
import { numberOf, textOf } from '../../src/diameter/avp.ts';
import { MSISDN, nodeSettings, peerSettings } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { COMMAND } from '../../src/diameter/message.ts';
import { requestFrom, until } from './scripted-peer.ts';

test('opens by CER and CEA, debits, and leaves by DPR and DPA', async () => {
  const ocs = await listen();
  const b = run(nodeSettings([peerSettings(ocs)]));
  await b.untilOpen();
  const request = b.request();
  expect(await b.client.send(request)).toEqual({
    kind: 'answer',
    resultCode: 2001,
    experimental: false,
    granted: undefined,
    failedAvp: undefined,
  });
  const ccr = await ocs.until('CCR');
  expect(ccr.header).toMatchObject({
    application: 4,
    retransmit: false,
    proxiable: true,
    endToEnd: request.identity.endToEnd,
  });
  expect(textOf(ccr.avps, 'Session-Id')).toBe(request.identity.sessionId);
  expect(numberOf(ccr.avps, 'Requested-Action')).toBe(0);
  expect(JSON.stringify(b.notes)).not.toContain(MSISDN);
  await b.client.stop(5_000);
  expect(ocs.all('DPR')).toHaveLength(1);
  expect(b.client.status()[0]).toMatchObject({ state: 'Closed', open: false });
  expect(b.opens).toEqual([true, false]);
});

test('refunds with Requested-Action 1', async () => {
  const ocs = await listen();
  const b = run(nodeSettings([peerSettings(ocs)]));
  await b.untilOpen();
  await b.client.send(b.request({ action: 'refund' }));
  expect(numberOf((await ocs.until('CCR')).avps, 'Requested-Action')).toBe(1);
});

test('a lost link makes what waits silent, and comes back after Tc and three watchdog rounds', async () => {
  const ocs = await listen();
  ocs.on('CCR', () => undefined);
  const b = run(nodeSettings([peerSettings(ocs)]));
  await b.untilOpen();
  const answer = b.client.send(b.request());
  await ocs.until('CCR');
  ocs.drop();
  expect(await answer).toEqual({ kind: 'silent', reason: 'link-lost' });
  await b.untilNoted('peer.down');
  b.clock.advance(30_000);
  await b.untilNoted('peer.reopen');
  for (let round = 1; round <= 3; round++) {
    await ocs.until('DWR', round);
    expect(b.client.open()).toBe(false);
    if (round === 3) break;
    // Our own DWR is answered after the DWA before it was read: then the round is over.
    ocs.send(requestFrom(COMMAND.deviceWatchdog, ocs.originHost));
    await ocs.until('DWA', round);
    b.clock.advance(32_000);
  }
  await b.untilOpen();
});

test('fails over to the alternate with T, the same Session-Id and End-to-End id, and a new Hop-by-Hop id', async () => {
  const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
  one.on('CCR', () => undefined);
  const b = run(nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })]));
  await until(() => b.client.status().every(({ open }) => open));
  const answer = b.client.send(b.request());
  const first = await one.until('CCR');
  one.drop();
  expect(await answer).toMatchObject({ kind: 'answer', resultCode: 2001 });
  const second = await two.until('CCR');
  expect(first.header.retransmit).toBe(false);
  expect(second.header.retransmit).toBe(true);
  expect(second.header.endToEnd).toBe(first.header.endToEnd);
  expect(second.header.hopByHop).not.toBe(first.header.hopByHop);
  expect(textOf(second.avps, 'Session-Id')).toBe(textOf(first.avps, 'Session-Id'));
});

test('stop leaves no timer behind, whatever was silent', async () => {
  const ocs = await listen();
  ocs.on('CCR', () => undefined);
  const b = run(nodeSettings([peerSettings(ocs)]));
  await b.untilOpen();
  const answer = b.client.send(b.request());
  await ocs.until('CCR');
  b.clock.advance(10_000);
  await answer;
  await b.client.stop(5_000);
  expect(b.clock.timers()).toEqual([]);
});

const TLS = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };

test.each([
  ['Wait-Conn-Ack', TLS],
  ['Wait-I-CEA', undefined],
])('a changed peer that is still connecting (%s) goes alone', async (state, tls) => {
  const [mute, ocs] = [await listen('ocs1.ocs.test', { mute: true }), await listen('ocs2.ocs.test')];
  const [connecting, good] = [peerSettings(mute, { tls }), peerSettings(ocs, { name: 'ocs2', priority: 2 })];
  const b = run(nodeSettings([connecting, good]));
  await b.untilOpen();
  await until(() => b.client.status()[0]?.state === state);
  await b.client.update([{ ...connecting, priority: 3 }, good]);
  expect(b.client.status()).toMatchObject([
    { name: 'ocs2', open: true },
    { name: 'ocs1', open: false },
  ]);
  expect(await b.client.send(b.request())).toMatchObject({ kind: 'answer', resultCode: 2001 });
  expect(ocs.all('CER')).toHaveLength(1);
});
