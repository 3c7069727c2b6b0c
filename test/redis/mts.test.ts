import { describe, expect, it } from 'vitest';
import type { ReceiptState } from '../../src/domain/message.ts';
import type { NoticeKind, OrderMt, OwedMt } from '../../src/domain/notice.ts';
import { dedupe, LEASE, MSISDN, openStep, partitionOfMsisdn, reply } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const NOW = 1_700_000_000_000;
const partition = partitionOfMsisdn(MSISDN);

async function oweOne(): Promise<OwedMt> {
  const mt = reply('help');
  await bench.stores.mts.owe(dedupe(), mt, NOW, LEASE);
  return mt;
}

const receipt = (messageId: string, state: ReceiptState, error?: string) =>
  bench.stores.mts.receipt({ smsc: 'north', messageId, msisdn: MSISDN, state, error }, NOW + 5);
const NOTED = { kind: 'noted' };
const PARKED = { kind: 'parked' };
const keep = ({ notAfter }: OwedMt): number => notAfter;
const stateOf = (mt: OwedMt) => bench.redis.hget(bench.keys.mt(mt.id), 'state');
const daysOf = async (mt: OwedMt) => Math.ceil((await bench.redis.pttl(bench.keys.mt(mt.id))) / 86_400_000);
const wakeOf = (mt: OwedMt) => bench.redis.zscore(bench.keys.wake(partition), `m:${mt.id}`);

describe('an owed text', () => {
  it('is leased to whoever owed it, and comes back whole', async () => {
    const { mts } = bench.stores;
    const mt = reply('help');
    expect(await mts.owe(dedupe(), mt, NOW, LEASE)).toEqual({
      mt,
      lease: { fence: 1, until: NOW + LEASE },
      waits: 0,
      silences: 0,
    });
    expect(await mts.take(mt.id, NOW + LEASE - 1, LEASE)).toBeUndefined();
    expect(await mts.take(mt.id, NOW + LEASE, LEASE)).toEqual({
      mt,
      lease: { fence: 2, until: NOW + 2 * LEASE },
      waits: 0,
      silences: 0,
    });
  });

  it('is owed once per message (E12)', async () => {
    const same = dedupe();
    const owes = Array.from({ length: 50 }, () => bench.stores.mts.owe(same, reply('help'), NOW, LEASE));
    expect((await Promise.all(owes)).filter((held) => held !== undefined)).toHaveLength(1);
  });

  it('about an order is owed once of its kind, and nothing that outlives the order remembers it', async () => {
    const { mts, orders } = bench.stores;
    const step = openStep('confirmed');
    await orders.open(step, undefined);
    const orderId = step.frozen.id;
    const about = (kind: NoticeKind): OrderMt => ({ ...reply(kind), id: `${orderId}-${kind}`, orderId });
    const before = await bench.redis.dbsize();
    const owes = await Promise.all(Array.from({ length: 20 }, () => mts.oweOnce(about('waiting'), NOW, LEASE)));
    expect(owes.filter((held) => held !== undefined)).toEqual([
      { mt: about('waiting'), lease: { fence: 1, until: NOW + LEASE }, waits: 0, silences: 0 },
    ]);
    expect(await bench.redis.dbsize()).toBe(before + 1);
    expect(await mts.take(`${orderId}-waiting`, NOW + LEASE, LEASE)).toMatchObject({ lease: { fence: 2 } });
    expect(await mts.oweOnce(about('declined'), NOW, LEASE)).toBeDefined();
    await bench.redis.del(bench.keys.order(orderId));
    expect(await mts.oweOnce(about('spend-note'), NOW, LEASE)).toBeUndefined();
    expect(await bench.redis.exists(bench.keys.order(orderId))).toBe(0);
  });

  it('counts its waits, and wakes when it is told to', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    await mts.release(mt.id, 1, NOW + 99_000);
    expect(await wakeOf(mt)).toBe(String(NOW + 99_000));
    expect(await mts.take(mt.id, NOW, LEASE)).toMatchObject({ waits: 1, lease: { fence: 2 } });
    await mts.release(mt.id, 1, NOW);
    expect(await mts.take(mt.id, NOW + 1, LEASE)).toBeUndefined();
  });

  it('is taken under a named fence only while nobody has taken it up since', async () => {
    const { mts } = bench.stores;
    const { id } = await oweOne();
    expect(await mts.take(id, NOW + LEASE, LEASE, 1)).toMatchObject({ lease: { fence: 2 } });
    expect(await mts.take(id, NOW + 2 * LEASE, LEASE, 1)).toBeUndefined();
    expect(await mts.take(id, NOW + 2 * LEASE, LEASE)).toMatchObject({ lease: { fence: 3 } });
  });

  it('that waits in a queue is kept by renewing its lease, by its holder alone (E5)', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    expect(await mts.renew(mt.id, 1, NOW + 3 * LEASE)).toBe(true);
    expect(await mts.take(mt.id, NOW + 2 * LEASE, LEASE)).toBeUndefined();
    const taken = await mts.take(mt.id, NOW + 3 * LEASE, LEASE);
    expect(taken?.lease.fence).toBe(2);
    expect(await mts.renew(mt.id, 1, NOW + 9 * LEASE)).toBe(false);
  });

  it('counts how often no response came; by hand it begins anew', async () => {
    const { mts, deadLetters } = bench.stores;
    const mt = await oweOne();
    await mts.release(mt.id, 1, NOW, true);
    await mts.take(mt.id, NOW, LEASE);
    await mts.release(mt.id, 2, NOW);
    expect(await mts.take(mt.id, NOW, LEASE)).toMatchObject({ waits: 2, silences: 1 });
    await mts.bury(mt, 3, { state: 'dead', reason: 'no response' }, NOW);
    await deadLetters.retry(mt.id, keep);
    expect(await mts.take(mt.id, NOW, LEASE)).toMatchObject({ waits: 0, silences: 0 });
  });

  it('of the same id is replaced: who held the old one can neither release nor keep it', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    expect(await mts.owe(dedupe(), mt, NOW, LEASE)).toMatchObject({ lease: { fence: 2 } });
    await mts.release(mt.id, 1, NOW);
    expect(await wakeOf(mt)).toBe(String(NOW + LEASE));
  });

  it('that does not exist cannot be taken, nor one of another store', async () => {
    const { mts } = bench.stores;
    expect(await mts.take(reply('help').id, NOW, LEASE)).toBeUndefined();
    expect(await mts.take('77-abc-help', NOW, LEASE)).toBeUndefined();
    expect(await mts.take('nonsense', NOW, LEASE)).toBeUndefined();
  });
});

describe('an accepted text', () => {
  it('whose acceptance came late is closed under the fence that said it, and by no other', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    const said = { smsc: 'north', messageIds: ['7'], text: 'Hi' };
    await mts.release(mt.id, 1, NOW, true);
    await mts.accepted(mt, { ...said, fence: 2 }, NOW);
    expect(await stateOf(mt)).toBe('owed');
    await mts.accepted(mt, { ...said, fence: 1 }, NOW);
    expect(await stateOf(mt)).toBe('accepted');
    await mts.accepted(mt, { ...said, messageIds: ['8'], fence: 1 }, NOW);
    expect(await bench.redis.hget(bench.keys.mt(mt.id), 'part:8')).toBeNull();
  });

  it('is nobody’s work any more', async () => {
    const mt = await oweOne();
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    expect(await wakeOf(mt)).toBeNull();
    expect(await bench.stores.mts.take(mt.id, NOW + 10 * LEASE, LEASE)).toBeUndefined();
    expect(await bench.redis.pttl(bench.keys.mt(mt.id))).toBeGreaterThan(0);
    expect(await bench.redis.pttl(bench.keys.receipt(partition, 'north', 'a1'))).toBeGreaterThan(0);
  });

  it('is delivered when the receipt of its last part says so', async () => {
    const mt = await oweOne();
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1', 'a2'], text: 'said' }, NOW);
    expect(await receipt('a1', 'enroute')).toEqual(NOTED);
    expect(await receipt('a1', 'delivered')).toEqual(NOTED);
    expect(await stateOf(mt)).toBe('accepted');
    expect(await receipt('a2', 'delivered')).toEqual(NOTED);
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('whose parts the SMSC gave one id is delivered by its receipt, or not, however many come', async () => {
    const { mts } = bench.stores;
    const [mt, lost] = [await oweOne(), await oweOne()];
    await mts.accepted(mt, { smsc: 'north', messageIds: ['a1', 'a1'], text: 'said' }, NOW);
    expect(await receipt('a1', 'delivered')).toEqual(NOTED);
    expect(await stateOf(mt)).toBe('delivered');
    expect(await receipt('a1', 'delivered')).toEqual(PARKED);
    await mts.accepted(lost, { smsc: 'north', messageIds: ['b1', 'b1', 'b1'], text: 'said' }, NOW);
    expect(await receipt('b1', 'expired')).toEqual({ kind: 'undelivered', mt: lost });
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('waits on where a receipt does not say how it ended, whichever comes first', async () => {
    const mt = await oweOne();
    expect(await receipt('a2', 'unknown')).toEqual(PARKED);
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1', 'a2'], text: 'said' }, NOW);
    expect(await receipt('a1', 'unknown')).toEqual(NOTED);
    expect(await stateOf(mt)).toBe('accepted');
    for (const part of ['a1', 'a2']) expect(await receipt(part, 'delivered')).toEqual(NOTED);
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('is undelivered with its first part that is', async () => {
    const mt = await oweOne();
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1', 'a2'], text: 'said' }, NOW);
    expect(await receipt('a2', 'undeliverable', '0x0b')).toEqual({ kind: 'undelivered', mt });
    expect(await bench.redis.hmget(bench.keys.mt(mt.id), 'state', 'reason')).toEqual(['undelivered', '0x0b']);
    await receipt('a1', 'delivered');
    expect(await stateOf(mt)).toBe('undelivered');
  });

  it('takes a receipt that came before its submit_sm_resp', async () => {
    const mt = await oweOne();
    expect(await receipt('a1', 'delivered')).toEqual(PARKED);
    expect(await bench.redis.pttl(bench.keys.earlyReceipt(partition, 'north', 'a1'))).toBeGreaterThan(0);
    expect(await receipt('a2', 'enroute')).toEqual(PARKED);
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('tells again that it is undelivered when its receipt comes again, and nothing for a part that did arrive', async () => {
    const mt = await oweOne();
    expect(await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1', 'a2'], text: 'said' }, NOW)).toBe(
      'expected',
    );
    expect(await receipt('a2', 'expired')).toEqual({ kind: 'undelivered', mt });
    expect(await receipt('a2', 'expired')).toEqual({ kind: 'undelivered', mt });
    expect(await receipt('a1', 'delivered')).toEqual(NOTED);
    expect(await receipt('a1', 'delivered')).toEqual(PARKED);
  });

  it('is undelivered at once by a receipt that came before its submit_sm_resp', async () => {
    const mt = await oweOne();
    expect(await receipt('a1', 'rejected')).toEqual(PARKED);
    expect(await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW)).toBe(
      'undelivered',
    );
    expect(await stateOf(mt)).toBe('undelivered');
  });

  it('knows message ids per SMSC, and a receipt counts once', async () => {
    const mt = await oweOne();
    await bench.stores.mts.accepted(mt, { smsc: 'south', messageIds: ['a1', 'a2'], text: 'said' }, NOW);
    expect(await receipt('a1', 'delivered')).toEqual(PARKED);
    const south = { smsc: 'south', messageId: 'a1', msisdn: MSISDN, state: 'delivered', error: undefined } as const;
    expect(await bench.stores.mts.receipt(south, NOW)).toEqual(NOTED);
    expect(await bench.stores.mts.receipt(south, NOW)).toEqual(PARKED);
    expect(await stateOf(mt)).toBe('accepted');
  });

  it('is not closed by a receipt of the text that it replaced', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    await mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    await mts.owe(dedupe(), mt, NOW, LEASE);
    await mts.accepted(mt, { smsc: 'north', messageIds: ['b1', 'b2'], text: 'said' }, NOW);
    await receipt('a1', 'delivered');
    await receipt('b1', 'delivered');
    expect(await stateOf(mt)).toBe('accepted');
    await receipt('b2', 'delivered');
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('is not closed by the acceptance of the text that it replaced, nor by its receipt', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    const next = { ...mt, owedAt: mt.owedAt + 60_000 };
    await mts.owe(dedupe(), next, NOW, LEASE);
    expect(await mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW)).toBe('expected');
    expect([await stateOf(mt), await wakeOf(mt)]).toEqual(['owed', String(NOW + LEASE)]);
    await receipt('a1', 'undeliverable');
    await mts.release(mt.id, 2, NOW);
    expect(await mts.take(mt.id, NOW, LEASE)).toMatchObject({ mt: { owedAt: next.owedAt }, waits: 1 });
    await mts.accepted(next, { smsc: 'north', messageIds: ['b1'], text: 'said' }, NOW);
    await receipt('a1', 'delivered');
    expect(await stateOf(mt)).toBe('accepted');
    await receipt('b1', 'delivered');
    expect(await stateOf(mt)).toBe('delivered');
  });

  it('is closed by its acceptance whoever holds it by then, and over another channel, too', async () => {
    const { mts } = bench.stores;
    const mt = await oweOne();
    const fallback = { text: 'help', from: 'sms', to: 'flash', because: 'away', at: NOW } as const;
    const over = { ...mt, channel: 'flash' } as const;
    await mts.reroute({ mt: over, fallback, challenge: undefined, fence: 1, now: NOW + 5, leaseFor: LEASE });
    await mts.take(mt.id, NOW + 5 + LEASE, LEASE);
    await mts.accepted(over, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    expect(await stateOf(mt)).toBe('accepted');
  });

  it('is buried by whoever holds it, and by nobody who held it before', async () => {
    const { mts, deadLetters } = bench.stores;
    const mt = await oweOne();
    await mts.take(mt.id, NOW + LEASE, LEASE);
    expect(await mts.bury(mt, 1, { state: 'dead', reason: 'refused' }, NOW)).toBe(false);
    expect([await stateOf(mt), await deadLetters.count()]).toEqual(['owed', 0]);
    expect(await mts.bury(mt, 2, { state: 'dead', reason: 'refused' }, NOW)).toBe(true);
    expect([await stateOf(mt), await deadLetters.count()]).toEqual(['dead', 1]);
    expect(await daysOf(mt)).toBe(30);
  });

  it('that is outdated ends without a dead letter', async () => {
    const { mts, deadLetters } = bench.stores;
    const mt = await oweOne();
    expect(await mts.bury(mt, 2, { state: 'outdated', reason: 'stopped' }, NOW)).toBe(false);
    expect(await mts.bury(mt, 1, { state: 'outdated', reason: 'stopped' }, NOW)).toBe(true);
    expect([await stateOf(mt), await deadLetters.count()]).toEqual(['outdated', 0]);
    expect(await daysOf(mt)).toBe(1);
    expect(await mts.take(mt.id, NOW + LEASE, LEASE)).toBeUndefined();
  });

  it('is not buried by somebody slower', async () => {
    const mt = await oweOne();
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    await bench.stores.mts.bury(mt, 1, { state: 'dead', reason: 'too late to be said' }, NOW);
    expect(await stateOf(mt)).toBe('accepted');
    expect(await bench.stores.deadLetters.list(10)).toEqual([]);
  });

  it('that is gone meanwhile is not made again', async () => {
    const mt = reply('help');
    await bench.stores.mts.accepted(mt, { smsc: 'north', messageIds: ['a1'], text: 'said' }, NOW);
    expect(await bench.redis.exists(bench.keys.mt(mt.id))).toBe(0);
  });
});

describe('a dead letter', () => {
  it('counts no more once its retention is over, whether or not anybody has looked since', async () => {
    const { mts, deadLetters } = bench.stores;
    await mts.bury(await oweOne(), 1, { state: 'dead', reason: 'refused' }, NOW);
    const counts = [];
    for (const days of [0, 29, 30]) {
      bench.now = NOW + days * 86_400_000;
      counts.push(await deadLetters.count());
    }
    bench.now = NOW;
    expect(counts).toEqual([1, 1, 0]);
  });

  it('is listed with its reason, and without the number (E19)', async () => {
    const mt = await oweOne();
    await bench.stores.mts.bury(mt, 1, { state: 'dead', reason: 'refused with status 0x0000000b' }, NOW + 1);
    const letters = await bench.stores.deadLetters.list(10);
    expect(letters).toEqual([
      {
        id: mt.id,
        orderId: undefined,
        kind: 'help',
        shortCode: '4242',
        to: '…123',
        reason: 'refused with status 0x0000000b',
        at: NOW + 1,
      },
    ]);
    expect(JSON.stringify(letters)).not.toContain(MSISDN);
    expect(await bench.stores.deadLetters.count()).toBe(1);
    expect(await wakeOf(mt)).toBeNull();
  });

  it('is owed again when somebody retries it, once', async () => {
    const { mts, deadLetters, wake } = bench.stores;
    const mt = await oweOne();
    await mts.bury(mt, 1, { state: 'dead', reason: 'no' }, NOW);
    expect(await deadLetters.retry(mt.id, keep)).toBe(true);
    expect(await deadLetters.retry(mt.id, keep)).toBe(false);
    expect(await wake.claimDue(partition, bench.now, 10)).toEqual([{ kind: 'mt', id: mt.id, fence: 1 }]);
    const taken = await mts.take(mt.id, bench.now, LEASE);
    expect(taken?.mt).toEqual(mt);
    expect(await bench.redis.pttl(bench.keys.mt(mt.id))).toBe(-1);
  });

  it('is worth saying for as long as that retry gives it, over another channel too', async () => {
    const { mts, deadLetters } = bench.stores;
    const mt = await oweOne();
    await mts.bury(mt, 1, { state: 'dead', reason: 'too late to be said' }, NOW);
    await deadLetters.retry(mt.id, ({ notAfter }) => notAfter + 5);
    const taken = await mts.take(mt.id, bench.now, LEASE);
    expect(taken?.mt).toEqual({ ...mt, notAfter: mt.notAfter + 5 });
    expect(await mts.load(mt.id)).toEqual(taken?.mt);
    const fallback = { text: 'help', from: 'sms', to: 'flash', because: 'away', at: NOW } as const;
    const over = { ...taken!.mt, channel: 'flash' } as const;
    await mts.reroute({ mt: over, fallback, challenge: undefined, fence: 2, now: NOW, leaseFor: LEASE });
    expect(await mts.load(mt.id)).toEqual(over);
  });

  it('is gone when somebody discards it', async () => {
    const mt = await oweOne();
    await bench.stores.mts.bury(mt, 1, { state: 'dead', reason: 'no' }, NOW);
    expect(await bench.stores.deadLetters.discard(mt.id)).toBe(true);
    expect(await bench.stores.deadLetters.discard(mt.id)).toBe(false);
    expect(await bench.stores.deadLetters.retry('nonsense', keep)).toBe(false);
    expect(await bench.stores.deadLetters.discard('nonsense')).toBe(false);
    expect(await bench.stores.deadLetters.list(10)).toEqual([]);
  });

  it('leaves the list when its record is gone', async () => {
    const mt = await oweOne();
    await bench.stores.mts.bury(mt, 1, { state: 'dead', reason: 'no' }, NOW);
    await bench.redis.del(bench.keys.mt(mt.id));
    expect(await bench.stores.deadLetters.list(10)).toEqual([]);
    expect(await bench.stores.deadLetters.count()).toBe(0);
  });

  it('is listed newest first', async () => {
    for (const at of [3, 1, 2])
      await bench.stores.mts.bury(await oweOne(), 1, { state: 'dead', reason: `at ${at}` }, NOW + at);
    const letters = await bench.stores.deadLetters.list(2);
    expect(letters.map(({ reason }) => reason)).toEqual(['at 3', 'at 2']);
  });
});
