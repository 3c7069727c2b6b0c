import { truncateToCode } from '../domain/challenge.ts';
import type { ReceiptState, SubmitOutcome } from '../domain/message.ts';
import type { NoticeArgs, OwedMt } from '../domain/notice.ts';
import { nextWait } from '../domain/retry.ts';
import type { HeldMt, Ports, Recorded } from './ports.ts';
import type { Settled } from './settled.ts';
import { REST } from './settled.ts';

/** Says one owed text. Accepted closes it; a refusal for good is a dead letter; everything else waits and is said again. */
export async function sayMt(p: Ports, held: HeldMt): Promise<Settled> {
  const { mt } = held;
  const now = p.clock.now();
  if (now > mt.notAfter) return bury(p, mt, 'too late to be said');
  if (!(await stillAsked(p, held))) return bury(p, mt, 'the order no longer waits for an answer');
  const args = argsWithCode(p, mt);
  if (args === undefined) return bury(p, mt, `code key ${mt.keyId ?? '?'} is gone`);
  const outcome = await p.speaker.submit({
    id: mt.id,
    to: mt.msisdn,
    from: mt.shortCode,
    text: p.words.render(mt.kind, mt.language, args),
    channel: mt.channel,
    link: mt.link,
    validityMs: mt.notAfter - now,
  });
  switch (outcome.kind) {
    case 'accepted':
      return accepted(p, mt, outcome);
    case 'permanent':
      return bury(p, mt, `refused with status 0x${outcome.status.toString(16).padStart(8, '0')}`);
    case 'slow-down':
      return wait(
        p,
        held,
        outcome.afterMs,
        `slowed down with status 0x${outcome.status.toString(16).padStart(8, '0')}`,
      );
    case 'temporary':
      return wait(p, held, backoff(p, held), `temporary status 0x${outcome.status.toString(16).padStart(8, '0')}`);
    case 'no-bind':
      return wait(p, held, backoff(p, held), `no link is bound for ${mt.shortCode}`);
    case 'unknown':
      return wait(p, held, backoff(p, held), 'no response to submit_sm');
  }
}

async function accepted(p: Ports, mt: OwedMt, outcome: SubmitOutcome & { kind: 'accepted' }): Promise<Settled> {
  const arrival = await p.mts.accepted(mt, outcome.smsc, outcome.messageIds, p.clock.now());
  p.note('mt.said', { mt: mt.id, kind: mt.kind });
  if (arrival === 'undelivered') await sayAgain(p, mt, 'undeliverable');
  return REST;
}

/** A challenge that waited may be over by now: stopped, superseded or answered from another text. */
async function stillAsked(p: Ports, { mt, waits }: HeldMt): Promise<boolean> {
  const asks = mt.kind === 'confirm' || mt.kind === 'code';
  if (!asks || waits === 0 || mt.orderId === undefined) return true;
  return (await p.orders.load(mt.orderId))?.state === 'challenged';
}

/** Says it now; what must wait becomes a job. */
export async function sayInline(p: Ports, held: HeldMt): Promise<void> {
  const settled = await sayMt(p, held);
  if (settled.kind === 'wait') await p.later.say(held.mt.id, held.lease.fence, settled.ms, settled.reason);
}

/** A text that no step owed; at most one of its id. */
export async function sayOnce(p: Ports, mt: OwedMt): Promise<void> {
  const { settle, leaseFor } = p.settings();
  const held = await p.mts.owe({ key: mt.id, window: settle.maxAge }, mt, p.clock.now(), leaseFor);
  if (held !== undefined) await sayInline(p, held);
}

/**
 * What the network took did not arrive. Whatever is about an order and still worth saying goes over the channel that
 * stands in for its own, else a few times more over the same one: as a text of its own, whose id makes it one however
 * often the receipt comes. A code stays the same code (E15); a challenge that is over by then is not said (E14).
 */
export async function sayAgain(p: Ports, mt: OwedMt, state: ReceiptState): Promise<void> {
  const again = (mt.again ?? 0) + 1;
  p.note('mt.undelivered', { mt: mt.id, kind: mt.kind, channel: mt.channel, state, again });
  const worthIt = mt.orderId !== undefined && again <= p.settings().say.again && p.clock.now() < mt.notAfter;
  if (!worthIt) return;
  const other = await p.instead?.(mt, `the ${mt.channel} did not arrive: ${state}`);
  await oweAgain(p, { ...(other ?? mt), again }, other === undefined ? nextWait(p.settings().say, again, dice(p)) : 0);
}

async function oweAgain(p: Ports, mt: OwedMt & { readonly again: number }, ms: number): Promise<void> {
  const { settle, leaseFor } = p.settings();
  const now = p.clock.now();
  const next = { ...mt, id: `${firstId(mt)}-again${mt.again}`, owedAt: now };
  const held = await p.mts.owe({ key: next.id, window: settle.maxAge }, next, now, leaseFor);
  if (held === undefined) return;
  const reason = 'the text before it did not arrive';
  await wait(p, held, ms, reason);
  await p.later.say(next.id, held.lease.fence, ms, reason);
}

function firstId(mt: OwedMt): string {
  return mt.id.replace(/-again\d+$/, '');
}

export async function sayRecorded(p: Ports, recorded: Recorded): Promise<void> {
  if (recorded.kind === 'recorded' && recorded.owed !== undefined) await sayInline(p, recorded.owed);
}

function argsWithCode(p: Ports, mt: OwedMt): NoticeArgs | undefined {
  if (mt.challengeId === undefined || mt.keyId === undefined) return mt.args;
  const code = deriveCode(p, mt.keyId, mt.challengeId);
  return code === undefined ? undefined : { ...mt.args, code };
}

/** E15: the code exists only here, on its way to the wire or to a comparison. */
export function deriveCode(p: Ports, keyId: string, challengeId: string): string | undefined {
  const mac = p.hashing.codeMac(keyId, challengeId);
  return mac === undefined ? undefined : truncateToCode(mac, p.settings().challenge.digits);
}

function backoff(p: Ports, held: HeldMt): number {
  return nextWait(p.settings().say, held.waits, dice(p));
}

function dice(p: Ports): number {
  return (p.random(1)[0] ?? 0) / 256;
}

async function wait(p: Ports, { mt, lease }: HeldMt, ms: number, reason: string): Promise<Settled> {
  // The job comes first; the sweeper finds the text should the queue have lost it.
  await p.mts.release(mt.id, lease.fence, p.clock.now() + ms + p.settings().leaseFor);
  p.note('mt.waits', { mt: mt.id, kind: mt.kind, ms, reason });
  return { kind: 'wait', ms, reason };
}

async function bury(p: Ports, mt: OwedMt, reason: string): Promise<Settled> {
  await p.mts.dead(mt, reason, p.clock.now());
  p.note('mt.dead', { mt: mt.id, kind: mt.kind, reason });
  return REST;
}
