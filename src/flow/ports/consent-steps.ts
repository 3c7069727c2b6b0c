import type { Challenge } from '../../domain/challenge.ts';
import type { ChargeIdentity } from '../../domain/charge.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Span, SpendMark } from '../../domain/spend.ts';
import type { Dedupe, HeldMt, HeldOrder } from './steps.ts';

/** One answer to one challenge. The verdict was reached from `challengeId`; the step refuses it when that is no longer open. */
export interface AnswerStep {
  readonly dedupe: Dedupe;
  readonly orderId: string;
  readonly challengeId: string;
  readonly right: boolean;
  /** For a right answer: `charging` with its identity when a peer is open (E1, E3), else `confirmed`. */
  readonly to: 'charging' | 'confirmed';
  readonly charge: ChargeIdentity | undefined;
  /** How it counts towards spend caps from a right answer on; undefined where none counts it. */
  readonly spend?: SpendMark | undefined;
  /** Owed when the answer is wrong and tries remain. */
  readonly wrong: OwedMt;
  /** Owed when it was the last try: the order is declined. */
  readonly locked: OwedMt;
  /** Owed when the window is over; for a wrong answer this and the next are the text of any wrong answer (E16). */
  readonly late: OwedMt;
  /** Owed when the code's life is over and the window is not: the order still waits. */
  readonly codeOver: OwedMt;
  /** Owed when the answer is right and the subscriber has this recurring service by now, or it is under way: the order is cancelled. */
  readonly already: OwedMt | undefined;
  readonly now: number;
  readonly leaseFor: number;
}

export type Answered =
  | { readonly kind: 'passed'; readonly held: HeldOrder }
  | { readonly kind: 'wrong' | 'locked' | 'late' | 'code-over' | 'already'; readonly owed: HeldMt }
  /** The challenge was no longer open: somebody else moved the order. Nothing was recorded, the MO's dedupe key neither. */
  | { readonly kind: 'moved' }
  /** Right, but the order would pass a spend cap by now: nothing was recorded, the MO's dedupe key neither. */
  | { readonly kind: 'over-cap'; readonly span: Span }
  | { readonly kind: 'repeat' };

/** One more code for an open challenge. */
export interface NewCodeStep {
  readonly dedupe: Dedupe;
  readonly orderId: string;
  /** The challenge id that it takes over from; another one is open by now: nothing is done. */
  readonly before: string;
  readonly challenge: Challenge;
  readonly owe: OwedMt;
  readonly now: number;
  readonly leaseFor: number;
}

export type NewCode =
  { readonly kind: 'renewed'; readonly owed: HeldMt } | { readonly kind: 'moved' } | { readonly kind: 'repeat' };
