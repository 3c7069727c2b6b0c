import type { Receipt } from '../domain/message.ts';
import { isFinal } from '../domain/message.ts';
import { partitionOf } from '../domain/ids.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { Arrival, HeldMt, Mts, ReceiptStep, RerouteStep, Said } from '../flow/ports.ts';
import { dedupeArg } from './dedupe-arg.ts';
import { justOwed, mtFrom, oweArg } from './mt-record.ts';
import { DONE, partsOf, UNDELIVERED } from './replies.ts';
import type { StoreBase } from './store-base.ts';

/** Texts owed to subscribers, each at `{tag}:mt:<id>` until the SMSC's receipt closes it (P1). */
export function createMts(base: StoreBase): Mts {
  const { run, keys, owner } = base;
  const lookKeys = (mtId: string): readonly string[] => [keys.mt(mtId), keys.wake(partitionOf(mtId))];
  return {
    async owe(dedupe, mt, now, leaseFor) {
      const step = { owe: oweArg(mt), ...dedupeArg(dedupe), now, leaseFor, owner };
      const dedupeKey = keys.dedupe(partitionOf(mt.id), dedupe.key);
      const reply = partsOf(
        await run('owe-mt', [dedupeKey, ...lookKeys(mt.id), keys.outbox(partitionOf(mt.id))], [JSON.stringify(step)]),
      );
      return reply.code === DONE ? justOwed(mt, reply.number(1), { now, leaseFor }) : undefined;
    },
    async take(mtId, now, leaseFor): Promise<HeldMt | undefined> {
      if (!keys.knows(mtId)) return undefined;
      const step = { id: mtId, now, leaseFor, owner };
      const reply = partsOf(await run('take-mt', lookKeys(mtId), [JSON.stringify(step)]));
      if (reply.code !== DONE) return undefined;
      const fields = reply.fields(2);
      const mt = mtFrom(fields);
      if (mt === undefined) throw new TypeError('a step returned a text without its record');
      return { mt, lease: { fence: reply.number(1), until: now + leaseFor }, waits: Number(fields.get('waits') ?? 0) };
    },
    async load(mtId) {
      if (!keys.knows(mtId)) return undefined;
      return mtFrom(new Map(Object.entries(await base.redis.hgetall(keys.mt(mtId)))));
    },
    async release(mtId, fence, wakeAt) {
      await run('release-lease', lookKeys(mtId), [`m:${mtId}`, fence, wakeAt]);
    },
    reroute: (step) => reroute(base, step),
    accepted: (mt, said, now) => accepted(base, mt, said, now),
    dead: (mt, reason, now) => bury(base, mt, reason, now),
    receipt: (receipt, now) => receive(base, receipt, now),
  };
}

async function accepted(
  { run, keys, retention }: StoreBase,
  mt: OwedMt,
  { smsc, messageIds, text }: Said,
  now: number,
): Promise<Arrival> {
  const partition = partitionOf(mt.id);
  const perPart = messageIds.flatMap((part) => [
    keys.receipt(partition, smsc, part),
    keys.earlyReceipt(partition, smsc, part),
  ]);
  const { receipts: receiptTtl, settledMts: settledTtl } = retention;
  const reply = await run(
    'accept-mt',
    [keys.mt(mt.id), keys.wake(partition), keys.outbox(partition), keys.dead(partition), ...perPart],
    [JSON.stringify({ id: mt.id, smsc, parts: messageIds, said: text, receiptTtl, settledTtl, now })],
  );
  return reply === UNDELIVERED ? 'undelivered' : 'expected';
}

async function reroute(base: StoreBase, step: RerouteStep): Promise<HeldMt | undefined> {
  const { keys, owner } = base;
  const { mt, fallback, fence, now, leaseFor } = step;
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
    now,
    leaseFor,
    owner,
  };
  const reply = partsOf(await base.run('reroute-mt', names, [JSON.stringify(arg)]));
  return reply.code === DONE ? justOwed(mt, reply.number(1), step) : undefined;
}

async function bury({ run, keys, retention }: StoreBase, mt: OwedMt, reason: string, now: number): Promise<void> {
  const partition = partitionOf(mt.id);
  await run(
    'bury-mt',
    [keys.mt(mt.id), keys.wake(partition), keys.outbox(partition), keys.dead(partition)],
    [JSON.stringify({ id: mt.id, reason, deadTtl: retention.deadLetters, now })],
  );
}

/** Two steps, each atomic: find or park; then close. Between them nothing can be lost, for closing only needs the text. */
async function receive(
  { run, keys, retention }: StoreBase,
  receipt: Receipt & { readonly msisdn: string },
  now: number,
): Promise<ReceiptStep> {
  const { partition } = keys.subscriberOf(receipt.msisdn);
  const { smsc, messageId } = receipt;
  const final = isFinal(receipt.state);
  const told = { state: receipt.state, ...(receipt.error === undefined ? {} : { error: receipt.error }) };
  const where = keys.receipt(partition, smsc, messageId);
  const id = await run(
    'park-receipt',
    [where, keys.earlyReceipt(partition, smsc, messageId)],
    [final ? JSON.stringify(told) : '', retention.earlyReceipts],
  );
  if (typeof id !== 'string' || id === '') return { kind: 'parked' };
  if (!final) return { kind: 'noted' };
  const step = { id, part: messageId, receipt: told, settledTtl: retention.settledMts, now };
  const reply = partsOf(
    await run('record-receipt', [keys.mt(id), keys.outbox(partition), where], [JSON.stringify(step)]),
  );
  const mt = reply.code === UNDELIVERED ? mtFrom(reply.fields(1)) : undefined;
  return mt === undefined ? { kind: 'noted' } : { kind: 'undelivered', mt };
}
