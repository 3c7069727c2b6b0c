import { afterEach, describe, expect, it } from 'vitest';
import type { PartStore, PutPart } from '../../src/smpp/gateway.ts';
import type { Rig } from './support/gateway.ts';
import { startRigWith } from './support/gateway.ts';
import { golden } from './support/golden.ts';
import type { Peer } from './support/smsc.ts';
import { ID } from './support/smsc.ts';

/** A store as several processes would share it. */
function sharedStore(): PartStore & { down: boolean } {
  const messages = new Map<string, { readonly parts: Map<number, Uint8Array>; done: boolean }>();
  return {
    down: false,
    put({ key, sequence, total, pdu }): Promise<PutPart> {
      if (this.down) return Promise.reject(new Error('store away'));
      const message = messages.get(key) ?? { parts: new Map<number, Uint8Array>(), done: false };
      messages.set(key, message);
      if (message.done) return Promise.resolve({ kind: 'repeat' });
      message.parts.set(sequence, pdu);
      if (message.parts.size < total) return Promise.resolve({ kind: 'waiting' });
      const pdus = [...message.parts].sort(([left], [right]) => left - right).map(([, each]) => each);
      return Promise.resolve({ kind: 'complete', pdus });
    },
    done(key) {
      const message = messages.get(key);
      if (message !== undefined) message.done = true;
      return Promise.resolve();
    },
  };
}

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

async function started(parts: PartStore): Promise<Rig & { readonly peer: Peer }> {
  const rig = await startRigWith({ parts });
  rigs.push(rig);
  const peer = await rig.smsc.connection();
  await peer.acceptBind();
  return { ...rig, peer };
}

const [one, two] = [golden('deliver_sm-udh8-1of2'), golden('deliver_sm-udh8-2of2')];

describe('parts that meet in a store', () => {
  it('are acknowledged one by one, and joined by the process that the last one reaches', async () => {
    const store = sharedStore();
    const [first, second] = [await started(store), await started(store)];
    first.peer.send(two);
    expect((await first.peer.expect(ID.deliverSmResp)).status).toBe(0);
    second.peer.send(one);
    expect((await second.peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(first.mos).toEqual([]);
    expect(second.mos.map(({ text, concatRef }) => [text, concatRef])).toEqual([['NEWS via flash', 0x2a]]);
    first.peer.send(one);
    expect((await first.peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(first.mos).toEqual([]);
  });

  it('are handed over again when the message could not be stored and its last part comes again', async () => {
    const { peer, mos, onMo } = await started(sharedStore());
    onMo(() => Promise.reject(new Error('store away')));
    peer.send(one, two);
    const statuses = [await peer.expect(ID.deliverSmResp), await peer.expect(ID.deliverSmResp)].map(
      (pdu) => pdu.status,
    );
    expect(statuses).toEqual([0, 0x64]);
    onMo(() => Promise.resolve({ ack: 'stored' }));
    peer.send(two);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos.map(({ text }) => text)).toEqual(['NEWS via flash', 'NEWS via flash']);
  });

  it('are a temporary error while the store is away', async () => {
    const store = sharedStore();
    const { peer, mos } = await started(store);
    store.down = true;
    peer.send(one);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x64);
    store.down = false;
    peer.send(one, two);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos).toHaveLength(1);
  });
});
