import type { Cancel } from '../../lib/clock.ts';
import type { Mt, SubmitOutcome } from '../../domain/message.ts';
import type { SmppEnv } from '../env.ts';
import { LateParts } from './late-parts.ts';
import type { Response } from '../pdu.ts';
import { STATUS, TAG, tlvNumber } from '../pdu.ts';
import type { References } from './references.ts';
import type { Session } from '../session/session.ts';
import type { LinkSettings } from '../settings.ts';
import type { StatusClass } from '../status-classes.ts';
import { classOf, isBindFault } from '../status-classes.ts';
import type { OutPart, Submission } from './submission.ts';
import {
  acceptPart,
  createParts,
  giveUpUnanswered,
  isThrottledOut,
  lostOutcome,
  mendingOf,
  settleSubmission,
} from './submission.ts';
import { PartWindow } from './window.ts';

const QUEUE = 1000;

/** Advice to the caller, milliseconds. */
const LATER = { queueHere: 1_000, throttled: 5_000, queueFull: 15_000 } as const;

/** congestion_state from which the peer wants less (5.0 4.8.4.18): 80 to 89 is its optimum load, from 90 it nears congestion. */
const CONGESTED = 90;

/** Sends the messages of one link over the session that is bound to transmit. */
export class Sender {
  readonly #settings: LinkSettings;
  readonly #env: SmppEnv;
  readonly #references: References;
  readonly #window: PartWindow<OutPart>;
  readonly #unheard = new LateParts();
  #session: Session | undefined;
  #order = 0;
  #alarm: { readonly at: number; readonly cancel: Cancel } | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(settings: LinkSettings, env: SmppEnv, references: References) {
    this.#settings = settings;
    this.#env = env;
    this.#references = references;
    const { window: size, queue = QUEUE, responseTimeout, rate } = settings;
    this.#window = new PartWindow({ size, queue, responseTimeout, rate }, env.clock.monotonic());
  }

  get bound(): boolean {
    return this.#session?.state === 'bound';
  }

  get inUse(): number {
    return this.#window.inUse;
  }

  get queued(): number {
    return this.#window.queued;
  }

  attach(session: Session): void {
    this.#session = session;
  }

  /** The session went: what was written is unknown, what only waited was never sent. */
  detach(): void {
    this.#session = undefined;
    const { written, waiting } = this.#window.drain();
    for (const part of written) this.#unanswered(part, false);
    this.#unheard.clear();
    for (const { submission } of waiting) settleSubmission(submission, lostOutcome(submission));
    this.#settleIdle();
  }

  submit(mt: Mt): Promise<SubmitOutcome> {
    return new Promise((resolve) => {
      if (this.#session?.state !== 'bound') resolve({ kind: 'no-bind' });
      else if (!this.#window.offer(this.#partsOf(mt, resolve, this.#session, new Set())))
        resolve({ kind: 'slow-down', status: STATUS.throttled, afterMs: LATER.queueHere });
      this.#pump();
    });
  }

  /** Resolves when nothing waits and nothing is unanswered. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settleIdle();
    });
  }

  response(pdu: Response): void {
    const part = this.#window.answered(pdu.sequence);
    if (part === undefined) {
      this.#late(pdu);
      return;
    }
    if ((tlvNumber(pdu, TAG.congestionState) ?? 0) >= CONGESTED) this.#window.congested(this.#now());
    this.#outcomes[classOf(pdu.status, this.#settings.statusClasses)](part, pdu);
    this.#pump();
    this.#settleIdle();
  }

  /** The outcome was unknown long since; that it was taken after all spares the subscriber a second one. */
  #late(pdu: Response): void {
    this.#env.note('mt.late-response', { link: this.#settings.name, status: pdu.status, sequence: pdu.sequence });
    const part = this.#unheard.take(pdu.sequence);
    if (part === undefined || classOf(pdu.status, this.#settings.statusClasses) !== 'ok') return;
    acceptPart(part, pdu, this.#settings);
  }

  readonly #outcomes: Readonly<Record<StatusClass, (part: OutPart, pdu: Response) => void>> = {
    ok: (part, pdu) => this.#accepted(part, pdu),
    throttled: (part, pdu) => this.#throttled(part, pdu.status),
    'queue-full': (part, { status }) => this.#refused(part, { kind: 'slow-down', status, afterMs: LATER.queueFull }),
    temporary: (part, { status }) => this.#refused(part, { kind: 'temporary', status }),
    session: (part, { status }) => {
      this.#refused(part, { kind: 'temporary', status });
      if (isBindFault(status)) this.#session?.rebind(`submit_sm refused: bind state`);
    },
    permanent: (part, { status }) => {
      if (!this.#mend(part, status)) this.#refused(part, { kind: 'permanent', status });
    },
  };

  #accepted(part: OutPart, pdu: Response): void {
    const now = this.#now();
    this.#window.accepted(now);
    if (!acceptPart(part, pdu, this.#settings)) return;
    this.#note('mt.accepted', part, { parts: part.submission.ids.length, ms: Math.round(now - part.sentAt) });
  }

  #throttled(part: OutPart, status: number): void {
    const { submission } = part;
    const now = this.#now();
    part.throttles += 1;
    part.throttledAt ??= now;
    submission.away -= 1;
    this.#note('mt.throttled', part, { status, throttles: part.throttles });
    if (submission.settled) return;
    this.#window.throttled(part, now);
    if (isThrottledOut(part, now)) this.#end(submission, { kind: 'slow-down', status, afterMs: LATER.throttled });
  }

  #refused(part: OutPart, outcome: SubmitOutcome & { readonly status: number }): void {
    part.submission.away -= 1;
    this.#note('mt.refused', part, { status: outcome.status, kind: outcome.kind });
    this.#end(part.submission, outcome);
  }

  #end(submission: Submission, outcome: SubmitOutcome): void {
    this.#window.drop((part) => part.submission === submission);
    settleSubmission(submission, outcome);
  }

  /** Sends the message once more without what the SMSC disliked; not when part of it was taken already. */
  #mend(part: OutPart, status: number): boolean {
    const { submission } = part;
    const mending = mendingOf(part, status);
    if (mending === undefined || this.#session === undefined) return false;
    this.#env.note('mt.mended', { link: this.#settings.name, mt: submission.mt.id, status, mending });
    this.#window.drop((part) => part.submission === submission);
    submission.settled = true;
    const mended = new Set([...submission.mended, mending]);
    // In the old one's place, however full the queue is: it had its room.
    for (const again of this.#partsOf(submission.mt, submission.settle, this.#session, mended))
      this.#window.putBack({ ...again, order: part.order });
    return true;
  }

  #partsOf(mt: Mt, settle: Submission['settle'], session: Session, mended: Submission['mended']): readonly OutPart[] {
    const line = { settings: this.#settings, references: this.#references, takesTlvs: session.takesTlvs };
    return createParts({ mt, settle, mended }, line, () => ++this.#order);
  }

  #pump(): void {
    const now = this.#now();
    while (this.#session?.state === 'bound') {
      const part = this.#window.next(now);
      if (part === undefined) break;
      this.#write(part, this.#session, now);
    }
    this.#arm();
  }

  #write(part: OutPart, session: Session, now: number): void {
    const sequence = session.nextSequence();
    const { submission } = part;
    part.sentAt = now;
    part.sequence = sequence;
    submission.away += 1;
    this.#window.sent(sequence, part, now);
    try {
      session.send({ sequence, ...part.pdu }, { flushed: () => this.#flushed(part) });
    } catch (error) {
      // No octet left: what no PDU can hold will not be held the next time.
      this.#window.answered(sequence);
      this.#refused(part, { kind: 'permanent', status: STATUS.permanentAppError, reason: String(error) });
    }
  }

  #flushed(part: OutPart): void {
    part.submission.unwritten -= 1;
    if (part.submission.unwritten === 0) this.#note('mt.written', part, { parts: part.submission.ids.length });
  }

  /** An alarm that rings early is harmless, so only an earlier one replaces it. A session that ends needs none: its own wait is bounded. */
  #arm(): void {
    if (!this.bound || (this.#alarm !== undefined && this.#window.queued === 0)) return;
    const at = this.#window.wakeAt(this.#now());
    if (at === undefined || (this.#alarm !== undefined && this.#alarm.at <= at)) return;
    this.#alarm?.cancel();
    this.#alarm = { at, cancel: this.#env.clock.after(Math.max(at - this.#now(), 1), () => this.#wake()) };
  }

  #wake(): void {
    this.#alarm = undefined;
    for (const part of this.#window.expire(this.#now())) this.#unanswered(part, true);
    this.#pump();
    this.#settleIdle();
  }

  #unanswered(part: OutPart, mayCome: boolean): void {
    this.#note('mt.unanswered', part);
    this.#window.drop(({ submission }) => submission === part.submission);
    giveUpUnanswered(part.submission, mayCome);
    if (mayCome) this.#unheard.keep(part);
  }

  #settleIdle(): void {
    if (!this.#window.idle || this.#whenIdle.length === 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #now(): number {
    return this.#env.clock.monotonic();
  }

  #note(event: Parameters<SmppEnv['note']>[0], part: OutPart, fields?: Parameters<SmppEnv['note']>[1]): void {
    this.#env.note(event, { link: this.#settings.name, mt: part.submission.mt.id, part: part.index + 1, ...fields });
  }
}
