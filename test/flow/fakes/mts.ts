import type { Mts, RerouteStep } from '../../../src/flow/ports/ports.ts';
import { isFinal } from '../../../src/domain/message.ts';
import type { Memory, StoredMt, StoredOrder } from './memory.ts';

/** The Mts port over a Memory. */
export function createMts(memory: Memory): Mts {
  return {
    owe: async (dedupe, mt, ...[, leaseFor]) => {
      await memory.reach();
      if (memory.isRepeat(dedupe)) return undefined;
      memory.remember(dedupe);
      return memory.owe(mt, leaseFor);
    },
    oweOnce: async (mt, ...[, leaseFor, asks]) => {
      await memory.reach();
      const told = memory.orders.get(mt.orderId)?.told;
      if (told === undefined || told.has(mt.id)) return undefined;
      told.add(mt.id);
      if (asks !== undefined) memory.spending(mt.msisdn).asked.set(asks.currency, asks);
      return memory.owe(mt, leaseFor);
    },
    load: async (mtId) => {
      await memory.reach();
      return memory.mts.get(mtId)?.mt;
    },
    take: async (mtId, now, leaseFor, fence) => {
      await memory.reach();
      const stored = memory.mts.get(mtId);
      if (stored?.state !== 'owed' || (stored.leaseUntil ?? 0) > now) return undefined;
      if (fence !== undefined && fence !== stored.fence) return undefined;
      stored.fence++;
      stored.leaseUntil = stored.wakeAt = now + leaseFor;
      return {
        mt: stored.mt,
        lease: { fence: stored.fence, until: stored.leaseUntil },
        waits: stored.waits,
        silences: stored.silences,
      };
    },
    renew: async (mtId, fence, until) => {
      await memory.reach();
      const stored = memory.mts.get(mtId);
      if (stored?.fence !== fence || stored.leaseUntil === undefined) return false;
      stored.leaseUntil = stored.wakeAt = until;
      return true;
    },
    release: async (mtId, fence, wakeAt, unanswered = false) => {
      await memory.reach();
      const stored = memory.mts.get(mtId);
      if (stored?.fence !== fence) return;
      stored.leaseUntil = undefined;
      stored.wakeAt = wakeAt;
      stored.waits++;
      stored.silences += Number(unanswered);
    },
    reroute: async ({ mt, fallback, challenge, fence, leaseFor }) => {
      await memory.reach();
      if (!mayReroute(memory.mts.get(mt.id), fence)) return undefined;
      const order = memory.orders.get(mt.orderId ?? '');
      if (order !== undefined) moveOrder(order, fallback, challenge);
      return memory.owe(mt, leaseFor);
    },
    accepted: async (mt, { smsc, messageIds, text, fence }) => {
      await memory.reach();
      const stored = memory.mts.get(mt.id);
      if (stored?.mt.owedAt !== mt.owedAt) return 'expected';
      if (fence !== undefined && (stored.state !== 'owed' || stored.fence !== fence)) return 'expected';
      memory.told.push(text);
      rest(memory, mt.id, 'accepted', undefined);
      for (const id of messageIds) memory.messageIds.set(`${smsc}:${id}`, mt.id);
      return 'expected';
    },
    undelivered: async (mtId) => {
      await memory.reach();
      const stored = memory.mts.get(mtId);
      return stored?.state === 'undelivered' ? stored.mt : undefined;
    },
    // Receipts that come first are told over a real Redis: nothing is left to look at here.
    close: () => memory.reach(),
    bury: async (mt, fence, end) => {
      await memory.reach();
      const isHeld = memory.mts.get(mt.id)?.state === 'owed' && memory.mts.get(mt.id)?.fence === fence;
      if (isHeld) rest(memory, mt.id, end.state, end.reason);
      return isHeld;
    },
    receipt: async ({ smsc, messageId, state }) => {
      await memory.reach();
      const stored = memory.mts.get(memory.messageIds.get(`${smsc}:${messageId}`) ?? '');
      if (stored === undefined) return { kind: 'parked' };
      const { mt } = stored;
      // A part of an earlier text of this id changes nothing.
      if (!isFinal(state) || stored.state === 'owed') return { kind: 'noted' };
      const end = state === 'delivered' ? 'delivered' : 'undelivered';
      rest(memory, mt.id, end, state);
      return end === 'delivered' ? { kind: 'noted' } : { kind: 'undelivered', mt };
    },
  };
}

function mayReroute(stored: StoredMt | undefined, fence: number | undefined): boolean {
  return fence === undefined ? stored?.state === 'undelivered' : stored?.state === 'owed' && stored.fence === fence;
}

function moveOrder(kept: StoredOrder, fallback: RerouteStep['fallback'], challenge: RerouteStep['challenge']): void {
  kept.order = { ...kept.order, fallbacks: [...(kept.order.fallbacks ?? []), fallback] };
  const { state, challenge: before } = kept.order;
  if (challenge === undefined || state !== 'challenged' || before?.id !== challenge.id) return;
  kept.order = { ...kept.order, challenge };
  kept.wakeAt = challenge.windowEndsAt;
}

function rest(memory: Memory, mtId: string, state: StoredMt['state'], reason: string | undefined): void {
  const stored = memory.mts.get(mtId);
  if (stored === undefined) throw new Error(`no text ${mtId}`);
  Object.assign(stored, { state, reason, leaseUntil: undefined, wakeAt: undefined });
}
