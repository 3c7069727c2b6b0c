import { afterEach, describe, expect, it } from 'vitest';
import type { LateMessage, PartStore, PutPart } from '../../src/flow/ports/part-store.ts';
import type { Rig } from './support/gateway.ts';
import { startRigWith } from './support/gateway.ts';
import { golden } from './support/golden.ts';
import type { Peer } from './support/smsc.ts';
import { ID } from './support/smsc.ts';

/** A store as several processes would share it. */
function sharedStore(): PartStore & { down: boolean; due: LateMessage[] } {
  const messages = new Map<string, { readonly parts: Map<number, Uint8Array>; done: boolean }>();
  return {
    down: false,
    due: [],
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
    late() {
      return Promise.resolve([...this.due]);
    },
    dropLate(message) {
      this.due = this.due.filter((each) => each !== message);
      return Promise.resolve();
    },
  };
}

const rigs: Rig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

async function started(parts: PartStore | undefined): Promise<Rig & { readonly peer: Peer }> {
  const rig = await startRigWith(parts === undefined ? {} : { parts });
  rigs.push(rig);
  const peer = await rig.smsc.connection();
  await peer.acceptBind();
  return { ...rig, peer };
}

type Awaits = Parameters<Rig['onMo']>[0];
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

  it.each<[string, Awaits]>([
    ['could not be stored', () => Promise.reject(new Error('store away'))],
    ['was pushed back', () => Promise.resolve({ ack: 'temporary-error' })],
  ])('are handed over again when the message %s and its last part comes again', async (_, answer) => {
    const { peer, mos, onMo } = await started(sharedStore());
    onMo(answer);
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

it('parts that are joined here are one MO, which goes on once', async () => {
  const { peer, onMo } = await started(undefined);
  const after: string[] = [];
  onMo(() => Promise.resolve({ ack: 'stored', after: () => after.push('went on') }));
  peer.send(one, two);
  for (let part = 0; part < 2; part++) expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
  expect(after).toEqual(['went on']);
});

describe('P1: what there is of a long MO whose other parts never came', () => {
  const late = (over: Partial<LateMessage> = {}): LateMessage => ({
    ...{ partition: 0, id: 'a', fields: 5, held: false, link: 'lab-1', total: 2, pdus: [one] },
    ...over,
  });

  it('is handed over as such, goes on, and is dropped', async () => {
    const store = sharedStore();
    const { gateway, mos, onMo, noted } = await started(store);
    const after: string[] = [];
    onMo(() => Promise.resolve({ ack: 'stored', after: () => after.push('went on') }));
    store.due = [late()];
    await gateway.handLateParts();
    expect(mos).toMatchObject([{ text: 'NEWS via ', partial: true, concatRef: 0x2a }]);
    expect((await noted('mo.parts-missing')).fields).toMatchObject({ link: 'lab-1', have: 1, total: 2 });
    expect([after, store.due]).toEqual([['went on'], []]);
  });

  it('comes again where it could not be stored, and keeps nothing else back', async () => {
    const store = sharedStore();
    const { gateway, mos, onMo, noted } = await started(store);
    onMo(() =>
      mos.length === 1 ? Promise.reject(new Error('store away')) : Promise.resolve({ ack: 'temporary-error' }),
    );
    store.due = [late(), late({ id: 'b', pdus: [two] })];
    await gateway.handLateParts();
    await noted('mo.store-failed');
    expect([mos.length, store.due.length]).toEqual([2, 2]);
  });

  it('is no partial one where all of it is there: it is held, and not told as missing', async () => {
    const store = sharedStore();
    const { gateway, mos, notes } = await started(store);
    store.due = [late({ held: true, pdus: [one, two] })];
    await gateway.handLateParts();
    expect(mos.map(({ text, partial, held }) => [text, partial, held])).toEqual([['NEWS via flash', undefined, true]]);
    expect(notes.map(({ event }) => event)).not.toContain('mo.parts-missing');
    expect(store.due).toEqual([]);
  });

  it('stays where it is held and pushed back', async () => {
    const store = sharedStore();
    const { gateway, onMo } = await started(store);
    onMo(() => Promise.resolve({ ack: 'temporary-error' }));
    store.due = [late({ held: true, pdus: [one, two] })];
    await gateway.handLateParts();
    expect(store.due).toHaveLength(1);
  });

  it('is a partial one where a new message took the place of a whole one, or a part cannot be read', async () => {
    const store = sharedStore();
    const { gateway, mos } = await started(store);
    store.due = [late({ pdus: [one, two] }), late({ id: 'b', held: true, pdus: [one, golden('receipt-text')] })];
    await gateway.handLateParts();
    expect(mos.map(({ text, partial, held }) => [text, partial, held])).toEqual([
      ['NEWS via flash', true, undefined],
      ['NEWS via ', true, undefined],
    ]);
    expect(store.due).toEqual([]);
  });

  it('is left to others where its link is not known, and dropped where nothing is left of it', async () => {
    const store = sharedStore();
    const { gateway, mos } = await started(store);
    store.due = [late({ link: 'elsewhere' }), late({ id: 'b', link: '', pdus: [] })];
    await gateway.handLateParts();
    expect([mos, store.due.map(({ id }) => id)]).toEqual([[], ['a']]);
  });
});
