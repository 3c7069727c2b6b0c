import type { Address } from '../../domain/address.ts';
import type { Mo, Receipt } from '../../domain/message.ts';
import { toE164 } from '../../domain/msisdn.ts';
import { decodePdu } from '../codec/codec.ts';
import { checkFrame, soundPartOf } from '../guard.ts';
import type { Pdu } from '../pdu.ts';
import { destinationOf, ESM, octet, sourceOf, TAG, tlv, tlvNumber, userDataOf } from '../pdu.ts';
import { isReceipt, readReceipt } from './receipt.ts';
import type { ReadTurn } from '../ussd/turn.ts';
import { isUssd, readTurn } from '../ussd/turn.ts';
import type { LinkSettings } from '../settings.ts';
import type { Alphabet } from '../text/decode.ts';
import { alphabetOf, decodeText } from '../text/decode.ts';
import type { Gsm7Tables } from '../text/gsm7.ts';
import { GSM7 } from '../text/gsm7.ts';
import { tablesFor } from '../text/national.ts';
import type { Concat, UserDataHeader } from '../text/udh.ts';
import { placed, readUdh } from '../text/udh.ts';

/** A part of an MO (mostly its only one): text still in octets, because a multi-byte character may span parts. */
export interface MoPart {
  readonly pdu: Pdu;
  readonly dataCoding: number;
  readonly header: UserDataHeader | undefined;
  /** Undefined for a message in one piece. */
  readonly concat: Concat | undefined;
  /** The text's octets, without header. */
  readonly data: Buffer;
}

/** What a deliver_sm or data_sm is. */
export type Inbound =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  /** A receipt without any message id, or a handset's own acknowledgement: taken, and of no use. */
  | { readonly kind: 'ignored'; readonly why: 'receipt-without-id' | 'sme-acknowledgement' }
  | { readonly kind: 'part'; readonly part: MoPart }
  | ReadTurn
  /** Never a text for us, however often it comes. */
  | { readonly kind: 'junk'; readonly why: 'header' | 'binary' | 'port' };

export function readInbound(pdu: Pdu, settings: LinkSettings): Inbound {
  if (isReceipt(pdu)) {
    const receipt = readReceipt(pdu, settings);
    return receipt === undefined ? { kind: 'ignored', why: 'receipt-without-id' } : { kind: 'receipt', receipt };
  }
  if ((octet(pdu, 'esm_class') & ESM.typeMask) !== 0) return { kind: 'ignored', why: 'sme-acknowledgement' };
  if (isUssd(pdu)) return readTurn(pdu, settings);
  return readPart(pdu, settings);
}

function readPart(pdu: Pdu, settings: LinkSettings): Inbound {
  const data = userDataOf(pdu);
  const udh = (octet(pdu, 'esm_class') & ESM.udh) === 0 ? { header: undefined, rest: data } : readUdh(data);
  if (udh === undefined) return { kind: 'junk', why: 'header' };
  if (isToPort(pdu, udh.header)) return { kind: 'junk', why: 'port' };
  const dataCoding = octet(pdu, 'data_coding');
  if (alphabetOf(dataCoding, settings.defaultAlphabet) === 'octets') return { kind: 'junk', why: 'binary' };
  const concat = wholeIsNoPart(udh.header?.concat ?? sarOf(pdu));
  return { kind: 'part', part: { pdu, dataCoding, header: udh.header, concat, data: udh.rest } };
}

/** SMPP 3.4 5.3.2.21 addresses an application as IE 0x04 and 0x05 do; 0 is no port. */
function isToPort(pdu: Pdu, header: UserDataHeader | undefined): boolean {
  return header?.toPort === true || (tlvNumber(pdu, TAG.destinationPort) ?? 0) !== 0;
}

function wholeIsNoPart(concat: Concat | undefined): Concat | undefined {
  return concat?.total === 1 ? undefined : concat;
}

/** SMPP 3.4 5.3.2.22 to .24: all three or none. */
function sarOf(pdu: Pdu): Concat | undefined {
  const [reference, total, sequence] = [TAG.sarMsgRefNum, TAG.sarTotalSegments, TAG.sarSegmentSeqnum].map((tag) =>
    tlvNumber(pdu, tag),
  );
  if (reference === undefined || total === undefined || sequence === undefined) return undefined;
  return placed(reference, total, sequence);
}

/** The part in a PDU that a store kept; undefined when it is none (it was one when it was put there). */
export function readStoredPart(frame: Buffer, settings: LinkSettings): MoPart | undefined {
  const checked = checkFrame(frame);
  const pdu = checked.ok ? decodePdu(frame, checked.value) : soundPartOf(frame, checked.fault);
  const inbound = pdu && readInbound(pdu, settings);
  return inbound?.kind === 'part' ? inbound.part : undefined;
}

/** What the parts of one long message have in common. */
export function concatKey(part: MoPart, concat: Concat, settings: LinkSettings): string {
  const source = sourceOf(part.pdu);
  const from = toE164(source, settings.countryCode) ?? source.digits;
  return [settings.smsc, from, serviceOf(part.pdu, settings).digits, concat.reference, concat.total].join('/');
}

/** What was texted: some SMSCs write a short code as if it were a number, with a plus or a zero before it. */
function serviceOf(pdu: Pdu, { shortCodes }: LinkSettings): Address {
  const address = destinationOf(pdu);
  const typed = address.digits.trim();
  const forms = [typed, typed.replace(/^\+/, ''), typed.replace(/^\+?0/, ''), typed.replace(/^\+?0*/, '')];
  const code = forms.find((form) => shortCodes.includes(form));
  return code === undefined ? address : { ...address, digits: code };
}

/** The message that the parts, in order and from `first` on, make. `receivedAt` in epoch milliseconds. */
export function moOf(first: MoPart, parts: readonly MoPart[], settings: LinkSettings, receivedAt: number): Mo {
  const data = Buffer.concat(parts.map((part) => part.data));
  const mo: Mo = {
    link: settings.name,
    smsc: settings.smsc,
    countryCode: settings.countryCode,
    source: sourceOf(first.pdu),
    destination: serviceOf(first.pdu, settings),
    text: textOf(parts, settings),
    bytes: Buffer.concat([Buffer.from([first.dataCoding]), data]).toString('hex'),
    concatRef: first.concat?.reference,
    smscId: smscIdOf(first, settings),
    receivedAt,
  };
  return first.concat === undefined && first.header?.mayBePart === true ? { partial: true, ...mo } : mo;
}

/** The SMSC's own id, hex, where the link's config names its TLV. */
export function smscIdOf({ pdu }: MoPart, { moIdTlv }: LinkSettings): string | undefined {
  return moIdTlv === undefined ? undefined : tlv(pdu, moIdTlv)?.toString('hex');
}

/** How the octets of a part are to be read. */
interface Script {
  readonly alphabet: Alphabet;
  readonly tables: Gsm7Tables;
}

/** Parts in a row that are written alike, none missing between them. */
interface Run extends Script {
  readonly data: Buffer[];
  /** What stands before it: a space for parts that are missing, or words would grow together over them. */
  readonly gap: '' | ' ';
}

/** A handset may write each part in another alphabet; those that are alike are read as one, for a character may span them. */
function textOf(parts: readonly MoPart[], { defaultAlphabet }: LinkSettings): string {
  const runs: Run[] = [];
  for (const [index, part] of parts.entries()) {
    const { alphabet, tables } = scriptOf(part, defaultAlphabet);
    const gap = isGap(parts[index - 1]?.concat, part.concat) ? ' ' : '';
    const last = runs.at(-1);
    if (gap === '' && last?.alphabet === alphabet && last.tables === tables) last.data.push(part.data);
    else runs.push({ alphabet, tables, data: [part.data], gap });
  }
  const read = ({ alphabet, tables, data }: Run) => decodeText(Buffer.concat(data), alphabet, tables) ?? '';
  return runs.map((run) => run.gap + read(run)).join('');
}

function scriptOf({ dataCoding, header }: MoPart, defaultAlphabet: LinkSettings['defaultAlphabet']): Script {
  const alphabet = alphabetOf(dataCoding, defaultAlphabet);
  return { alphabet, tables: alphabet === 'gsm7' ? tablesFor(header?.locking, header?.single) : GSM7 };
}

function isGap(before: Concat | undefined, concat: Concat | undefined): boolean {
  return before !== undefined && concat !== undefined && concat.sequence > before.sequence + 1;
}
