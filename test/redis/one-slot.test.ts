import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisHandle } from '../../src/redis/connection.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { createPartStore } from '../../src/redis/part-store.ts';
import type { Reply } from '../../src/redis/scripts.ts';
import { createRun, loadScripts } from '../../src/redis/scripts.ts';
import type { Stores } from '../../src/redis/stores.ts';
import { createStores } from '../../src/redis/stores.ts';
import { streamOf } from '../outbox/support.ts';
import { answerStep, challenge, charge, closeStep, dedupe, frozen, GRANTED, LEASE, MSISDN, openStep, owed, PARTIAL, partitionOfMsisdn, recordStep, refundStep, reply, resolveStep, subscription } from './fixtures.ts'; // prettier-ignore
import { dialogue } from './dialogue.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
const partition = partitionOfMsisdn(MSISDN);
const scripts = loadScripts();

describe('each Lua step', () => {
  it.each([...scripts.values()])('$name tells its keys in its head', ({ text, keys, more }) => {
    const head = /^--\[\[([\s\S]*?)\]\]/.exec(text)?.[1] ?? '';
    const listed = [...(/KEYS:([\s\S]*?)ARGV:/.exec(head)?.[1] ?? '').matchAll(/(?:^ |\s{2})(\d+)(\.\.)? /g)];
    const numbered = listed.filter(([, , many]) => many === undefined).map(([, number]) => Number(number));
    expect(numbered).toEqual(Array.from({ length: keys }, (_, index) => index + 1));
    expect(listed.some(([, , many]) => many !== undefined)).toBe(more);
    expect(head).toMatch(/Returns:/);
  });

  it.each([...scripts.values()])('$name makes no key of its own', ({ text }) => {
    // A name put together in Lua would not be declared, and could be in another slot.
    const calls = [...text.matchAll(/redis\.call\('[A-Z]+',\s*([^,)]+)/g)].map(([, first]) => first);
    expect(calls.filter((first) => first?.includes('..'))).toEqual([]);
  });

  it('refuses to run with more or fewer keys than its name says', async () => {
    const run = createRun((...lists) => bench.redis.call(...(lists.flat() as [string, ...string[]])) as Promise<Reply>);
    await expect(run('take-mt', ['one'], [])).rejects.toThrow(RangeError);
    await expect(run('accept-mt', ['one'], [])).rejects.toThrow(RangeError);
    await expect(run('no-such-step', [], [])).rejects.toThrow(RangeError);
  });

  it('is known again to a server that has lost its scripts', async () => {
    await bench.redis.script('FLUSH');
    const id = (await bench.stores.mts.owe(dedupe(), reply('help'), 1, LEASE))?.mt.id;
    expect(id).toBeDefined();
  });
});

describe('all that a subscriber can cause', () => {
  let handle: RedisHandle;
  let stores: Stores;
  const called = new Set<string>();
  const prefix = 'slot';

  // Redis itself refuses this user every key outside of the one partition, so a step that strays fails.
  beforeAll(async () => {
    const admin = await connectRedis({ url: server.url, prefix }, () => undefined);
    await createStores(admin, { partitions: PARTITIONS, owner: 'admin', hash, now: () => 0 });
    const mine = [`~{${prefix}:0${partition}}:*`, `~{${prefix}:meta}:*`];
    await admin.redis.acl('SETUSER', 'confined', 'on', '>secret', 'resetkeys', ...mine, '+@all');
    await admin.close();
    handle = await connectRedis({ url: `unix://confined:secret@localhost${server.socket}`, prefix }, () => undefined);
    const run: RedisHandle['run'] = (name, keys, args) => {
      called.add(name);
      return handle.run(name, keys, args);
    };
    stores = await createStores({ ...handle, run }, { partitions: PARTITIONS, owner: 'test', hash, now: () => 1 });
  });
  afterAll(() => handle.close());

  it('stays within its partition', async () => {
    await ordersAndStops();
    await chargesAndRefunds();
    await reservationsAndDisputes();
    await renewals();
    await textsAndLetters();
    await longMessage();
    expect(await stores.dialogues.move(undefined, dialogue(), 5)).toBe(true);
    await streamOf({ ...bench, handle: { ...handle, run: track } }, 'credit').trim(partition);
    const elsewhere = ['add-credit', 'read-credit', 'take-quota', 'count-signals', 'move-band'];
    expect([...scripts.keys()].filter((name) => !called.has(name) && !elsewhere.includes(name))).toEqual([]);
  });

  const track: RedisHandle['run'] = (name, keys, args) => {
    called.add(name);
    return handle.run(name, keys, args);
  };

  async function ordersAndStops(): Promise<void> {
    const { orders, subscribers } = stores;
    const first = openStep('challenged');
    await orders.open(first, undefined);
    const second = openStep('challenged', { supersedes: first.frozen.id, owe: reply('code') });
    await orders.open(second, reply('already'));
    await orders.answer(answerStep(second, false));
    await orders.answer(answerStep(second, true));
    await subscribers.stop({
      dedupe: dedupe(),
      msisdn: MSISDN,
      orders: [first.frozen.id, second.frozen.id],
      services: ['news'],
      owe: reply('stop-which'),
      also: reply('stopped'),
      now: 1,
      leaseFor: LEASE,
    });
    await subscribers.remember(dedupe(), { channel: 'flash' }, reply('channel-set'), 1, LEASE);
    await subscribers.mayAnswer(MSISDN, { kind: 'help', limit: 3 }, dedupe());
    const about = { providerId: 'acme', serviceId: 'news' };
    const complaint = { dedupe: dedupe(), msisdn: MSISDN, about, cause: 'mo', now: 1, leaseFor: LEASE } as const;
    await subscribers.complain({ ...complaint, owe: reply('complaint') });
    const asked = openStep('challenged');
    await orders.open(asked, undefined);
    const before = asked.challenge?.id ?? '';
    const code = {
      dedupe: dedupe(),
      orderId: asked.frozen.id,
      before,
      challenge: challenge(),
      now: 1,
      leaseFor: LEASE,
    };
    await orders.newCode({ ...code, owe: reply('code') });
    const lost = reply('code');
    await stores.mts.owe(dedupe(), lost, 1, LEASE);
    const fallback = { text: 'code', from: 'email', to: 'sms', because: 'x', at: 1 } as const;
    await stores.mts.reroute({ mt: lost, fallback, challenge: undefined, fence: 1, now: 1, leaseFor: LEASE });
    const third = openStep('confirmed');
    await orders.open(third, undefined);
    const end = { to: 'declined', from: ['confirmed'], dedupe: dedupe(), owe: reply('declined') } as const;
    await orders.end({ orderId: third.frozen.id, ...end, now: 1, leaseFor: LEASE });
    await stores.index.ofSubscriber(MSISDN, 10);
    await stores.wake.claimDue(partition, 2_000_000_000_000, 100);
    await stores.leases.free(partition, () => true, 1, Infinity);
  }

  async function chargesAndRefunds(): Promise<void> {
    const { orders } = stores;
    const step = openStep('confirmed', { frozen: frozen({ period: 'week' }) });
    const { id } = step.frozen;
    await orders.open(step, undefined);
    await orders.permit(id, 1, charge('s;1;1'), { now: 1 });
    await orders.stepBack(id, 1, 1);
    await orders.take(id, step.now + LEASE, LEASE);
    await orders.renew(id, 2, step.now + 9 * LEASE);
    await orders.permit(id, 2, charge(), { now: 1 });
    await orders.silence(id, 2, 1);
    await orders.release(id, 2, 1);
    const left = subscription(step.frozen);
    await orders.record(recordStep(step, GRANTED, { sessionId: 's;1;1', subscription: left }));
    const partial = openStep('charging');
    await orders.open(partial, undefined);
    await orders.record(recordStep(partial, PARTIAL));
    await orders.permitRefund(partial.frozen.id, 1, charge('r;1;1'), 1);
    await orders.handBack(partial.frozen.id, 1, 'refund');
    await orders.recordRefund(refundStep(partial, GRANTED, { sessionId: 'r;1;1' }));
    await orders.dispute(partial.frozen.id, 1, 'late', 1);
    await orders.load(id);
  }

  async function reservationsAndDisputes(): Promise<void> {
    const { orders } = stores;
    const step = openStep('charging', { frozen: frozen({ period: 'week' }) });
    const { id } = step.frozen;
    await orders.open(step, undefined);
    await orders.record(recordStep(step, GRANTED, { to: 'reserved', owe: undefined }));
    await orders.permitClosing(id, 1, { kind: 'commit', identity: charge('s;1;1') }, 1);
    await orders.recordClosing(closeStep(step, 'placed', { subscription: subscription(step.frozen) }));
    const given = openStep('charging');
    await orders.open(given, undefined);
    await orders.silence(given.frozen.id, 1, 1);
    const owe = owed(given.frozen.id, 'ordered');
    const gift = { orderId: given.frozen.id, fence: 1, subscription: subscription(given.frozen), owe };
    await orders.giveEarly({ ...gift, now: 1, leaseFor: LEASE });
    await orders.dispute(given.frozen.id, 1, 'late', 1);
    expect(await orders.resolve(resolveStep(given, 'uncharged'))).toMatchObject({ state: 'uncharged' });
  }

  async function renewals(): Promise<void> {
    const { orders, subscriptions } = stores;
    const step = openStep('charging', { frozen: frozen({ period: 'week', serviceId: 'weekly' }) });
    await orders.open(step, undefined);
    const was = subscription(step.frozen);
    await orders.record(recordStep(step, GRANTED, { subscription: was }));
    const kept = { ...was, rev: was.rev + 1 };
    const change = {
      was,
      subscription: kept,
      cause: 'withdrawn',
      owe: reply('reminder'),
      now: 1,
      leaseFor: LEASE,
    } as const;
    expect(await subscriptions.keep(change)).toMatchObject({ kind: 'kept' });
    const renewal = frozen({ id: `${step.frozen.id}-r2`, period: 'week', serviceId: 'weekly' });
    const next = { ...kept, rev: kept.rev + 1, number: 2, renewing: renewal.id };
    expect(await subscriptions.renew({ frozen: renewal, was: kept, subscription: next, now: 1 })).toBe(true);
    expect(await subscriptions.claimDue(partition, 2_000_000_000_000, 10)).toContainEqual(next);
    const asked = openStep('charging', { frozen: frozen({ provision: 'before-notice' }) });
    await orders.open(asked, undefined);
    await orders.record(recordStep(asked, GRANTED, { to: 'charged', owe: undefined }));
    const { id } = asked.frozen;
    const owe = owed(id, 'ordered');
    const done = { to: 'placed', free: false, told: undefined, subscription: undefined, owe } as const;
    expect(await orders.provided({ orderId: id, ...done, now: 1, leaseFor: LEASE })).toMatchObject({ state: 'placed' });
    const word = { who: 'noc-1', why: 'a complaint', at: 1 };
    expect(await orders.askRefund({ orderId: id, asked: word, told: 'paid-back', now: 1 })).toMatchObject({
      state: 'refunding',
    });
    const end = {
      was: next,
      subscription: undefined,
      cause: 'unpaid',
      renewal: renewal.id,
      owe: undefined,
      now: 1,
      leaseFor: LEASE,
    } as const;
    expect(await subscriptions.keep(end)).toEqual({ kind: 'kept', owed: undefined });
    expect(await orders.load(renewal.id)).toMatchObject({ state: 'cancelled' });
  }

  async function textsAndLetters(): Promise<void> {
    const { mts, deadLetters } = stores;
    const mt = reply('help');
    await mts.oweOnce({ ...mt, orderId: frozen().id }, 1, LEASE);
    await mts.owe(dedupe(), mt, 1, LEASE);
    await mts.take(mt.id, 1 + LEASE, LEASE);
    await mts.release(mt.id, 2, 1);
    await mts.bury(mt, 2, { state: 'dead', reason: 'no' }, 1);
    await deadLetters.retry(mt.id, ({ notAfter }) => notAfter);
    await mts.bury(mt, 2, { state: 'dead', reason: 'no' }, 1);
    await deadLetters.discard(mt.id);
    await stores.eraser.hold(frozen().id, undefined);
    const other = reply('help');
    await mts.owe(dedupe(), other, 1, LEASE);
    const fallback = { text: 'help', from: 'email', to: 'sms', because: 'away', at: 1 } as const;
    await mts.reroute({ mt: other, fallback, challenge: undefined, fence: 1, now: 1, leaseFor: LEASE });
    await mts.accepted(other, { smsc: 'north', messageIds: ['a', 'b'], text: 'said' }, 1);
    const receipt = { smsc: 'north', msisdn: MSISDN, state: 'delivered', error: undefined } as const;
    await mts.receipt({ ...receipt, messageId: 'a' }, 1);
    await mts.receipt({ ...receipt, messageId: 'z' }, 1);
    await mts.close(other.id);
    const nobody = '254711111111';
    const orders = [{ id: frozen().id, state: 'placed', openedAt: 1 }] as const;
    const texts = [{ id: reply('help').id, orderId: undefined, settled: true }];
    await stores.eraser.erase(nobody, { newest: 0, orders, texts, services: [] }, new Set(), true);
    await stores.eraser.find(nobody);
  }

  async function longMessage(): Promise<void> {
    // What is due is asked of every partition: here of this one alone.
    const run: RedisHandle['run'] = (name, keys, args) =>
      keys[0]?.startsWith(`{${prefix}:0${partition}}:`) === true ? track(name, keys, args) : Promise.resolve([]);
    const settings = { partitions: PARTITIONS, hash, now: () => 1, dedupeWindow: () => 1000 };
    const parts = createPartStore({ ...handle, run }, settings);
    const references = Array.from({ length: 100 }, (_, index) => `smsc-a/${MSISDN}/5000/${index}/2`);
    const key = references.find((one) => partitionOfMsisdn(`parts/${one}`) === partition) ?? '';
    const part = (sequence: number, octet = sequence) => {
      const octets = Buffer.of(octet);
      return { key, sequence, total: 2, data: octets, pdu: octets, timeout: 1000, link: 'north', smscId: 'a' };
    };
    for (const sequence of [1, 2, 2]) await parts.put(part(sequence));
    await parts.done(key);
    expect(await parts.put(part(1))).toEqual({ kind: 'repeat' });
    await parts.put(part(1, 9));
    await parts.put(part(1, 8));
    const late = await parts.late();
    expect(late).toHaveLength(1);
    for (const each of late) await parts.dropLate(each);
  }
});
