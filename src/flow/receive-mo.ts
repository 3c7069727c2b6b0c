import { findService } from '../domain/catalogue.ts';
import { heardFrom } from '../domain/evidence/heard.ts';
import type { Mo, MoAck } from '../domain/message.ts';
import { toE164 } from '../domain/msisdn.ts';
import { askedInPart, isHarmless } from '../domain/partial.ts';
import type { Request } from '../domain/request.ts';
import { parseRequest } from '../domain/request.ts';
import { answerMeant, stopMeant } from '../domain/stop-meant.ts';
import { answerChallenge, refuseChallenge } from './consent/answer-challenge.ts';
import { answerEnquiry, setChannel, setLanguage } from './enquiry/answer-enquiry.ts';
import type { Incoming, Next } from './incoming.ts';
import { dedupeOf, NOTHING, partitionOfMsisdn } from './incoming.ts';
import { placeOrder } from './consent/place-order.ts';
import type { Ports, Subscriber } from './ports/ports.ts';
import { complain } from './enquiry/complain.ts';
import { sendNewCode } from './consent/new-code.ts';
import { stopService } from './stop/stop-service.ts';

export interface Received {
  readonly ack: MoAck;
  readonly next: Next;
}

/**
 * The way of one MO up to its acknowledgement: it resolves once the store holds whatever the MO caused, and tells what
 * to go on with. It rejects only when the store is away; the link then answers a temporary error and the SMSC redelivers.
 */
export async function receiveMo(p: Ports, mo: Mo): Promise<Received> {
  const msisdn = toE164(mo.source, mo.countryCode);
  if (msisdn === undefined) {
    // E20: a machine's or a short code's message is never answered; it is acknowledged, so that it does not come back.
    p.note('mo.ignored', { link: mo.link, ton: mo.source.ton, length: mo.source.digits.length });
    return { ack: 'stored', next: NOTHING };
  }
  const request = meant(p, mo, parseRequest(mo.text, p.words.request));
  // Perhaps it was done, and dedupe has forgotten it since: only a delivery by the SMSC may charge (E13). It is looked at often: no note.
  if (mo.held === true && !isHarmless(request)) return { ack: 'temporary-error', next: NOTHING };
  if (isTooMuch(p, mo, request)) {
    p.note('mo.pushed-back', { link: mo.link });
    return { ack: 'temporary-error', next: NOTHING };
  }
  const incoming = await withSender(p, mo, msisdn, request);
  const asked = mo.partial === true ? askedInPart(request) : request;
  const next = await actOn(p, incoming, asked);
  return { ack: 'stored', next };
}

/** Where the text may say STOP as well, which comes first (CONSENT rule 5): what would charge, or only talk while money is taken. */
const STOP_FIRST: ReadonlySet<Request['kind']> = new Set<Request['kind']>([
  ...(['order', 'confirm', 'code', 'refuse', 'again'] as const),
  ...(['list', 'status', 'help', 'complain'] as const),
]);

/** What only the catalogue tells: a keyword may be a number too, and a text that opens with no service may mean STOP. */
export function meant(p: Ports, { destination, text }: Pick<Mo, 'destination' | 'text'>, request: Request): Request {
  const isKeyword = (word: string): boolean => findService(p.catalogue(), destination.digits, word) !== undefined;
  if (STOP_FIRST.has(request.kind)) {
    const stop = stopMeant(text, p.words.request, isKeyword);
    if (stop !== undefined || request.kind !== 'order') return besides(request, stop);
    return answerMeant(text, p.words.request, isKeyword) ?? request;
  }
  if (request.kind !== 'numbers' || request.numbers.length !== 1) return request;
  return isKeyword(request.word) ? { kind: 'order', keyword: request.word, channel: undefined } : request;
}

/** A complaint with a STOP in it is both. */
function besides(request: Request, stop: Request | undefined): Request {
  const complains = request.kind === 'complain' && (stop?.kind === 'stop' || stop?.kind === 'stop-all');
  return complains ? { ...stop, complains: request.words ?? [] } : (stop ?? request);
}

/** E24: what would be charged waits at the SMSC. Answers, stops and questions are always taken. */
export function isTooMuch(p: Ports, { destination }: Pick<Mo, 'destination'>, request: Request): boolean {
  if (request.kind !== 'order' || p.overloaded?.() !== true) return false;
  const service = findService(p.catalogue(), destination.digits, request.keyword);
  return service !== undefined && service.charge !== 'free';
}

async function withSender(p: Ports, mo: Mo, msisdn: string, request: Request): Promise<Incoming> {
  const subscriber = await p.subscribers.readSender(msisdn);
  return {
    mo,
    msisdn,
    partition: partitionOfMsisdn(p, msisdn),
    dedupe: { heard: heardFrom(mo, mayHoldCode(subscriber, request)), ...dedupeOf(p, mo, msisdn) },
    subscriber,
    language: subscriber.language ?? p.settings().language,
    now: p.clock.now(),
  };
}

/** E15: whoever has, or lately had, a challenge open may send its code, with whatever words around it. */
export function mayHoldCode({ pending, lately }: Subscriber, { kind }: Request): boolean {
  return kind === 'code' || pending.length > 0 || lately.length > 0;
}

/** A number that LIST shows stops what it numbers; another one is a slip, and no STOP. */
function answerNumbers(p: Ports, incoming: Incoming, request: Request & { readonly kind: 'numbers' }): Promise<Next> {
  const { numbers, word } = request;
  const { subscriptions, numbers: shown } = incoming.subscriber;
  const isShown = subscriptions.some(({ serviceId }) => numbers.includes(shown.get(serviceId) ?? 0));
  return isShown
    ? stopService(p, incoming, { kind: 'stop', words: [word], numbers })
    : answerEnquiry(p, incoming, 'list');
}

/** What was asked for, whichever way it came: consent and charging have this one way. */
export async function actOn(p: Ports, incoming: Incoming, request: Request): Promise<Next> {
  p.note('mo.request', { link: incoming.mo.link, request: request.kind });
  switch (request.kind) {
    case 'order':
      return placeOrder(p, incoming, request);
    case 'complain':
      return complain(p, incoming, request.words);
    case 'again':
      return sendNewCode(p, incoming);
    case 'confirm':
    case 'code':
      return answerChallenge(p, incoming, request);
    case 'refuse':
      return refuseChallenge(p, incoming, request);
    case 'numbers':
      return answerNumbers(p, incoming, request);
    case 'stop':
    case 'stop-all':
      return stopService(p, incoming, request);
    case 'channel':
      return setChannel(p, incoming, request);
    case 'language':
      return setLanguage(p, incoming, request.name);
    case 'list':
    case 'status':
    case 'help':
    case 'empty':
      return answerEnquiry(p, incoming, request.kind);
  }
}
