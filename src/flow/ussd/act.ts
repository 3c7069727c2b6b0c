import type { Dialogue } from '../../domain/dialogue.ts';
import { isLive } from '../../domain/dialogue.ts';
import { heardFrom } from '../../domain/evidence/heard.ts';
import { hex } from '../../domain/ids.ts';
import type { Mo, MoAck } from '../../domain/message.ts';
import type { Request } from '../../domain/request.ts';
import { parseRequest } from '../../domain/request.ts';
import type { Decided } from '../../domain/turn.ts';
import type { UssdTurn } from '../../domain/ussd.ts';
import type { Incoming, Next } from '../incoming.ts';
import { partitionOfMsisdn } from '../incoming.ts';
import type { Ports, Subscriber, UssdPorts } from '../ports/ports.ts';
import { actOn, isTooMuch, mayHoldCode, meant } from '../receive-mo.ts';

/** What is left to do once the turn may be acknowledged. */
export type UssdNext =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'show'; readonly dialogue: Dialogue; readonly decided: Shows }
  | { readonly kind: 'act'; readonly dialogue: Dialogue; readonly next: Next };

/** The dialled code leads to a menu only, so that dialling twice orders nothing. */
export type Shows = Exclude<Decided, { readonly kind: 'request' }> | { readonly kind: 'start'; readonly inputs: readonly string[] }; // prettier-ignore

export interface UssdReceived {
  readonly ack: MoAck;
  readonly next: UssdNext;
}

export const STORED: UssdReceived = { ack: 'stored', next: { kind: 'nothing' } };

/** A turn with what this process made of its sender. */
export interface Given {
  readonly turn: UssdTurn;
  readonly msisdn: string;
  /** The dedupe key (E13). */
  readonly digest: string;
}

interface Acting {
  readonly dialogue: Dialogue;
  readonly subscriber: Subscriber;
  readonly request: Request;
}

export function shows(dialogue: Dialogue, decided: Shows): UssdReceived {
  return { ack: 'stored', next: { kind: 'show', dialogue, decided } };
}

/** E24: said in place of the request, before that is taken: it must not be done after all when the turn comes again. */
export function unlessTooMuch(p: Ports, { turn }: Given, { shortCode }: Dialogue, decided: Decided): Decided {
  if (decided.kind !== 'request') return decided;
  const mo = { destination: serviceAt(shortCode), text: turn.text };
  if (!isTooMuch(p, mo, meant(p, mo, decided.request))) return decided;
  p.note('mo.pushed-back', { link: turn.link });
  return { kind: 'last', label: 'busy' };
}

const REFUSALS: ReadonlySet<Request['kind']> = new Set<Request['kind']>(['stop', 'stop-all', 'refuse']);

export function refuses(p: Ports, { turn }: Given, { shortCode }: Dialogue, request: Request): boolean {
  return REFUSALS.has(meant(p, { destination: serviceAt(shortCode), text: turn.text }, request).kind);
}

export async function act(p: Ports, given: Given, acting: Acting): Promise<UssdReceived> {
  return { ack: 'stored', next: { kind: 'act', dialogue: acting.dialogue, next: await done(p, given, acting) } };
}

/**
 * P1: whoever took the turn may have been cut off before what it asks was done; where it was done, its key tells (E12), and
 * whoever did it goes on with it.
 */
export async function actAgain(p: UssdPorts, given: Given, dialogue: Dialogue): Promise<UssdReceived> {
  const { asked } = dialogue;
  if (asked === undefined) return STORED;
  const request = asked.kind === 'words' ? parseRequest(given.turn.text, p.words.request) : asked;
  const subscriber = await p.subscribers.read(dialogue.msisdn);
  const next = await done(p, given, { dialogue, subscriber, request });
  if (next.kind === 'nothing') return STORED;
  return { ack: 'stored', next: { kind: 'act', dialogue: await takenOver(p, given, dialogue), next } };
}

/** Who took the turn before is gone, or has nothing to say: its answers leave by this process and bind (E23). */
async function takenOver(p: UssdPorts, { turn }: Given, dialogue: Dialogue): Promise<Dialogue> {
  if (!isLive(dialogue)) return dialogue;
  const { link, smsc, session } = turn;
  const here = { ...dialogue, link, smsc, session, process: p.ussd.process, version: dialogue.version + 1 };
  return (await p.ussd.dialogues.move(dialogue, here, here.until)) ? here : dialogue;
}

/** The flows of texts, with the turn as their MO: it carries the dialogue, and its number in it is what makes it one (E12). */
async function done(p: Ports, { turn: given }: Given, { dialogue, subscriber, request: asked }: Acting): Promise<Next> {
  const mo = moOf(p, given, dialogue);
  const request = meant(p, mo, asked);
  const { msisdn, language, id, turn } = dialogue;
  const key = hex(p.hashing.mac('dedupe', `ussd turn|${id}|${turn}`).subarray(0, 16));
  const incoming: Incoming = {
    partition: partitionOfMsisdn(p, msisdn),
    dedupe: {
      key,
      window: p.settings().dedupeWindowWithId,
      heard: heardFrom(mo, isNoKey(mo) && mayHoldCode(subscriber, request)),
    },
    now: p.clock.now(),
    dialogue: id,
    ...{ mo, msisdn, subscriber, language },
  };
  return actOn(p, incoming, request);
}

/** One key of a menu holds no code, and evidence must show which one it was. */
function isNoKey({ text }: Mo): boolean {
  return text.length > 1;
}

function moOf(p: Ports, turn: UssdTurn, { shortCode }: Dialogue): Mo {
  const { link, smsc, countryCode, source, text, bytes, smscId } = turn;
  return {
    destination: serviceAt(shortCode),
    concatRef: undefined,
    receivedAt: p.clock.now(),
    ...{ link, smsc, countryCode, source, text, bytes, smscId },
  };
}

function serviceAt(shortCode: string): Mo['destination'] {
  return { ton: 0, npi: 0, digits: shortCode };
}
