import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectRedis } from '../../src/redis/connection.ts';
import type { LateMessage, PartStore, StoredPart } from '../../src/flow/ports/part-store.ts';
import { createPartStore } from '../../src/redis/part-store.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
const MSISDN = '254700000123';
const KEY = `smsc-a/${MSISDN}/5000/42/3`;
let now = 0;
const DAY = 86_400_000;
const dedupeWindow = (named: boolean): number => (named ? DAY : 50_000);
const settings = { partitions: PARTITIONS, hash, now: () => now, dedupeWindow };
let store: PartStore;

beforeEach(() => {
  now = 1_000_000;
  store = createPartStore(bench.handle, settings);
});

/** A PDU differs at each delivery (its sequence_number); the text in it does not. */
function part(sequence: number, over: Partial<StoredPart> = {}): StoredPart {
  const data = over.data ?? Buffer.from(`text ${sequence}`);
  const pdu = Buffer.concat([Buffer.from([sequence, 0, 0xff]), randomBytes(4), data]);
  return { key: KEY, sequence, total: 3, data, pdu, timeout: 60_000, link: 'north', smscId: undefined, ...over };
}

const keysHeld = (): Promise<string[]> => bench.redis.keys(`{${bench.prefix}:*}:parts:*`);

describe('parts in Redis', () => {
  it('are whole when the last one comes, in any order, octet for octet', async () => {
    const [one, two, three] = [part(1), part(2), part(3)];
    expect(await store.put(three)).toEqual({ kind: 'waiting' });
    expect(await store.put(one)).toEqual({ kind: 'waiting' });
    const pdus = [one, two, three].map(({ pdu }) => new Uint8Array(pdu));
    expect(await store.put(two)).toEqual({ kind: 'complete', pdus });
  });

  it('count once, however often they come', async () => {
    const kinds: string[] = [];
    for (const sequence of [3, 2, 2, 3, 2]) kinds.push((await store.put(part(sequence))).kind);
    expect(kinds).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
    expect((await store.put(part(1))).kind).toBe('complete');
  });

  it('are told again for each repeat until the message is done, and never after', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    for (const sequence of [2, 1, 3]) expect((await store.put(part(sequence))).kind).toBe('complete');
    await store.done(KEY);
    for (const sequence of [2, 1, 3]) expect((await store.put(part(sequence))).kind).toBe('repeat');
    await store.done(KEY);
    expect((await store.put(part(1))).kind).toBe('repeat');
  });

  it('are whole for exactly one of 50 puts at once', async () => {
    const total = 50;
    const key = `smsc-a/${MSISDN}/5000/7/${total}`;
    const puts = Array.from({ length: total }, (_, index) => store.put(part(index + 1, { key, total })));
    const answers = await Promise.all(puts);
    expect(answers.filter(({ kind }) => kind === 'complete')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'waiting')).toHaveLength(total - 1);
  });

  it('take the most parts that a reference can have', async () => {
    const [total, key] = [255, `smsc-a/${MSISDN}/5000/8/255`];
    for (let sequence = 1; sequence < total; sequence++) await store.put(part(sequence, { key, total }));
    const last = await store.put(part(total, { key, total }));
    expect(last.kind === 'complete' && last.pdus.map(([sequence]) => sequence)).toEqual(
      Array.from({ length: total }, (_, index) => index + 1),
    );
    await store.done(key);
    expect((await store.put(part(9, { key, total }))).kind).toBe('repeat');
  });

  it('meet when each reaches another process', async () => {
    const other = await connectRedis({ url: server.url, prefix: bench.prefix }, () => undefined);
    const elsewhere = createPartStore(other, settings);
    const [one, two, three] = [part(1), part(2), part(3)];
    await store.put(one);
    await elsewhere.put(three);
    expect(await elsewhere.put(two)).toEqual({
      kind: 'complete',
      pdus: [one, two, three].map(({ pdu }) => new Uint8Array(pdu)),
    });
    await store.done(KEY);
    expect((await elsewhere.put(part(2))).kind).toBe('repeat');
    await other.close();
  });

  it('keep messages of other senders and references apart', async () => {
    await store.put(part(1));
    await store.put(part(2));
    expect((await store.put(part(3, { key: `smsc-a/${MSISDN}/5000/43/3` }))).kind).toBe('waiting');
    expect((await store.put(part(3, { key: 'smsc-a/254700000124/5000/42/3' }))).kind).toBe('waiting');
    expect((await store.put(part(3))).kind).toBe('complete');
  });
});

describe('a reference that came round', () => {
  const fresh = (sequence: number): StoredPart => part(sequence, { data: Buffer.from(`another ${sequence}`) });

  it('begins a new message after one that was done', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    await store.done(KEY);
    const kinds = [
      (await store.put(fresh(1))).kind,
      (await store.put(fresh(2))).kind,
      (await store.put(fresh(3))).kind,
    ];
    expect(kinds).toEqual(['waiting', 'waiting', 'complete']);
  });

  it('mixes no part of an unfinished message into the new one', async () => {
    await store.put(part(1));
    await store.put(part(2));
    await store.put(fresh(2));
    expect((await store.put(fresh(3))).kind).toBe('waiting');
    const whole = await store.put(fresh(1));
    expect(whole.kind === 'complete' && whole.pdus.every((pdu) => Buffer.from(pdu).includes('another'))).toBe(true);
  });

  it('is told by the id that the SMSC gave a part, though its text is the same: with other ids they are two (E13)', async () => {
    const named = (sequence: number, id: string): StoredPart => part(sequence, { smscId: `${id}${sequence}` });
    for (const sequence of [1, 2, 3]) await store.put(named(sequence, 'a'));
    await store.done(KEY);
    expect((await store.put(named(1, 'a'))).kind).toBe('repeat');
    const kinds = [];
    for (const sequence of [1, 2, 3, 3]) kinds.push((await store.put(named(sequence, 'b'))).kind);
    expect(kinds).toEqual(['waiting', 'waiting', 'complete', 'complete']);
    expect((await store.put(named(1, 'c'))).kind).toBe('waiting');
    expect((await store.put(named(1, 'd'))).kind).toBe('waiting');
    expect((await store.late()).map(({ pdus, held }) => [pdus.length, held]).sort()).toEqual([
      [1, false],
      [3, false],
    ]);
  });

  it('is not told by an id that one of two deliveries lacks, or a build that kept none', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    expect((await store.put(part(1, { smscId: 'a1' }))).kind).toBe('complete');
    await store.done(KEY);
    expect((await store.put(part(2, { smscId: 'a2' }))).kind).toBe('repeat');
  });

  it('is not done by the last message, which was slow', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    await store.put(fresh(1));
    await store.done(KEY);
    await store.put(fresh(2));
    expect((await store.put(fresh(3))).kind).toBe('complete');
  });
});

describe('P1: a message whose other parts never come', () => {
  const ids = (late: readonly LateMessage[]): readonly string[] => late.map(({ id }) => id);

  it('is told after its deadline, parts in order, with its link; to one process, until it is dropped', async () => {
    const [three, one] = [part(3), part(1)];
    await store.put(three);
    now += 59_999;
    await store.put(one);
    expect(await store.late()).toEqual([]);
    now += 1;
    const elsewhere = createPartStore(bench.handle, settings);
    const [late, ...others] = await store.late();
    expect(others).toEqual([]);
    expect(late).toMatchObject({ link: 'north', total: 3, pdus: [one, three].map(({ pdu }) => new Uint8Array(pdu)) });
    expect(await elsewhere.late()).toEqual([]);
    now += 60_000;
    const again = await elsewhere.late();
    expect(ids(again)).toEqual([late?.id]);
    for (const each of again) await elsewhere.dropLate(each);
    now += 60_000;
    expect(await store.late()).toEqual([]);
    expect(await keysHeld()).toEqual([]);
  });

  it('is not told once it was whole and done', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    await store.done(KEY);
    now += 60_001;
    expect(await store.late()).toEqual([]);
  });

  it('is told too where it was whole and nobody could take it', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    now += 60_001;
    expect((await store.late()).map(({ pdus, held }) => [pdus.length, held])).toEqual([[3, true]]);
  });

  it('is done, not dropped, where it was whole: its last part is a repeat for as long as it would have been kept', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    now += 60_001;
    const [late] = await store.late();
    if (late !== undefined) await store.dropLate(late);
    const [key = ''] = await keysHeld();
    expect(await bench.redis.pttl(key)).toBeGreaterThan(DAY);
    expect((await store.put(part(3))).kind).toBe('repeat');
    now += 60_000;
    expect(await store.late()).toEqual([]);
  });

  it('is not done where a new message took its place after it was read', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    now += 60_001;
    const [late] = await store.late();
    await store.put(part(1, { data: Buffer.from('another 1') }));
    if (late !== undefined) await store.dropLate(late);
    now += 60_001;
    expect((await store.late()).map(({ pdus, held }) => [pdus.length, held]).sort()).toEqual([
      [1, false],
      [3, false],
    ]);
  });

  it('is not dropped with a part that came after it was read', async () => {
    await store.put(part(1));
    now += 60_001;
    const [late] = await store.late();
    await store.put(part(2));
    if (late !== undefined) await store.dropLate(late);
    now += 60_000;
    expect((await store.late()).map(({ pdus }) => pdus.length)).toEqual([2]);
  });

  it('is told at once when a new message takes its reference', async () => {
    const [old, fresh] = [part(1), part(1, { data: Buffer.from('another 1') })];
    await store.put(old);
    await store.put(fresh);
    expect((await store.late()).map(({ pdus }) => pdus)).toEqual([[new Uint8Array(old.pdu)]]);
    now += 60_001;
    expect((await store.late()).map(({ pdus }) => pdus)).toContainEqual([new Uint8Array(fresh.pdu)]);
  });

  it('keeps no other back when another key sealed it, and none when it is gone', async () => {
    const sealed = (text: string): Uint8Array => (text.startsWith('parts/') ? hash(text) : hash(`not ours ${text}`));
    await createPartStore(bench.handle, { ...settings, hash: sealed }).put(part(1));
    await store.put(part(1, { key: 'gone' }));
    await store.put(part(1, { key: 'good' }));
    now += 60_001;
    const held = await keysHeld();
    expect((await store.late()).map(({ pdus }) => pdus.length)).toEqual([1, 1]);
    await bench.redis.del(...held);
    now += 60_000;
    expect((await store.late()).map(({ pdus }) => pdus.length)).toEqual([0, 0, 0]);
  });
});

describe('what waits in Redis', () => {
  it('is known for the timeout after it was done', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    await store.done(KEY);
    const [key = ''] = await keysHeld();
    const left = await bench.redis.pttl(key);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('is known after it was done for as long as equal MOs are one (E13), where that is longer', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence, { smscId: `a${sequence}` }));
    await store.done(KEY);
    const [key = ''] = await keysHeld();
    const left = await bench.redis.pttl(key);
    expect(left).toBeGreaterThan(60_000);
    expect(left).toBeLessThanOrEqual(DAY);
  });

  it('of the build before, which does not say how long it is known, is known for the timeout', async () => {
    for (const sequence of [1, 2, 3]) await store.put(part(sequence));
    const [key = ''] = await keysHeld();
    await bench.redis.hdel(key, 'known');
    await store.done(KEY);
    const left = await bench.redis.pttl(key);
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  });

  it('outlives its deadline until it is handed over: a part that comes late still meets the others', async () => {
    await store.put(part(1));
    const [key = ''] = await keysHeld();
    expect(await bench.redis.pttl(key)).toBeGreaterThan(60_000);
    now += 60_001;
    await store.put(part(2));
    expect((await store.put(part(3))).kind).toBe('complete');
  });

  it('names no number and shows no text (E15, E19)', async () => {
    await store.put(part(1, { data: Buffer.from(`my code 123456 from ${MSISDN}`) }));
    const [key = ''] = await keysHeld();
    const held = key + JSON.stringify(await bench.redis.hgetall(key));
    const pdu = Buffer.from((await bench.redis.hget(key, 'pdu:1')) ?? '', 'base64');
    for (const secret of [MSISDN, '123456', 'code']) {
      expect(held).not.toContain(secret);
      expect(pdu.includes(secret)).toBe(false);
    }
  });

  it('opens to its own key only', async () => {
    const stranger = createPartStore(bench.handle, {
      ...settings,
      hash: (text) => (text.startsWith('parts/') ? hash(text) : hash(`not ours ${text}`)),
    });
    await store.put(part(1));
    await store.put(part(2));
    await expect(stranger.put(part(3))).rejects.toThrow();
  });

  it('is refused while Redis is away, so that nothing is acknowledged', async () => {
    const gone = await connectRedis({ url: server.url, prefix: bench.prefix }, () => undefined);
    await gone.close();
    await expect(createPartStore(gone, settings).put(part(1))).rejects.toThrow();
  });
});
