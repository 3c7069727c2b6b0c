import type { UssdSession, UssdTurn } from '../../domain/ussd.ts';
import { USSD_OP } from '../../domain/ussd.ts';
import type { Pdu } from '../pdu.ts';
import { cstring, destinationOf, octet, sourceOf, TAG, tlv, userDataOf } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';
import type { Alphabet } from '../text/decode.ts';
import { alphabetOf, decodeText } from '../text/decode.ts';
import { dialledCode } from './code.ts';
import { SESSION_FORMS } from './dialects.ts';
import type { UssdSettings } from './settings.ts';
import { CBS_DEFAULT } from './settings.ts';

/** A turn, or why the PDU is none. */
export type ReadTurn =
  | { readonly kind: 'ussd'; readonly turn: UssdTurn }
  | { readonly kind: 'junk'; readonly why: 'ussd' | 'ussd-op' | 'ussd-session' };

const SERVICE_TYPE = 'USSD';

export function isUssd(pdu: Pdu): boolean {
  return tlv(pdu, TAG.ussdServiceOp) !== undefined || cstring(pdu, 'service_type') === SERVICE_TYPE;
}

/** A link without USSD in its config takes no turns; a turn that names no dialogue is one for the dialect `none` only. */
export function readTurn(pdu: Pdu, settings: LinkSettings): ReadTurn {
  const { ussd } = settings;
  if (ussd === undefined) return junk('ussd');
  const text = textOf(pdu, settings, ussd);
  const event = eventOf(pdu, ussd, text);
  if (event === undefined) return junk('ussd-op');
  const session = sessionOf(pdu, ussd, event);
  if (session === 'unreadable') return junk('ussd-session');
  return { kind: 'ussd', turn: turnOf({ pdu, settings, ussd }, { text, event, session }) };
}

function junk(why: (ReadTurn & { kind: 'junk' })['why']): ReadTurn {
  return { kind: 'junk', why };
}

interface Given {
  readonly pdu: Pdu;
  readonly settings: LinkSettings;
  readonly ussd: UssdSettings;
}

function turnOf(
  { pdu, settings, ussd }: Given,
  { text, event, session }: Pick<UssdTurn, 'text' | 'event' | 'session'>,
): UssdTurn {
  const service = destinationOf(pdu);
  const dialled = codeInText(event, text, ussd) ?? dialledCode(service.digits, ussd.codes);
  const smscId = settings.moIdTlv === undefined ? undefined : tlv(pdu, settings.moIdTlv);
  const bytes = Buffer.concat([Buffer.from([octet(pdu, 'data_coding')]), userDataOf(pdu)]);
  return {
    link: settings.name,
    smsc: settings.smsc,
    countryCode: settings.countryCode,
    source: sourceOf(pdu),
    service,
    event,
    shortCode: dialled?.shortCode,
    inputs: dialled?.inputs ?? [],
    text,
    ...opensBy(pdu, event, text, ussd),
    session,
    ended: session !== undefined && endedBy(session, ussd),
    bytes: bytes.toString('hex'),
    smscId: smscId?.toString('hex'),
    timers: { userTimeout: ussd.userTimeout, answerWithin: ussd.answerWithin },
  };
}

function textOf(pdu: Pdu, { defaultAlphabet }: LinkSettings, ussd: UssdSettings): string {
  const coding = octet(pdu, 'data_coding');
  const data = userDataOf(pdu);
  const alphabet = alphabetHere(coding, defaultAlphabet, ussd);
  const hasLanguage = coding === UCS2_BEHIND_LANGUAGE && coding !== ussd.ucs2Coding;
  const text = decodeText(hasLanguage ? data.subarray(2) : data, alphabet) ?? '';
  return (coding === GSM7_BEHIND_LANGUAGE ? text.replace(LANGUAGE, '') : text).trim();
}

/** TS 23.038 section 5: two letters of the default alphabet in two octets name the language, then the text begins. */
const UCS2_BEHIND_LANGUAGE = 0x11;
/** The same in the default alphabet, with a carriage return; some gateways mean a class 0 text by it, without. */
const GSM7_BEHIND_LANGUAGE = 0x10;
const LANGUAGE = /^[a-z]{2}\r/i;

function alphabetHere(coding: number, defaultAlphabet: LinkSettings['defaultAlphabet'], ussd: UssdSettings): Alphabet {
  if (coding === ussd.ucs2Coding || coding === UCS2_BEHIND_LANGUAGE) return 'ucs2';
  if (coding === CBS_DEFAULT) return 'gsm7';
  const alphabet = coding === ussd.gsm7Coding ? defaultAlphabet : alphabetOf(coding, defaultAlphabet);
  // Nobody types octets: what they are in SMS is a language in the coding of USSD (TS 23.038 section 5), as 2 and 4 are.
  return alphabet === 'octets' ? defaultAlphabet : alphabet;
}

/** Some gateways write the code into the text of a dial, the star left out; in a reply it is an answer. */
function codeInText(event: UssdTurn['event'], text: string, { codes }: UssdSettings): ReturnType<typeof dialledCode> {
  return event === 'dial' || event === 'dial-once' ? dialledCode(text, codes) : undefined;
}

const EVENTS: Readonly<Record<number, UssdTurn['event']>> = {
  [USSD_OP.pssdIndication]: 'dial-once',
  [USSD_OP.pssrIndication]: 'dial',
  [USSD_OP.ussrConfirm]: 'reply',
  [USSD_OP.ussnConfirm]: 'confirm',
};

/** One octet (5.3.2.44); a gateway that names USSD only by the service type leaves it to the text, or where that is empty to its address. */
function eventOf(pdu: Pdu, { abortOp, codes }: UssdSettings, text: string): UssdTurn['event'] | undefined {
  const value = tlv(pdu, TAG.ussdServiceOp);
  if (value === undefined) return isDialled(text === '' ? destinationOf(pdu).digits : text, codes) ? 'dial' : 'reply';
  const [op] = value;
  if (op === undefined || value.length !== 1) return undefined;
  return op === abortOp ? 'abort' : EVENTS[op];
}

/** A bare star is an answer. */
function isDialled(text: string, codes: UssdSettings['codes']): boolean {
  return /^[*#]/.test(text) && dialledCode(text, codes) !== undefined;
}

/** The code in the text of a turn that names no operation, the star left out: whoever is in no dialogue dials it. */
function opensBy(pdu: Pdu, event: UssdTurn['event'], text: string, { codes }: UssdSettings): Pick<UssdTurn, 'opens'> {
  if (event !== 'reply' || tlv(pdu, TAG.ussdServiceOp) !== undefined) return {};
  const opens = dialledCode(text, codes);
  return opens === undefined ? {} : { opens };
}

/** An abort may leave it out: it is of the dialogue that the subscriber has there. */
function sessionOf(
  pdu: Pdu,
  { dialect, tag }: UssdSettings,
  event: UssdTurn['event'],
): UssdSession | 'unreadable' | undefined {
  if (dialect === 'none') return undefined;
  const form = SESSION_FORMS[dialect];
  const where = form.tag ?? tag;
  const value = tlv(pdu, where);
  const [least, most] = form.octets;
  if (value === undefined && event === 'abort') return undefined;
  if (value === undefined || value.length < least || value.length > most) return 'unreadable';
  return { tag: where, value: value.toString('hex'), number: form.number(value) };
}

function endedBy({ value }: UssdSession, { dialect }: UssdSettings): boolean {
  return dialect !== 'none' && SESSION_FORMS[dialect].ended(Buffer.from(value, 'hex'));
}
