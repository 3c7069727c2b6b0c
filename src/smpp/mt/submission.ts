import type { Mt, SubmitOutcome, Taken } from '../../domain/message.ts';
import type { Response } from '../pdu.ts';
import { normalId } from '../mo/receipt.ts';
import type { LinkSettings } from '../settings.ts';
import type { Ordered } from './window.ts';
import type { Mending } from '../status-classes.ts';
import { mendingFor } from '../status-classes.ts';
import type { References } from './references.ts';
import type { SubmitSm } from './submit.ts';
import { DATA_CODING, submitParts } from './submit.ts';

/** One message on its way as one or more parts. Its outcome is reached once, by the first part that decides it. */
export interface Submission {
  readonly mt: Mt;
  readonly settle: (outcome: SubmitOutcome) => void;
  /** Message ids by part, as the SMSC gave them. */
  readonly ids: (string | undefined)[];
  /** Parts not accepted yet. */
  open: number;
  /** Parts not flushed to the kernel yet. */
  unwritten: number;
  /** Parts that the SMSC may have. */
  away: number;
  settled: boolean;
  /** Tells whoever was told that it is unknown. */
  tookLate: (taken: Taken) => void;
  /** What was left out already (each mending once). */
  readonly mended: ReadonlySet<Mending>;
}

export interface OutPart extends Ordered {
  readonly submission: Submission;
  readonly index: number;
  readonly pdu: SubmitSm;
  /** How often the SMSC throttled it. */
  throttles: number;
  /** Monotonic milliseconds: the first time. */
  throttledAt?: number;
  /** Monotonic milliseconds. */
  sentAt: number;
  /** Under which it was written last. */
  sequence: number;
}

function createSubmission(
  mt: Mt,
  parts: number,
  settle: (outcome: SubmitOutcome) => void,
  mended: ReadonlySet<Mending>,
): Submission {
  const ids = new Array<string | undefined>(parts).fill(undefined);
  return { mt, settle, ids, open: parts, unwritten: parts, away: 0, settled: false, tookLate: () => undefined, mended };
}

/** No response in time: where one may still come, who hears it may hear later that it was taken after all. */
export function giveUpUnanswered(submission: Submission, mayCome: boolean): void {
  // A further part's silence says nothing new, and must not take the promise from whoever holds the first.
  if (submission.settled) return;
  const late = mayCome ? { late: new Promise<Taken>((resolve) => (submission.tookLate = resolve)) } : {};
  settleSubmission(submission, { kind: 'unknown', ...late });
}

interface Line {
  readonly settings: LinkSettings;
  readonly references: References;
  readonly takesTlvs: boolean;
}

/** A message as the parts that this line sends it in; `nextOrder` numbers them behind all that came before. */
export function createParts(
  { mt, settle, mended }: Pick<Submission, 'mt' | 'settle' | 'mended'>,
  { settings, references, takesTlvs }: Line,
  nextOrder: () => number,
): readonly OutPart[] {
  const pdus = submitParts(mt, settings, {
    reference: (octets) => references.of(mt, octets),
    tlvs: takesTlvs && !mended.has('without-tlvs'),
    withoutValidity: mended.has('without-validity'),
    asUcs2: mended.has('as-ucs2'),
  });
  const submission = createSubmission(mt, pdus.length, settle, mended);
  return pdus.map((pdu, index) => ({
    submission,
    index,
    pdu,
    order: nextOrder(),
    throttles: 0,
    sentAt: 0,
    sequence: 0,
  }));
}

export function settleSubmission(submission: Submission, outcome: SubmitOutcome): void {
  if (submission.settled) return;
  submission.settled = true;
  submission.settle(outcome);
}

/**
 * Notes the part's id, as receipts will be compared with it. Of the last part the outcome is told, or where it was unknown for
 * another part's silence, that all was taken after all; true when it was the outcome.
 */
export function acceptPart(
  { submission, index }: OutPart,
  { fields: { message_id: id } }: Response,
  { smsc, receiptId }: LinkSettings,
): boolean {
  submission.ids[index] = normalId(typeof id === 'string' ? id : '', receiptId);
  submission.open -= 1;
  if (submission.open > 0) return false;
  const taken = { smsc, messageIds: submission.ids.map((each) => each ?? '') };
  if (submission.settled) {
    submission.tookLate(taken);
    return false;
  }
  settleSubmission(submission, { kind: 'accepted', ...taken });
  return true;
}

/** Throttles of one part before its message is handed back to wait outside; each already paused the bind. */
const MOST_THROTTLES = 6;

/** Where other parts were taken the rest goes on this long, milliseconds: outside, the text would be said whole again. */
const REST_WITHIN = 60_000;

export function isThrottledOut({ submission, throttles, throttledAt = 0 }: OutPart, now: number): boolean {
  return throttles >= MOST_THROTTLES && !(isPartlyTaken(submission) && now - throttledAt < REST_WITHIN);
}

function isPartlyTaken({ ids, open }: Submission): boolean {
  return open < ids.length;
}

/** What to leave out the next time; nothing where part of it was taken already, or where it was left out before. */
export function mendingOf(part: OutPart, status: number): Mending | undefined {
  const { settled, mended } = part.submission;
  const mending = mendingFor(status);
  if (mending === undefined || settled || mended.has(mending) || isPartlyTaken(part.submission)) return undefined;
  return mendable(part, mending) ? mending : undefined;
}

/** Whether the part has what the mending would leave out: the SMSC would refuse the same octets again. */
function mendable({ pdu }: OutPart, mending: Mending): boolean {
  switch (mending) {
    case 'without-validity':
      return pdu.fields['validity_period'] !== '';
    case 'without-tlvs':
      return pdu.tlvs.length > 0;
    case 'as-ucs2':
      return (
        pdu.fields['data_coding'] !== DATA_CODING.ucs2.plain && pdu.fields['data_coding'] !== DATA_CODING.ucs2.flash
      );
  }
}

/** What a lost connection leaves of a message whose parts were only waiting. */
export function lostOutcome(submission: Submission): SubmitOutcome {
  return submission.away === 0 ? { kind: 'no-bind' } : { kind: 'unknown' };
}
