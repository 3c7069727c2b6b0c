import { expect, test } from 'vitest';
import { textOf } from '../../src/diameter/avp.ts';
import type { Field, Incoming } from '../../src/diameter/message.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { answerTo, refused, silent, type ScriptedPeer, until } from './scripted-peer.ts';

/** DIAMETER_REDIRECT_INDICATION (RFC 6733 6.1.7, 6.1.8, 7.1.3). */

async function three(): Promise<{ ocs: readonly [ScriptedPeer, ScriptedPeer, ScriptedPeer]; b: Bench }> {
  const name = (n: number): string => `ocs${n}.ocs.test`;
  const ocs = [await listen(name(1)), await listen(name(2)), await listen(name(3))] as const;
  const peers = ocs.map((peer, i) => peerSettings(peer, { name: `ocs${i + 1}`, priority: i + 1 }));
  const b = run(nodeSettings(peers));
  await until(() => b.client.status().every(({ open }) => open));
  return { ocs, b };
}

const redirect =
  (...hosts: readonly string[]) =>
  (m: Incoming, peer: ScriptedPeer): Uint8Array =>
    answerTo(
      m,
      3006,
      peer.originHost,
      hosts.map((host): Field => ['Redirect-Host', host]),
    );

test.each([
  ['a URI with all its parts', 'aaa://OCS3.ocs.test:3868;transport=tcp;protocol=diameter'],
  ['a URI of TLS', 'aaas://ocs3.ocs.test'],
  ['a bare name', 'ocs3.ocs.test'],
])('to a peer of ours, by %s: the same request goes there, without T', async (_name, host) => {
  const { ocs, b } = await three();
  const [one, two, third] = ocs;
  one.on('CCR', redirect('aaa://elsewhere.test', host));
  expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
  const [before, after] = [await one.until('CCR'), await third.until('CCR')];
  expect(after.header).toMatchObject({ retransmit: false, endToEnd: before.header.endToEnd });
  expect(after.header.hopByHop).not.toBe(before.header.hopByHop);
  expect(textOf(after.avps, 'Session-Id')).toBe(textOf(before.avps, 'Session-Id'));
  expect(two.all('CCR')).toEqual([]);
  expect(b.noted('charge.rerouted')).toMatchObject([{ peer: 'ocs3', result: 3006 }]);
  expect(b.noted('charge.redirected')).toEqual([]);
});

test('to a peer of ours that is away: as to nobody of ours', async () => {
  const { ocs, b } = await three();
  const [one, two, third] = ocs;
  await third.close();
  await until(() => b.client.status().filter(({ open }) => open).length === 2);
  one.on('CCR', redirect('aaa://ocs3.ocs.test'));
  expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
  expect((await two.until('CCR')).header.retransmit).toBe(false);
  expect(b.noted('charge.redirected')).toMatchObject([{ peer: 'ocs1', hosts: 'ocs3.ocs.test' }]);
});

test('to nobody of ours: noted with the hosts, and the alternate is tried as after 3002', async () => {
  const { ocs, b } = await three();
  const [one, two] = ocs;
  one.on('CCR', redirect('aaa://a.test:3868', 'aaa://b.test'));
  expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
  expect((await two.until('CCR')).header.retransmit).toBe(false);
  expect(b.noted('charge.redirected')).toMatchObject([{ peer: 'ocs1', hosts: 'a.test, b.test' }]);
});

test('in a circle: each peer is asked once, and the last answer is the answer', async () => {
  const { ocs, b } = await three();
  const [one, two, third] = ocs;
  one.on('CCR', redirect('aaa://ocs3.ocs.test'));
  third.on('CCR', redirect('aaa://ocs1.ocs.test'));
  two.on('CCR', refused(3002));
  expect(await b.client.send(b.request())).toMatchObject({ kind: 'answer', resultCode: 3002 });
  expect(ocs.map((peer) => peer.all('CCR').length)).toEqual([1, 1, 1]);
});

test('after a silence T stays (E2)', async () => {
  const { ocs, b } = await three();
  const [one, two, third] = ocs;
  one.on('CCR', silent);
  two.on('CCR', redirect('aaa://ocs3.ocs.test'));
  const answer = b.client.send(b.request());
  await one.until('CCR');
  one.drop();
  expect(await answer).toMatchObject({ resultCode: 2001 });
  expect((await third.until('CCR')).header.retransmit).toBe(true);
});
