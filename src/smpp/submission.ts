import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { Ordered } from './window.ts';
import type { Mending } from './status-classes.ts';
import type { SubmitSm } from './submit.ts';
import { DATA_CODING } from './submit.ts';

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
  /** What was left out already (each mending once). */
  readonly mended: ReadonlySet<Mending>;
}

export interface OutPart extends Ordered {
  readonly submission: Submission;
  readonly index: number;
  readonly pdu: SubmitSm;
  /** How often the SMSC throttled it. */
  throttles: number;
  /** Monotonic milliseconds. */
  sentAt: number;
}

export function createSubmission(
  mt: Mt,
  parts: number,
  settle: (outcome: SubmitOutcome) => void,
  mended: ReadonlySet<Mending> = new Set(),
): Submission {
  const ids = new Array<string | undefined>(parts).fill(undefined);
  return { mt, settle, ids, open: parts, unwritten: parts, away: 0, settled: false, mended };
}

export function settleSubmission(submission: Submission, outcome: SubmitOutcome): void {
  if (submission.settled) return;
  submission.settled = true;
  submission.settle(outcome);
}

/** Notes the part's id; true when it was the last. */
export function acceptPart(part: OutPart, id: string): boolean {
  part.submission.ids[part.index] = id;
  part.submission.open -= 1;
  return part.submission.open === 0;
}

/** Whether the part has what the mending would leave out: the SMSC would refuse the same octets again. */
export function mendable({ pdu }: OutPart, mending: Mending): boolean {
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
