import { afterEach } from 'vitest';
import { bench, type Bench } from './bench.ts';
import { scriptedPeer, type ScriptedPeer } from './scripted-peer.ts';

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

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
  for (const { client, clock } of benches.splice(0)) {
    const stopped = client.stop(1_000);
    clock.advance(1_000);
    await stopped;
  }
});
