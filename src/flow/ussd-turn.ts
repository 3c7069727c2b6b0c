import type { Dialogue } from '../domain/dialogue.ts';
import { heardFrom } from '../domain/evidence/heard.ts';
import { isLive, meaningOfTurn, moved } from '../domain/dialogue.ts';
import { hex, orderId } from '../domain/ids.ts';
import { startOf } from '../domain/menu.ts';
import type { Mo, MoAck } from '../domain/message.ts';
import { toE164 } from '../domain/msisdn.ts';
import type { Request } from '../domain/request.ts';
import type { Decided } from '../domain/turn.ts';
import { decideTurn } from '../domain/turn.ts';
import type { UssdTurn } from '../domain/ussd.ts';
import type { Incoming, Next } from './incoming.ts';
import { partitionOfMsisdn } from './incoming.ts';
import type { Ports, Subscriber, UssdPorts } from './ports.ts';
import { actOn, isTooMuch, mayHoldCode, meant } from './receive-mo.ts';
import { endDialogue, noteEnd, receipt, settleTold } from './ussd-end.ts';
import { viewFor } from './ussd-view.ts';

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

const STORED: UssdReceived = { ack: 'stored', next: { kind: 'nothing' } };

/** How often a turn looks again when another one of the same subscriber comes between. */
const TRIES = 3;

/** A turn with what this process made of its sender. */
interface Given {
  readonly turn: UssdTurn;
  readonly msisdn: string;
  /** The dedupe key (E13). */
  readonly digest: string;
}

/** The way of one turn up to its acknowledgement. It rejects only when the store is away: the gateway hears a temporary error. */
export async function receiveUssd(p: UssdPorts, turn: UssdTurn): Promise<UssdReceived> {
  const msisdn = toE164(turn.source, turn.countryCode);
  if (msisdn === undefined) {
    p.note('mo.ignored', { link: turn.link, ton: turn.source.ton, length: turn.source.digits.length });
    return STORED;
  }
  const given = { turn, msisdn, digest: digestOf(p, turn, msisdn) };
  for (let tries = TRIES; tries > 0; tries--) {
    const received = await tryTurn(p, given);
    if (received !== undefined) return received;
  }
  return { ack: 'temporary-error', next: { kind: 'nothing' } };
}

function digestOf(p: Ports, { event, service, session, bytes, smscId }: UssdTurn, msisdn: string): string {
  const parts = ['ussd', msisdn, event, service.digits, session?.value ?? '', bytes, smscId ?? ''];
  return hex(p.hashing.mac('dedupe', parts.join('|')).subarray(0, 16));
}

/** Undefined when another turn came first. */
async function tryTurn(p: UssdPorts, given: Given): Promise<UssdReceived | undefined> {
  const { turn, digest, msisdn } = given;
  const stored = await p.ussd.dialogues.read(msisdn);
  const meaning = meaningOfTurn(turn, digest, stored);
  switch (meaning.kind) {
    case 'open':
      return open(p, given, stored);
    case 'take':
      return take(p, given, meaning.dialogue);
    case 'confirmed':
      return confirmed(p, meaning.dialogue);
    case 'end':
      await endDialogue(p, meaning.dialogue, 'abort');
      return STORED;
    case 'repeat':
      p.note('mo.repeat', { link: turn.link });
      return STORED;
    case 'dropped':
      p.note('ussd.dropped', { link: turn.link, turn: turn.event, why: meaning.why });
      return STORED;
  }
}

/** One live dialogue per MSISDN: who dials anew has left the one before. */
async function open(p: UssdPorts, given: Given, before: Dialogue | undefined): Promise<UssdReceived | undefined> {
  if (before !== undefined && (await leave(p, before))) return undefined;
  const subscriber = await p.subscribers.read(given.msisdn);
  const dialogue = moved(newDialogue(p, given, subscriber), 'dial', p.clock.now());
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, dialogue.until))) return undefined;
  p.note('ussd.opened', { link: dialogue.link, kind: dialogue.kind });
  return welcome(p, given, dialogue, subscriber);
}

/** Ends the one before and settles what it left; false when there was nothing to do. */
async function leave(p: UssdPorts, before: Dialogue): Promise<boolean> {
  if (isLive(before)) await endDialogue(p, before, 'superseded');
  else await settleTold(p, before);
  return isLive(before) || before.told.length > 0;
}

async function welcome(p: UssdPorts, given: Given, dialogue: Dialogue, subscriber: Subscriber): Promise<UssdReceived> {
  const { shortCode, inputs } = given.turn;
  if (shortCode === undefined) return shows(dialogue, { kind: 'last', label: 'unknown' });
  if (dialogue.kind === 'single') return act(p, given, { dialogue, subscriber, request: { kind: 'help' } });
  return shows(dialogue, { kind: 'start', inputs });
}

function shows(dialogue: Dialogue, decided: Shows): UssdReceived {
  return { ack: 'stored', next: { kind: 'show', dialogue, decided } };
}

function newDialogue(p: UssdPorts, { turn, msisdn, digest }: Given, { language }: Subscriber): Dialogue {
  const now = p.clock.now();
  const { link, smsc, countryCode, service, session, timers, shortCode = '' } = turn;
  return {
    ...{ link, smsc, countryCode, service, session, timers, shortCode, msisdn },
    id: orderId(partitionOfMsisdn(p, msisdn), now, p.random(10)),
    version: 0,
    kind: turn.event === 'dial-once' ? 'single' : 'opened',
    state: 'idle',
    process: p.ussd.process,
    counted: false,
    turn: 1,
    taken: digest,
    language: language ?? p.settings().language,
    place: startOf(p.ussd.menu()),
    shown: undefined,
    told: [],
    orderId: undefined,
    openedAt: now,
    until: now,
    over: undefined,
  };
}

/** What the subscriber typed: decided first, taken by one step, then done. */
async function take(p: UssdPorts, given: Given, before: Dialogue): Promise<UssdReceived | undefined> {
  const { turn, msisdn } = given;
  const subscriber = await p.subscribers.read(msisdn);
  const view = await viewFor(p, before, subscriber);
  const decided = decideTurn(before, { input: turn.text, menu: p.ussd.menu(), view, words: p.words.request });
  const dialogue = moved(before, 'reply', p.clock.now(), takenBy(p, given, before));
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, dialogue.until))) return undefined;
  p.note('ussd.turn', { link: turn.link, turns: dialogue.turn, decided: decided.kind });
  if (decided.kind !== 'request') return shows(dialogue, decided);
  return act(p, given, { dialogue, subscriber, request: decided.request });
}

function takenBy(p: UssdPorts, { turn, digest }: Given, before: Dialogue): Partial<Dialogue> {
  const { link, smsc, session } = turn;
  const renamed = before.turn > 0 && session?.value !== before.session?.value;
  return {
    ...{ link, smsc, session, process: p.ussd.process },
    turn: before.turn + 1,
    taken: digest,
    counted: before.counted || renamed,
  };
}

interface Asked {
  readonly dialogue: Dialogue;
  readonly subscriber: Subscriber;
  readonly request: Request;
}

/** The flows of texts, with the turn as their MO: it carries the dialogue, and its number in it is what makes it one (E12). */
async function act(p: Ports, given: Given, { dialogue, subscriber, request: asked }: Asked): Promise<UssdReceived> {
  const mo = moOf(p, given.turn, dialogue);
  const request = meant(p, mo, asked);
  if (isTooMuch(p, mo, request)) {
    p.note('mo.pushed-back', { link: mo.link });
    return shows(dialogue, { kind: 'last', label: 'busy' });
  }
  const { msisdn, language, id, turn } = dialogue;
  const key = hex(p.hashing.mac('dedupe', `ussd turn|${id}|${turn}`).subarray(0, 16));
  const incoming: Incoming = {
    ...{ mo, msisdn, subscriber, language },
    partition: partitionOfMsisdn(p, msisdn),
    dedupe: {
      key,
      window: p.settings().dedupeWindowWithId,
      heard: heardFrom(mo, isNoKey(mo) && mayHoldCode(subscriber, request)),
    },
    now: p.clock.now(),
    dialogue: id,
  };
  return { ack: 'stored', next: { kind: 'act', dialogue, next: await actOn(p, incoming, request) } };
}

/** One key of a menu holds no code, and evidence must show which one it was. */
function isNoKey({ text }: Mo): boolean {
  return text.length > 1;
}

function moOf(p: Ports, turn: UssdTurn, { shortCode }: Dialogue): Mo {
  const { link, smsc, countryCode, source, text, bytes, smscId } = turn;
  const destination = { ton: 0, npi: 0, digits: shortCode };
  return {
    ...{ link, smsc, countryCode, source, text, bytes, smscId },
    destination,
    concatRef: undefined,
    receivedAt: p.clock.now(),
  };
}

/** USSN confirm: the handset showed what we pushed. */
async function confirmed(p: UssdPorts, before: Dialogue): Promise<UssdReceived | undefined> {
  const read = before.told.filter(({ kind }) => kind !== 'confirm' && kind !== 'code');
  const told = before.told.filter((one) => !read.includes(one));
  const dialogue = moved(before, 'confirm', p.clock.now(), { told });
  const wake = told.length > 0 ? p.clock.now() : undefined;
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, wake))) return undefined;
  noteEnd(p, dialogue);
  for (const { mtId } of read) await receipt(p, dialogue, mtId, 'delivered');
  await settleTold(p, dialogue);
  return STORED;
}
