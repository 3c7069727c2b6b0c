import { step } from '../lib/fsm.ts';
import type { Address } from './address.ts';
import type { Place } from './menu.ts';
import type { NoticeKind } from './notice.ts';
import type { Request } from './request.ts';
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

/**
 * What a turn asks, as its dialogue keeps it until the next one: what a key stood for on its screen, which may be another
 * screen when the turn comes again. Words come again with it, and are not kept: they may hold a code (E15).
 */
export type Asked = Request | { readonly kind: 'words' };

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
  /** The handset as the gateway wrote it; left out of a push. */
  readonly source?: Address | undefined;
  readonly session: UssdSession | undefined;
  /** Of a push: the session number of the dialogue that it took the place of. */
  readonly before?: number | undefined;
  /** This gateway's name of the dialogue changes from turn to turn, so the same name again is the same turn. */
  readonly counted: boolean;
  readonly timers: UssdTimers;
  /** Turns taken. */
  readonly turn: number;
  /** Digest of the turn taken last (E13). */
  readonly taken: string;
  /** By that turn; undefined where all it led to was a screen. */
  readonly asked: Asked | undefined;
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

export type WhyDropped = 'no dialogue' | 'after the end' | 'another dialogue' | 'nothing to confirm' | 'out of turn';

/** What a turn means to the dialogue that the store holds. */
export type TurnMeaning =
  | { readonly kind: 'open' }
  | { readonly kind: 'take'; readonly dialogue: Dialogue }
  /** A reply that ends the dialogue: the last message of it, not a void one (SMPP 3.4 5.3.2.43). */
  | { readonly kind: 'last'; readonly dialogue: Dialogue }
  | { readonly kind: 'confirmed'; readonly dialogue: Dialogue }
  | { readonly kind: 'end'; readonly dialogue: Dialogue }
  /** The gateway delivered it again: what it asks is done, if it was not yet, and nothing else (P1, E12). */
  | { readonly kind: 'repeat'; readonly dialogue: Dialogue }
  /** A reply after the end, or to somebody else's dialogue: dropped, never a new push. */
  | { readonly kind: 'dropped'; readonly why: WhyDropped };

/** `digest` is the turn's dedupe key. The MSISDN is the key of the store, so a session id that comes round meets nobody. */
export function meaningOfTurn(turn: UssdTurn, digest: string, dialogue: Dialogue | undefined): TurnMeaning {
  if (turn.event === 'dial' || turn.event === 'dial-once') return meaningOfDial(digest, dialogue);
  if (dialogue !== undefined && isLive(dialogue) && isSame(turn, dialogue))
    return meaningInside(turn, digest, dialogue);
  return turn.opens === undefined ? meaningOutside(digest, dialogue) : { kind: 'open' };
}

function meaningOutside(digest: string, dialogue: Dialogue | undefined): TurnMeaning {
  if (dialogue === undefined) return { kind: 'dropped', why: 'no dialogue' };
  return isLive(dialogue) ? { kind: 'dropped', why: 'another dialogue' } : afterTheEnd(digest, dialogue);
}

function meaningOfDial(digest: string, dialogue: Dialogue | undefined): TurnMeaning {
  return dialogue !== undefined && isBeingOpened(dialogue, digest) ? { kind: 'repeat', dialogue } : { kind: 'open' };
}

/** What was taken before the end was asked in time. */
function afterTheEnd(digest: string, dialogue: Dialogue): TurnMeaning {
  return dialogue.taken === digest ? { kind: 'repeat', dialogue } : { kind: 'dropped', why: 'after the end' };
}

function isBeingOpened({ state, turn, taken }: Dialogue, digest: string): boolean {
  return state === 'awaiting-app' && turn === 1 && taken === digest;
}

/** Without a session the code names it, which a gateway may write otherwise in each turn: `*384*1#`, then `384`. */
function isSame({ smsc, session, service, shortCode }: UssdTurn, dialogue: Dialogue): boolean {
  if (session !== undefined && dialogue.session !== undefined)
    return session.number === dialogue.session.number || namesPush(smsc, session, dialogue);
  const sameDigits = dialogue.service === undefined || service.digits === dialogue.service.digits;
  return sameDigits || shortCode === dialogue.shortCode;
}

/**
 * A gateway may name what we pushed by a session of its own, which its first turn tells: a subscriber has one dialogue at a time.
 * What comes late from the one before must not agree to what the push asks.
 */
function namesPush(smsc: string, { number }: UssdSession, dialogue: Dialogue): boolean {
  return dialogue.kind === 'pushed' && dialogue.turn === 0 && smsc === dialogue.smsc && number !== dialogue.before;
}

function meaningInside(turn: UssdTurn, digest: string, dialogue: Dialogue): TurnMeaning {
  if (turn.event === 'abort') return { kind: 'end', dialogue };
  if (turn.event === 'confirm')
    return dialogue.state === 'awaiting-confirm'
      ? { kind: 'confirmed', dialogue }
      : { kind: 'dropped', why: 'nothing to confirm' };
  if (isRepeat(turn, digest, dialogue)) return { kind: 'repeat', dialogue };
  if (dialogue.state === 'awaiting-user') return { kind: turn.ended ? 'last' : 'take', dialogue };
  return turn.ended ? { kind: 'end', dialogue } : { kind: 'dropped', why: 'out of turn' };
}

/**
 * The same turn again while it is being answered; or later, where the gateway's names tell turns apart. Elsewhere a turn that
 * comes again after the next screen was sent reads as an answer to that screen.
 */
function isRepeat({ smscId }: UssdTurn, digest: string, { state, taken, counted }: Dialogue): boolean {
  return taken === digest && (state === 'awaiting-app' || counted || smscId !== undefined);
}
