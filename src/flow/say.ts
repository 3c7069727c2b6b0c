import type { Challenge } from '../domain/challenge.ts';
import { truncateToCode } from '../domain/challenge.ts';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { NoticeArgs, NoticeKind, OwedMt } from '../domain/notice.ts';
import { routeOf } from '../domain/notice.ts';
import type { Order } from '../domain/order.ts';
import { nextWait } from '../domain/retry.ts';
import { fallBack } from './fall-back.ts';
import { keepingText } from './keep-lease.ts';
import { owedAs, textOf } from './owed-text.ts';
import type { HeldMt, Ports, Recorded, Said } from './ports.ts';
import type { Settled } from './settled.ts';
import { REST } from './settled.ts';

/** How the reason of a wait begins when this process has no bind for the text. */
const NO_BIND = 'no link is bound for';

/** Says one owed text. Accepted closes it; a refusal for good is a dead letter; everything else waits and is said again. */
export async function sayMt(p: Ports, held: HeldMt): Promise<Settled> {
  const { mt } = held;
  const now = p.clock.now();
  if (now > mt.notAfter) return bury(p, mt, 'too late to be said');
  if (!(await stillAsked(p, held))) return bury(p, mt, 'the order no longer waits for an answer');
  const args = argsWithCode(p, mt);
  if (args === undefined) return bury(p, mt, `code key ${mt.keyId ?? '?'} is gone`);
  const text = textOf(p, mt, args);
  const outcome = await keepingText(p, held, () => p.speaker.submit(messageOf(mt, text, mt.notAfter - now)));
  return afterSubmit(p, held, outcome, text);
}

function messageOf(mt: OwedMt, text: string, validityMs: number): Mt {
  return {
    id: mt.id,
    to: mt.msisdn,
    from: mt.shortCode,
    text,
    channel: mt.channel,
    address: mt.address,
    subject: typeof mt.args['title'] === 'string' ? mt.args['title'] : undefined,
    link: mt.link,
    owed: owedAs(mt),
    validityMs,
  };
}

async function afterSubmit(p: Ports, held: HeldMt, outcome: SubmitOutcome, text: string): Promise<Settled> {
  const { mt } = held;
  switch (outcome.kind) {
    case 'accepted':
      return accepted(p, mt, { smsc: outcome.smsc, messageIds: outcome.messageIds, text: withoutCode(p, mt, text) });
    case 'permanent':
      return elsewhere(p, held, outcome.reason ?? `refused with status ${statusText(outcome.status)}`);
    case 'unreachable':
      return elsewhere(p, held, outcome.reason);
    case 'slow-down':
      return waitOrElsewhere(p, held, outcome.afterMs, `slowed down with status ${statusText(outcome.status)}`);
    case 'temporary': {
      const reason = outcome.reason ?? `temporary status ${statusText(outcome.status)}`;
      return waitOrElsewhere(p, held, backoff(p, held), reason);
    }
    case 'no-bind':
      return waitOrElsewhere(p, held, backoff(p, held), `${NO_BIND} ${mt.shortCode}`);
    case 'unknown':
      // Closed where nobody took it up again meanwhile: another try may be on its way by then.
      outcome.late
        ?.then((taken) => accepted(p, mt, { ...taken, text: withoutCode(p, mt, text), fence: held.lease.fence }))
        .catch(noteLate(p, mt));
      return afterSilence(p, held);
  }
}

/**
 * It may have arrived: over another channel it would be read twice, and over the same one it may be. An SMSC that takes every
 * text and answers none must not flood its subscribers, so it is tried a few times more and then a person's.
 */
async function afterSilence(p: Ports, held: HeldMt): Promise<Settled> {
  const { unanswered } = p.settings().say;
  if (held.silences >= unanswered) return bury(p, held.mt, `no response to submit_sm, ${held.silences + 1} times`);
  return wait(p, held, { ms: backoff(p, held), reason: 'no response to submit_sm', unanswered: true });
}

/** The text is said again, as it would have been. */
function noteLate(p: Ports, { id }: OwedMt): (error: unknown) => void {
  return (error) => p.note('mt.late-failed', { mt: id, reason: String(error) });
}

async function accepted(p: Ports, mt: OwedMt, said: Said): Promise<Settled> {
  const arrival = await p.mts.accepted(mt, said, p.clock.now());
  p.note('mt.said', { mt: mt.id, kind: mt.kind });
  if (arrival === 'undelivered') await sayAgain(p, mt, 'undeliverable');
  return REST;
}

function statusText(status: number): string {
  return `0x${status.toString(16).padStart(8, '0')}`;
}

/** P6: this channel will not do; the next one declared, or nobody will read it. */
async function elsewhere(p: Ports, held: HeldMt, reason: string): Promise<Settled> {
  const over = await fallBack(p, held.mt, reason, held.lease.fence);
  return over === undefined ? bury(p, held.mt, reason) : sayMt(p, over);
}

/** A channel that is away for longer than its patience gives its text to the next one. */
async function waitOrElsewhere(p: Ports, held: HeldMt, ms: number, reason: string): Promise<Settled> {
  const patience = p.settings().patience[held.mt.channel];
  const over =
    patience === undefined || p.clock.now() + ms - held.mt.owedAt <= patience
      ? undefined
      : await fallBack(p, held.mt, reason, held.lease.fence);
  return over === undefined ? wait(p, held, { ms, reason }) : sayMt(p, over);
}

const ASKS: readonly NoticeKind[] = ['confirm', 'code'];

/** A challenge that waited may be over by now: stopped, superseded or answered from another text. */
async function stillAsked(p: Ports, { mt, waits }: HeldMt): Promise<boolean> {
  if (!ASKS.includes(mt.kind) || waits === 0 || mt.orderId === undefined) return true;
  const order = await p.orders.load(mt.orderId);
  return order?.state === 'challenged' && !isOutdated(mt, order);
}

/** Another code was asked for meanwhile. */
function isOutdated({ challengeId }: OwedMt, { challenge }: Order): boolean {
  return challengeId !== undefined && challengeId !== challenge?.id;
}

/** Says it now; what must wait becomes a job. */
export async function sayInline(p: Ports, held: HeldMt): Promise<void> {
  const settled = await sayMt(p, held);
  if (settled.kind === 'wait') await sayLater(p, held, settled);
}

/** Leaves a text that waits to the processes that have a bind for its route (E23). */
export async function sayLater(p: Ports, { mt, lease }: HeldMt, wait: Settled & { kind: 'wait' }): Promise<void> {
  await p.later.say({ id: mt.id, route: wait.over?.route ?? routeOf(mt) }, lease.fence, wait.ms, wait.reason);
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
export async function sayAgain(p: Ports, mt: OwedMt, state: string): Promise<void> {
  const again = (mt.again ?? 0) + 1;
  p.note('mt.undelivered', { mt: mt.id, kind: mt.kind, channel: mt.channel, state, again });
  if (mt.orderId === undefined || p.clock.now() >= mt.notAfter) return;
  const over = await fallBack(p, mt, `the ${mt.channel} did not arrive: ${state}`, undefined);
  if (over !== undefined) await leaveToJob(p, over, 0, 'the channel before it did not arrive');
  else if (again <= p.settings().say.again) await oweAgain(p, { ...mt, again });
}

async function oweAgain(p: Ports, mt: OwedMt & { readonly again: number }): Promise<void> {
  const { settle, say, leaseFor } = p.settings();
  const now = p.clock.now();
  const next = { ...mt, id: `${firstId(mt)}-again${mt.again}`, owedAt: now };
  const held = await p.mts.owe({ key: next.id, window: settle.maxAge }, next, now, leaseFor);
  if (held === undefined) return;
  await leaveToJob(p, held, nextWait(say, mt.again, dice(p)), 'the text before it did not arrive');
}

async function leaveToJob(p: Ports, held: HeldMt, ms: number, reason: string): Promise<void> {
  await wait(p, held, { ms, reason });
  await sayLater(p, held, { kind: 'wait', ms, reason });
}

function firstId(mt: OwedMt): string {
  return mt.id.replace(/-again\d+$/, '');
}

export async function sayRecorded(p: Ports, recorded: Recorded): Promise<void> {
  if (recorded.kind === 'recorded' && recorded.owed !== undefined) await sayInline(p, recorded.owed);
}

/** E15: what is kept of a text that held a code. */
function withoutCode(p: Ports, mt: OwedMt, text: string): string {
  if (mt.challengeId === undefined) return text;
  return textOf(p, mt, { ...mt.args, code: '*'.repeat(p.settings().challenge.digits) });
}

export function argsWithCode(p: Ports, mt: OwedMt): NoticeArgs | undefined {
  if (mt.challengeId === undefined || mt.keyId === undefined) return mt.args;
  const code = deriveCode(p, { id: mt.challengeId, keyId: mt.keyId, digits: mt.digits });
  return code === undefined ? undefined : { ...mt.args, code };
}

type CodeOf = Pick<Challenge, 'id' | 'keyId'> & { readonly digits?: number | undefined };

/** E15: the code exists only here, on its way to the wire or to a comparison. */
export function deriveCode(p: Ports, { id, keyId, digits }: CodeOf): string | undefined {
  const mac = p.hashing.codeMac(keyId, id);
  return mac === undefined ? undefined : truncateToCode(mac, digits ?? p.settings().challenge.digits);
}

function backoff(p: Ports, held: HeldMt): number {
  return nextWait(p.settings().say, held.waits, dice(p));
}

function dice(p: Ports): number {
  return (p.random(1)[0] ?? 0) / 256;
}

/** Silence: it may have been said. */
interface Why {
  readonly ms: number;
  readonly reason: string;
  readonly unanswered?: boolean;
}

async function wait(p: Ports, { mt, lease }: HeldMt, { ms, reason, unanswered }: Why): Promise<Settled> {
  // The job comes first; the sweeper finds the text should the queue have lost it.
  await p.mts.release(mt.id, lease.fence, p.clock.now() + ms + p.settings().leaseFor, unanswered);
  p.note('mt.waits', { mt: mt.id, kind: mt.kind, ms, reason });
  return { kind: 'wait', ms, reason, over: { route: routeOf(mt), elsewhere: reason.startsWith(NO_BIND) } };
}

async function bury(p: Ports, mt: OwedMt, reason: string): Promise<Settled> {
  await p.mts.dead(mt, reason, p.clock.now());
  p.note('mt.dead', { mt: mt.id, kind: mt.kind, reason });
  return REST;
}
