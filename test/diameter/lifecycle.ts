import { afterEach } from 'vitest';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import { bench, nodeSettings, peerSettings, type Bench } from './bench.ts';
import { scriptedPeer, until, type ScriptedPeer } from './scripted-peer.ts';

const peers: ScriptedPeer[] = [];
const benches: Bench[] = [];

/** A peer that the test need not close. */
export async function listen(...args: Parameters<typeof scriptedPeer>): Promise<ScriptedPeer> {
  const peer = await scriptedPeer(...args);
  peers.push(peer);
  return peer;
}

/** A started client that the test need not stop. */
export function run(...args: Parameters<typeof bench>): Bench {
  const made = bench(...args);
  benches.push(made);
  made.client.start();
  return made;
}

/** One open peer. */
export async function single(change: Partial<NodeSettings> = {}): Promise<{ ocs: ScriptedPeer; b: Bench }> {
  const ocs = await listen();
  const b = run(nodeSettings([peerSettings(ocs)], change));
  await b.untilOpen();
  return { ocs, b };
}

/** Two, by priority. */
export async function pair(): Promise<{ one: ScriptedPeer; two: ScriptedPeer; b: Bench }> {
  const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
  const b = run(nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })]));
  await until(() => b.client.status().every(({ open }) => open));
  return { one, two, b };
}

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
  for (const { client, clock } of benches.splice(0)) {
    const stopped = client.stop(1_000);
    clock.advance(1_000);
    await stopped;
  }
});
