import { step } from '../lib/fsm.ts';
import type { Address } from './address.ts';
import type { Place } from './menu.ts';
import type { NoticeKind } from './notice.ts';
import type { DialogueEvent, DialogueKind, DialogueState, UssdSession, UssdTimers, UssdTurn } from './ussd.ts';
import { DIALOGUE_TABLE } from './ussd.ts';

/** An owed text on the handset's screen. */
export interface Shown {
  readonly mtId: string;
  readonly kind: NoticeKind;
  readonly orderId: string | undefined;
  /** Of a challenge: which order a YES is for. */
  readonly keyword: string | undefined;
  /** From 0. */
  readonly page: number;
  readonly pages: number;
}

/** A text said in a dialogue whose fate is not known yet: a challenge without an answer, pages that were not read. */
export interface Told {
  readonly mtId: string;
  readonly kind: NoticeKind;
  readonly orderId: string | undefined;
}

/** One subscriber's dialogue with us, as every process finds it in the store. */
export interface Dialogue {
  readonly id: string;
  /** Rises with each move; a move compares it. */
  readonly version: number;
  readonly kind: DialogueKind;
  readonly state: DialogueState;
  readonly msisdn: string;
  readonly countryCode: string;
  readonly shortCode: string;
  /** The bind and the process that hold it: replies leave there or not at all (E23). */
  readonly link: string;
  readonly process: string;
  readonly smsc: string;
  readonly service: Address | undefined;
  readonly session: UssdSession | undefined;
  /** This gateway's name of the dialogue changes from turn to turn, so the same name again is the same turn. */
  readonly counted: boolean;
  readonly timers: UssdTimers;
  /** Turns taken. */
  readonly turn: number;
  /** Digest of the turn taken last (E13). */
  readonly taken: string;
  readonly language: string;
  readonly place: Place;
  readonly shown: Shown | undefined;
  readonly told: readonly Told[];
  /** An order that was opened elsewhere and that this turn acts on: its texts belong here too. */
  readonly orderId: string | undefined;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** When its state's timer ends. */
  readonly until: number;
  /** Why it is released. */
  readonly over: string | undefined;
}

export function isLive({ state }: Dialogue): boolean {
  return state !== 'released';
}

/** After `event`, or undefined where the table refuses it. */
export function moved(
  dialogue: Dialogue,
  event: DialogueEvent,
  now: number,
  changes: Partial<Dialogue> = {},
): Dialogue | undefined {
  const to = step(DIALOGUE_TABLE, dialogue.state, event)?.to;
  if (to === undefined) return undefined;
  const over = to === 'released' ? event : undefined;
  const until = now + dialogue.timers.userTimeout;
  return { ...dialogue, version: dialogue.version + 1, until, over, ...changes, state: to };
}

/** What a turn means to the dialogue that the store holds. */
export type TurnMeaning =
  | { readonly kind: 'open' }
  | { readonly kind: 'take'; readonly dialogue: Dialogue }
  | { readonly kind: 'confirmed'; readonly dialogue: Dialogue }
  | { readonly kind: 'end'; readonly dialogue: Dialogue }
  /** The gateway delivered it again: answered as before, and nothing happens (E12). */
  | { readonly kind: 'repeat' }
  /** A reply after the end, or to somebody else's dialogue: dropped, never a new push. */
  | { readonly kind: 'dropped'; readonly why: string };

/** `digest` is the turn's dedupe key. The MSISDN is the key of the store, so a session id that comes round meets nobody. */
export function meaningOfTurn(turn: UssdTurn, digest: string, dialogue: Dialogue | undefined): TurnMeaning {
  const dials = turn.event === 'dial' || turn.event === 'dial-once';
  if (dialogue === undefined) return dials ? { kind: 'open' } : { kind: 'dropped', why: 'no dialogue' };
  if (dials) return isBeingOpened(dialogue, digest) ? { kind: 'repeat' } : { kind: 'open' };
  if (!isLive(dialogue)) return { kind: 'dropped', why: 'after the end' };
  if (!isSame(turn, dialogue)) return { kind: 'dropped', why: 'another dialogue' };
  return meaningInside(turn, digest, dialogue);
}

function isBeingOpened({ state, turn, taken }: Dialogue, digest: string): boolean {
  return state === 'awaiting-app' && turn === 1 && taken === digest;
}

function isSame({ session, service }: UssdTurn, dialogue: Dialogue): boolean {
  if (session !== undefined && dialogue.session !== undefined) return session.number === dialogue.session.number;
  return dialogue.service === undefined || service.digits === dialogue.service.digits;
}

function meaningInside(turn: UssdTurn, digest: string, dialogue: Dialogue): TurnMeaning {
  if (turn.event === 'abort') return { kind: 'end', dialogue };
  if (turn.event === 'confirm')
    return dialogue.state === 'awaiting-confirm'
      ? { kind: 'confirmed', dialogue }
      : { kind: 'dropped', why: 'nothing to confirm' };
  if (isRepeat(turn, digest, dialogue)) return { kind: 'repeat' };
  if (turn.ended) return { kind: 'end', dialogue };
  return dialogue.state === 'awaiting-user' ? { kind: 'take', dialogue } : { kind: 'dropped', why: 'out of turn' };
}

/**
 * The same turn again while it is being answered; or later, where the gateway's names tell turns apart. Elsewhere a turn that
 * comes again after the next screen was sent reads as an answer to that screen.
 */
function isRepeat({ smscId }: UssdTurn, digest: string, { state, taken, counted }: Dialogue): boolean {
  return taken === digest && (state === 'awaiting-app' || counted || smscId !== undefined);
}
