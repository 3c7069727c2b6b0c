import type { Mt, SubmitOutcome } from '../../domain/message.ts';
import type { OrderMt, OwedMt } from '../../domain/notice.ts';
import { leftArgs, routeOf } from '../../domain/notice.ts';
import { nextWait } from '../../domain/retry.ts';
import { argsWithCode, withoutCode } from './code.ts';
import type { FellBack } from './fall-back.ts';
import { fallBack } from './fall-back.ts';
import { keepingText } from '../keep-lease.ts';
import { owedAs, textOf } from './owed-text.ts';
import type { Burial, HeldMt, Ports, Recorded, Said, SpendAsk } from '../ports/ports.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';
import { whyOver } from './still-true.ts';
import { priceUnheard } from './unheard-price.ts';

/** Says one owed text. Accepted closes it; a refusal for good is a dead letter; everything else waits and is said again. */
export async function sayMt(p: Ports, held: HeldMt): Promise<Settled> {
  const { mt } = held;
  const now = p.clock.now();
  if (now > mt.notAfter) return bury(p, held, 'too late to be said');
  const over = await whyOver(p, held);
  if (over !== undefined) return bury(p, held, over, 'outdated');
  const args = argsWithCode(p, mt);
  if (args === undefined) return bury(p, held, `code key ${mt.keyId ?? '?'} is gone`);
  const text = textOf(p, mt, args);
  const outcome = await keepingText(p, held, () => p.speaker.submit(messageOf(mt, text, validFor(p, mt, now))));
  return afterSubmit(p, held, outcome, text);
}

/** A text that is worth saying for long is said anew when the network gives it up. */
function validFor(p: Ports, { notAfter }: OwedMt, now: number): number {
  return Math.min(notAfter - now, p.settings().say.maxAge);
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
    owedAt: mt.owedAt,
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
      return waitOrElsewhere(p, held, {
        ms: outcome.afterMs,
        reason: `slowed down with status ${statusText(outcome.status)}`,
      });
    case 'temporary': {
      const reason = outcome.reason ?? `temporary status ${statusText(outcome.status)}`;
      return waitOrElsewhere(p, held, { ms: backoff(p, held), reason });
    }
    case 'no-bind':
      return waitOrElsewhere(p, held, {
        ms: backoff(p, held),
        reason: `no link is bound for ${mt.shortCode}`,
        noBind: true,
      });
    case 'unknown':
      // Closed where nobody took it up again meanwhile: another try may be on its way by then.
      outcome.late
        ?.then((taken) => accepted(p, mt, { text: withoutCode(p, mt, text), fence: held.lease.fence, ...taken }))
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
  if (held.silences >= unanswered) return bury(p, held, `no response to submit_sm, ${held.silences + 1} times`);
  return wait(p, held, { ms: backoff(p, held), reason: 'no response to submit_sm', unanswered: true });
}

/** The text is said again, as it would have been. */
function noteLate(p: Ports, { id }: OwedMt): (error: unknown) => void {
  return (error) => p.note('mt.late-failed', { mt: id, reason: String(error) });
}

async function accepted(p: Ports, mt: OwedMt, said: Said): Promise<Settled> {
  const arrival = await p.mts.accepted(mt, said, p.clock.now());
  p.note('mt.said', { mt: mt.id, kind: mt.kind });
  if (arrival === 'undelivered') await sayUndelivered(p, mt);
  return REST;
}

/** Of one whose receipt came before it was known to be accepted: the store looks at it again until this is done. Repeatable. */
export async function sayUndelivered(p: Ports, mt: OwedMt): Promise<void> {
  await sayAgain(p, mt, 'undeliverable');
  await p.mts.close(mt.id);
}

function statusText(status: number): string {
  return `0x${status.toString(16).padStart(8, '0')}`;
}

/** P6: this channel will not do; the next one declared, or nobody will read it. */
async function elsewhere(p: Ports, held: HeldMt, reason: string): Promise<Settled> {
  return goOver(p, await fallBack(p, held.mt, reason, held.lease.fence), () => bury(p, held, reason));
}

/** `stay`: what becomes of it where no channel is left. */
async function goOver(p: Ports, fell: FellBack, stay: () => Promise<Settled>): Promise<Settled> {
  if (fell.kind === 'over') return sayMt(p, fell.held);
  return fell.kind === 'none' ? stay() : REST;
}

/** A channel that is away for longer than its patience gives its text to the next one. */
async function waitOrElsewhere(p: Ports, held: HeldMt, why: Why): Promise<Settled> {
  const patience = p.settings().patience[held.mt.channel];
  const stay = (): Promise<Settled> => wait(p, held, why);
  if (patience === undefined || p.clock.now() + why.ms - held.mt.owedAt <= patience) return stay();
  return goOver(p, await fallBack(p, held.mt, why.reason, held.lease.fence), stay);
}

/** Says it now; what must wait becomes a job. */
export async function sayInline(p: Ports, held: HeldMt): Promise<void> {
  const settled = await sayMt(p, held);
  if (settled.kind === 'wait') await sayLater(p, held, settled);
}

/** For whoever must not wait for a link: jobs say so many at a time, a sweep would hold up every other order. */
export async function sayByJob(p: Ports, held: HeldMt, reason: string): Promise<void> {
  const { mt, lease } = held;
  await p.mts.release(mt.id, lease.fence, p.clock.now() + p.settings().leaseFor);
  await sayLater(p, held, { kind: 'wait', ms: 0, reason });
}

/** Leaves a text that waits to the processes that have a bind for its route (E23). */
export async function sayLater(p: Ports, { mt, lease }: HeldMt, wait: Settled & { kind: 'wait' }): Promise<void> {
  await p.later.say({ id: mt.id, route: wait.over?.route ?? routeOf(mt) }, lease.fence, wait.ms, wait.reason);
}

/** A text that no step owed, and what it asks; at most one of its kind about its order, however long that waits. */
export async function sayOnce(p: Ports, mt: OrderMt, asks?: SpendAsk): Promise<void> {
  const held = await p.mts.oweOnce(mt, p.clock.now(), p.settings().leaseFor, asks);
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
  if (mt.orderId === undefined) return;
  if (p.clock.now() >= mt.notAfter) return priceUnheard(p, mt);
  const fell = await fallBack(p, mt, `the ${mt.channel} did not arrive: ${state}`, undefined);
  if (fell.kind === 'over') await leaveToJob(p, fell.held, 0, 'the channel before it did not arrive');
  // Another part of it failed before: it goes over the next channel by now, and is read there.
  else if (fell.kind === 'none')
    await (again <= p.settings().say.again ? oweAgain(p, { ...mt, orderId: mt.orderId, again }) : priceUnheard(p, mt));
}

async function oweAgain(p: Ports, mt: OrderMt & { readonly again: number }): Promise<void> {
  const { say, leaseFor } = p.settings();
  const now = p.clock.now();
  const args = 'minutes' in mt.args ? { ...mt.args, ...leftArgs(mt.notAfter - now) } : mt.args;
  const next = { ...mt, args, id: `${firstId(mt)}-again${mt.again}`, owedAt: now };
  const held = await p.mts.oweOnce(next, now, leaseFor);
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

function backoff(p: Ports, held: HeldMt): number {
  return nextWait(p.settings().say, held.waits, dice(p));
}

function dice(p: Ports): number {
  return (p.random(1)[0] ?? 0) / 256;
}

interface Why {
  readonly ms: number;
  readonly reason: string;
  /** Silence: it may have been said. */
  readonly unanswered?: boolean;
  /** This process has no bind for the text. */
  readonly noBind?: boolean;
}

async function wait(
  p: Ports,
  { mt, lease }: HeldMt,
  { ms, reason, unanswered, noBind = false }: Why,
): Promise<Settled> {
  // It falls due for the sweeper one lease later than for its job, so that the sweeper says it only if the queue lost the job.
  await p.mts.release(mt.id, lease.fence, p.clock.now() + ms + p.settings().leaseFor, unanswered);
  p.note('mt.waits', { mt: mt.id, kind: mt.kind, ms, reason });
  return { kind: 'wait', ms, reason, over: { route: routeOf(mt), elsewhere: noBind }, fence: lease.fence };
}

async function bury(
  p: Ports,
  { mt, lease }: HeldMt,
  reason: string,
  state: Burial['state'] = 'dead',
): Promise<Settled> {
  // First: after a crash behind it the text is still owed, and buried again.
  if (state === 'dead') await priceUnheard(p, mt);
  const isBuried = await p.mts.bury(mt, lease.fence, { state, reason }, p.clock.now());
  if (isBuried) p.note(`mt.${state}`, { mt: mt.id, kind: mt.kind, reason });
  return REST;
}
