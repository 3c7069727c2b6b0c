import type { Challenge } from '../domain/challenge.ts';
import type { Receipt } from '../domain/message.ts';
import { isFinal } from '../domain/message.ts';
import { partitionOf } from '../domain/ids.ts';
import type { OrderMt, OwedMt } from '../domain/notice.ts';
import type {
  Arrival,
  Burial,
  Dedupe,
  HeldMt,
  Mts,
  ReceiptStep,
  RerouteStep,
  Said,
  SpendAsk,
} from '../flow/ports/ports.ts';
import { dedupeArg } from './dedupe-arg.ts';
import type { LatelySaid } from './lately-said.ts';
import { createLatelySaid } from './lately-said.ts';
import type { Times } from './mt-record.ts';
import { justOwed, mtFrom, oweArg } from './mt-record.ts';
import { DONE, partsOf, UNDELIVERED } from './replies.ts';
import type { StoreBase } from './store-base.ts';
import { askedField } from './subscriber-record.ts';
import { CHALLENGE_OPEN } from './transitions.ts';

/** Texts owed to subscribers, each at `{tag}:mt:<id>` until the SMSC's receipt closes it (P1). */
export function createMts(base: StoreBase): Mts {
  const { run, keys, owner } = base;
  const known = { texts: createLatelySaid(), ...base };
  const lookKeys = (mtId: string): readonly string[] => [keys.mt(mtId), keys.wake(partitionOf(mtId))];
  return {
    owe: (dedupe, mt, now, leaseFor) => owe(base, dedupe, mt, { now, leaseFor }),
    oweOnce: (mt, now, leaseFor, asks) => oweOnce(base, mt, asks, { now, leaseFor }),
    async take(mtId, now, leaseFor, fence): Promise<HeldMt | undefined> {
      if (!keys.knows(mtId)) return undefined;
      const step = { id: mtId, now, leaseFor, owner, fence };
      const reply = partsOf(await run('take-mt', lookKeys(mtId), [JSON.stringify(step)]));
      if (reply.code !== DONE) return undefined;
      const fields = reply.fields(2);
      const mt = mtFrom(fields);
      if (mt === undefined) throw new TypeError('a step returned a text without its record');
      const lease = { fence: reply.number(1), until: now + leaseFor };
      return { mt, lease, waits: Number(fields.get('waits') ?? 0), silences: Number(fields.get('silences') ?? 0) };
    },
    async load(mtId) {
      if (!keys.knows(mtId)) return undefined;
      return mtFrom(new Map(Object.entries(await base.redis.hgetall(keys.mt(mtId)))));
    },
    async renew(mtId, fence, until) {
      return (await run('renew-lease', lookKeys(mtId), [`m:${mtId}`, fence, until])) === DONE;
    },
    async release(mtId, fence, wakeAt, unanswered = false) {
      await run('release-lease', lookKeys(mtId), [`m:${mtId}`, fence, wakeAt, ...(unanswered ? ['silences'] : [])]);
    },
    undelivered: (mtId) => undelivered(base, mtId),
    async close(mtId) {
      await run('close-undelivered', lookKeys(mtId), [mtId]);
    },
    reroute: (step) => reroute(base, step),
    accepted: (mt, said, now) => accepted(known, mt, said, now),
    bury: (mt, fence, end, now) => bury(base, mt, { fence, now, ...end }),
    receipt: (receipt, now) => receive(known, receipt, now),
  };
}

async function undelivered({ redis, keys }: StoreBase, mtId: string): Promise<OwedMt | undefined> {
  if (!keys.knows(mtId)) return undefined;
  const fields = new Map(Object.entries(await redis.hgetall(keys.mt(mtId))));
  return fields.get('state') === 'undelivered' ? mtFrom(fields) : undefined;
}

async function owe(
  { run, keys, owner }: StoreBase,
  dedupe: Dedupe,
  mt: OwedMt,
  times: Times,
): Promise<HeldMt | undefined> {
  const partition = partitionOf(mt.id);
  const names = [keys.dedupe(partition, dedupe.key), keys.mt(mt.id), keys.wake(partition), keys.outbox(partition)];
  const step = { owe: oweArg(mt), ...dedupeArg(dedupe), ...times, owner };
  const reply = partsOf(await run('owe-mt', names, [JSON.stringify(step)]));
  return reply.code === DONE ? justOwed(mt, reply.number(1), times) : undefined;
}

async function oweOnce(
  { run, keys, owner }: StoreBase,
  mt: OrderMt,
  asks: SpendAsk | undefined,
  times: Times,
): Promise<HeldMt | undefined> {
  const order = keys.order(mt.orderId);
  const asked = asks === undefined ? order : keys.subscriber(keys.subscriberOf(mt.msisdn));
  const step = { owner, owe: oweArg(mt), ...(asks === undefined ? {} : { asked: askedField(asks) }), ...times };
  const names = [order, keys.mt(mt.id), keys.wake(partitionOf(mt.id)), asked];
  const reply = partsOf(await run('owe-once', names, [JSON.stringify(step)]));
  return reply.code === DONE ? justOwed(mt, reply.number(1), times) : undefined;
}

async function accepted(
  { run, keys, retention, texts }: StoreBase & { readonly texts: LatelySaid },
  mt: OwedMt,
  { smsc, text, fence, ...said }: Said,
  now: number,
): Promise<Arrival> {
  const partition = partitionOf(mt.id);
  // An SMSC that gives all parts one id tells by that of all of them: of each part, nobody could.
  const messageIds = [...new Set(said.messageIds)];
  const names = [keys.mt(mt.id), keys.wake(partition), keys.outbox(partition), keys.dead(partition)];
  const receipts = messageIds.map((part) => keys.receipt(partition, smsc, part));
  for (const [index, part] of messageIds.entries()) {
    names.push(receipts[index] ?? '', keys.earlyReceipt(partition, smsc, part));
  }
  const { receipts: receiptTtl, settledMts: settledTtl } = retention;
  const args = [
    mt.id,
    fence ?? '',
    smsc,
    text,
    receiptTtl,
    settledTtl,
    now,
    mt.owedAt,
    now + retention.claim,
    ...messageIds,
  ];
  const reply = await run('accept-mt', names, args);
  for (const receipt of receipts) texts.keep(receipt, mt.id);
  return reply === UNDELIVERED ? 'undelivered' : 'expected';
}

async function reroute(base: StoreBase, step: RerouteStep): Promise<HeldMt | undefined> {
  const { keys, owner } = base;
  const { mt, fallback, challenge, fence, now, leaseFor } = step;
  const partition = partitionOf(mt.id);
  const names = [
    keys.mt(mt.id),
    keys.wake(partition),
    keys.outbox(partition),
    mt.orderId === undefined ? keys.mt(mt.id) : keys.order(mt.orderId),
  ];
  const arg = {
    owe: oweArg(mt),
    ...(fence === undefined ? {} : { fence }),
    fallback: JSON.stringify(fallback),
    ofOrder: mt.orderId !== undefined,
    ...(challenge === undefined ? {} : { challenge: challengeArg(mt, challenge) }),
    now,
    leaseFor,
    owner,
  };
  const reply = partsOf(await base.run('reroute-mt', names, [JSON.stringify(arg)]));
  return reply.code === DONE ? justOwed(mt, reply.number(1), step) : undefined;
}

/** The challenge as its order shall hold it, where that still waits for this one. */
function challengeArg({ orderId }: OwedMt, challenge: Challenge): object {
  const { id, windowEndsAt, codeEndsAt } = challenge;
  return { open: CHALLENGE_OPEN, orderId, id, json: JSON.stringify(challenge), windowEndsAt, codeEndsAt };
}

async function bury(
  { run, keys, retention }: StoreBase,
  { id }: OwedMt,
  burial: Burial & { readonly fence: number; readonly now: number },
): Promise<boolean> {
  const partition = partitionOf(id);
  const names = [keys.mt(id), keys.wake(partition), keys.outbox(partition), keys.dead(partition)];
  const ttl = burial.state === 'dead' ? retention.deadLetters : retention.settledMts;
  return (await run('bury-mt', names, [JSON.stringify({ id, ...burial, ttl })])) === DONE;
}

/**
 * Two steps, each atomic: find or park; then close. Between them nothing can be lost, for closing only needs the text. The
 * process that sent the text mostly knows it still, and spares the first.
 */
async function receive(
  base: StoreBase & { readonly texts: LatelySaid },
  receipt: Receipt & { readonly msisdn: string },
  now: number,
): Promise<ReceiptStep> {
  const { run, keys, retention } = base;
  const { partition } = keys.subscriberOf(receipt.msisdn);
  const { smsc, messageId } = receipt;
  const where = keys.receipt(partition, smsc, messageId);
  const told = { state: receipt.state, ...(receipt.error === undefined ? {} : { error: receipt.error }) };
  const id = await findOrPark(base, receipt, { where, told, early: keys.earlyReceipt(partition, smsc, messageId) });
  if (id === '') return { kind: 'parked' };
  if (!isFinal(receipt.state)) return { kind: 'noted' };
  const args = [id, messageId, receipt.state, receipt.error ?? '', retention.settledMts, now];
  const reply = partsOf(await run('record-receipt', [keys.mt(id), keys.outbox(partition), where], args));
  const mt = reply.code === UNDELIVERED ? mtFrom(reply.fields(1)) : undefined;
  return mt === undefined ? { kind: 'noted' } : { kind: 'undelivered', mt };
}

/** The text's id, or empty where none waits for this receipt. */
async function findOrPark(
  { run, retention, texts }: StoreBase & { readonly texts: LatelySaid },
  { state }: Receipt,
  { where, told, early }: { readonly where: string; readonly told: object; readonly early: string },
): Promise<string> {
  const final = isFinal(state);
  const known = final ? texts.take(where) : undefined;
  if (known !== undefined) return known;
  const id = await run('park-receipt', [where, early], [final ? JSON.stringify(told) : '', retention.earlyReceipts]);
  return typeof id === 'string' ? id : '';
}
