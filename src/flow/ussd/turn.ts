import type { Dialogue, WhyDropped } from '../../domain/dialogue.ts';
import { isLive, meaningOfTurn, moved } from '../../domain/dialogue.ts';
import { hex, orderId } from '../../domain/ids.ts';
import { startOf } from '../../domain/menu.ts';
import { toE164 } from '../../domain/msisdn.ts';
import type { Decided } from '../../domain/turn.ts';
import { decideTurn } from '../../domain/turn.ts';
import type { UssdTurn } from '../../domain/ussd.ts';
import { partitionOfMsisdn } from '../incoming.ts';
import type { Ports, Subscriber, UssdPorts } from '../ports/ports.ts';
import type { Given, UssdReceived } from './act.ts';
import { act, actAgain, refuses, shows, STORED, unlessTooMuch } from './act.ts';
import { endDialogue, noteEnd, receipt, settleTold, wakeAt } from './end.ts';
import { viewFor } from './view.ts';

/** How often a turn looks again when another one of the same subscriber comes between. */
const TRIES = 3;

/** All that a phone of phase 1 can be told. */
const HELP = { kind: 'help' } as const;

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
      return open(p, { ...given, turn: asDial(turn) }, stored);
    case 'take':
      return take(p, given, meaning.dialogue);
    case 'last':
      return takeLast(p, given, meaning.dialogue);
    case 'confirmed':
      return confirmed(p, meaning.dialogue);
    case 'end':
      await endDialogue(p, meaning.dialogue, 'abort');
      return STORED;
    case 'repeat':
      p.note('mo.repeat', { link: turn.link });
      return actAgain(p, given, meaning.dialogue);
    case 'dropped':
      p.note('ussd.dropped', { link: turn.link, turn: turn.event, why: meaning.why });
      return dropped(turn, meaning.why);
  }
}

/** Nobody will answer this reply: refused, so that the gateway does not keep its subscriber waiting. Out of turn, an answer is on its way. */
function dropped({ event, ended }: UssdTurn, why: WhyDropped): UssdReceived {
  const waits = event === 'reply' && !ended && why !== 'out of turn';
  return waits ? { ...STORED, ack: 'rejected' } : STORED;
}

/** One live dialogue per MSISDN: who dials anew has left the one before. */
async function open(p: UssdPorts, given: Given, before: Dialogue | undefined): Promise<UssdReceived | undefined> {
  if (before !== undefined && (await leave(p, before))) return undefined;
  const subscriber = await p.subscribers.readSender(given.msisdn);
  const dialogue = moved(newDialogue(p, given, subscriber), 'dial', p.clock.now());
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, dialogue.until))) return undefined;
  p.note('ussd.opened', { link: dialogue.link, kind: dialogue.kind });
  return welcome(p, given, dialogue, subscriber);
}

function asDial(turn: UssdTurn): UssdTurn {
  return turn.opens === undefined ? turn : { ...turn, event: 'dial', ...turn.opens };
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
  if (dialogue.asked !== undefined) return act(p, given, { dialogue, subscriber, request: HELP });
  return shows(dialogue, { kind: 'start', inputs });
}

function newDialogue(p: UssdPorts, { turn, msisdn, digest }: Given, { language }: Subscriber): Dialogue {
  const now = p.clock.now();
  const isOnce = turn.event === 'dial-once';
  const { link, smsc, countryCode, source, service, session, timers, shortCode = '' } = turn;
  return {
    id: orderId(partitionOfMsisdn(p, msisdn), now, p.random(10)),
    version: 0,
    kind: isOnce ? 'single' : 'opened',
    state: 'idle',
    process: p.ussd.process,
    counted: false,
    turn: 1,
    taken: digest,
    asked: isOnce && turn.shortCode !== undefined ? HELP : undefined,
    language: language ?? p.settings().language,
    place: startOf(p.ussd.menu()),
    shown: undefined,
    told: [],
    orderId: undefined,
    openedAt: now,
    until: now,
    over: undefined,
    ...{ link, smsc, countryCode, source, service, session, timers, shortCode, msisdn },
  };
}

/** What the subscriber typed: decided first, taken by one step, then done. */
async function take(p: UssdPorts, given: Given, before: Dialogue): Promise<UssdReceived | undefined> {
  const { turn, msisdn } = given;
  const subscriber = await p.subscribers.readSender(msisdn);
  const decided = unlessTooMuch(p, given, before, await decide(p, given, before, subscriber));
  const asked = decided.kind === 'request' ? decided.asked : undefined;
  const dialogue = moved(before, 'reply', p.clock.now(), { ...takenBy(p, given, before), asked });
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, dialogue.until))) return undefined;
  p.note('ussd.turn', { link: turn.link, turns: dialogue.turn, decided: decided.kind });
  if (decided.kind !== 'request') return shows(dialogue, decided);
  return act(p, given, { dialogue, subscriber, request: decided.request });
}

async function decide(p: UssdPorts, { turn }: Given, before: Dialogue, subscriber: Subscriber): Promise<Decided> {
  const view = await viewFor(p, before, subscriber);
  return decideTurn(before, { input: turn.text, menu: p.ussd.menu(), view, words: p.words.request });
}

/**
 * What the subscriber typed as the gateway ended the dialogue. A STOP or a NO takes effect, and its answer goes over another
 * channel, as after any dialogue that broke off. All else does not: nobody agrees to a price in a dialogue that can say no more,
 * and what waits goes on by SMS.
 */
async function takeLast(p: UssdPorts, given: Given, before: Dialogue): Promise<UssdReceived | undefined> {
  const now = p.clock.now();
  const subscriber = await p.subscribers.readSender(given.msisdn);
  const decided = await decide(p, given, before, subscriber);
  if (decided.kind !== 'request' || !refuses(p, given, before, decided.request)) {
    await endDialogue(p, before, 'abort');
    return STORED;
  }
  const { request, asked } = decided;
  const dialogue = moved(before, 'abort', now, { ...takenBy(p, given, before), asked });
  if (dialogue === undefined || !(await p.ussd.dialogues.move(before, dialogue, wakeAt(dialogue, now))))
    return undefined;
  noteEnd(p, dialogue);
  const received = await act(p, given, { dialogue, subscriber, request });
  await settleTold(p, dialogue);
  return received;
}

function takenBy(p: UssdPorts, { turn, digest }: Given, before: Dialogue): Partial<Dialogue> {
  const { link, smsc, session } = turn;
  const renamed = before.turn > 0 && session?.value !== before.session?.value;
  return {
    turn: before.turn + 1,
    taken: digest,
    counted: before.counted || renamed,
    ...{ link, smsc, session, process: p.ussd.process },
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
