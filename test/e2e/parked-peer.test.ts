import { afterEach, expect, it } from 'vitest';
import { COMMAND, DISCONNECT_CAUSE } from '../../src/diameter/message.ts';
import { requestFrom, scriptedPeer, type ScriptedPeer } from '../diameter/scripted-peer.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

let orderd: Orderd | undefined;
let peer: ScriptedPeer | undefined;
afterEach(async () => {
  await orderd?.stop();
  await peer?.close();
});

const TC_MS = 200;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it.each(['busy', 'doNotWantToTalkToYou'] as const)(
  'a peer that went with DPR %s is called for an order, and not for whoever asks whether orderd is ready (RFC 6733 5.4.3)',
  async (cause) => {
    const ocs = await scriptedPeer('ocs1.ocs.test');
    peer = ocs;
    orderd = await startOrderd({ ORDERD_DIAMETER__PEERS__0__TC: `${TC_MS}ms` }, () => Promise.resolve(ocs.port));
    await ocs.until('CER');
    await sleep(TC_MS);
    ocs.send(requestFrom(COMMAND.disconnectPeer, ocs.originHost, [['Disconnect-Cause', DISCONNECT_CAUSE[cause]]]));
    await ocs.until('DPA');
    ocs.drop();
    for (const path of Array<string[]>(4).fill(['/readyz', '/metrics']).flat()) {
      const asked = await fetch(`${orderd.nocUrl}${path}`);
      const text = await asked.text();
      if (path === '/readyz')
        expect([asked.status, text]).toEqual([503, expect.stringContaining('no Diameter peer is open')]);
      await sleep(TC_MS);
    }
    expect(ocs.all('CER')).toHaveLength(1);
    await orderd.phone('254711000022').text('MATCH');
    await ocs.until('CER', 2);
  },
  30_000,
);
