import type { Address } from '../../domain/address.ts';
import type { Receipt, ReceiptState } from '../../domain/message.ts';
import { toE164 } from '../../domain/msisdn.ts';
import type { Pdu } from '../pdu.ts';
import { cstring, destinationOf, ESM, octet, sourceOf, TAG, tlv, tlvNumber, tlvText, userDataOf } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';

/** message_state, SMPP 3.4 5.2.28 (0 and 9: 5.0 4.7.15). A scheduled message is on its way. */
const STATES: Readonly<Record<number, ReceiptState>> = {
  0: 'enroute',
  1: 'enroute',
  2: 'delivered',
  3: 'expired',
  4: 'deleted',
  5: 'undeliverable',
  6: 'accepted',
  7: 'unknown',
  8: 'rejected',
  9: 'skipped',
};

/** The seven letters of Appendix B's stat field, and what peers write instead; compared by their first five. */
const STAT_WORDS: Readonly<Record<string, ReceiptState>> = {
  ENROU: 'enroute',
  BUFFE: 'enroute',
  SCHED: 'enroute',
  DELIV: 'delivered',
  EXPIR: 'expired',
  DELET: 'deleted',
  UNDEL: 'undeliverable',
  FAILE: 'undeliverable',
  ACCEP: 'accepted',
  ACKED: 'accepted',
  UNKNO: 'unknown',
  REJEC: 'rejected',
  SKIPP: 'skipped',
};

/** How Appendix B begins, the counts left out by some: no subscriber writes so. */
const APPENDIX_B = /^id:\S{1,65} (?:sub:\d{1,5} )?(?:dlvrd:\d{1,5} )?submit date:\d{10,14} /i;

/** Its two fields that matter, in whatever form: enough beside a receipted id. */
const ID_AND_STAT = /^\s*id\s*:.*\bstat(?:us)?\s*:/is;

/**
 * esm_class bits 5 to 2 say receipt or intermediate (SMPP 3.4 5.2.12). Some SMSCs forget them, but no handset sends a message_state or
 * Appendix B: taken for an MO it would be answered, and the answer's receipt again, without end.
 */
export function isReceipt(pdu: Pdu): boolean {
  const type = octet(pdu, 'esm_class') & ESM.typeMask;
  if ((type & ESM.receipt) !== 0 || (type & ESM.intermediate) !== 0) return true;
  return type === 0 && (APPENDIX_B.test(wordsOf(pdu)) || tellsOfOne(pdu));
}

/** Some SMSCs name an MO in receipted_message_id too: alone, beside a subscriber's words, it makes no receipt of them. */
function tellsOfOne(pdu: Pdu): boolean {
  if (tlv(pdu, TAG.receiptedMessageId) === undefined) return false;
  const words = wordsOf(pdu);
  return words === '' || tlv(pdu, TAG.messageState) !== undefined || ID_AND_STAT.test(words);
}

/** What a receipt tells: the TLVs first, then the text in any of its known forms; undefined when no id can be found. */
export function readReceipt(pdu: Pdu, settings: LinkSettings): Receipt | undefined {
  const text = readReceiptText(wordsOf(pdu));
  const id = idOf(pdu, text.id, settings.receiptId);
  if (id === undefined) return undefined;
  const byTlv = STATES[tlvNumber(pdu, TAG.messageState) ?? -1];
  return {
    smsc: settings.smsc,
    messageId: id,
    // Some SMSCs leave the addresses as the submit had them.
    msisdn: subscriberAt(sourceOf(pdu), settings) ?? subscriberAt(destinationOf(pdu), settings),
    state: finalOrNot(pdu, byTlv ?? text.state),
    error: networkError(tlv(pdu, TAG.networkErrorCode)) ?? text.error,
  };
}

/** A long short code reads like a number: its receipt would be looked for where that subscriber's texts are. */
function subscriberAt(address: Address, { shortCodes, countryCode }: LinkSettings): string | undefined {
  const bare = bareDigits(address.digits);
  return shortCodes.some((code) => bareDigits(code) === bare) ? undefined : toE164(address, countryCode);
}

function bareDigits(digits: string): string {
  return digits.trim().replace(/^\+?0*/, '');
}

/**
 * The id as submit_sm_resp named it. The TLV repeats that one (SMPP 3.4 5.3.2.12), so where the text's id is another the rule is
 * for the text alone; an SMSC that writes the same in both, or only the TLV, means the rule there too.
 */
function idOf(pdu: Pdu, inText: string | undefined, rule: LinkSettings['receiptId']): string | undefined {
  const inTlv = tlvText(pdu, TAG.receiptedMessageId) ?? '';
  const other = inText ?? cstring(pdu, 'message_id');
  if (inTlv === '') return other === '' ? undefined : receiptedId(other, rule);
  const byRule = receiptedId(inTlv, rule);
  return inText === undefined || byRule === receiptedId(inText, rule) ? byRule : normalId(inTlv, rule);
}

/** A receipt's text is Latin; where an SMSC writes it as UCS2 (SMPP 3.4 5.2.19), each letter has a zero before it. */
function wordsOf(pdu: Pdu): string {
  return userDataOf(pdu).toString('latin1').replaceAll('\0', '');
}

/**
 * An intermediate notification (SMPP 3.4 5.2.12, esm_class 0x20) tells how it goes: the SMSC tries on, whatever the word, and
 * its receipt will tell the end. A receipt with no word at all tells neither that it arrived nor that it did not.
 */
function finalOrNot(pdu: Pdu, state: ReceiptState | undefined): ReceiptState {
  const isIntermediate = (octet(pdu, 'esm_class') & ESM.typeMask & ESM.intermediate) !== 0;
  return isIntermediate && state !== 'delivered' ? 'enroute' : (state ?? 'unknown');
}

/** SMPP 3.4 5.3.2.31: network type, then a code of two octets. */
function networkError(value: Buffer | undefined): string | undefined {
  return value?.length === 3 ? `${value.readUInt8(0)}:${value.readUInt16BE(1)}` : undefined;
}

interface ReceiptText {
  readonly id: string | undefined;
  readonly state: ReceiptState | undefined;
  readonly error: string | undefined;
}

/** Where it is empty the next field follows at once: who names the id in its TLV alone leaves it so. */
const ID_FIELD = /\bid\s*:\s*(?!(?:sub|dlvrd|stat(?:us)?|err)\s*:|(?:submit|done) date\b)([^\s,;]+)/i;

/** Appendix B, read loosely: upper or lower case, fields missing or in any order, spaces around the colon; or a comma list. */
export function readReceiptText(text: string): ReceiptText {
  const beforeText = text.slice(0, 512).replace(/\btext\s*:.*$/is, '');
  const id = ID_FIELD.exec(beforeText)?.[1];
  // A word that nobody knows ("PENDING") ends nothing: what is said again for it may be read twice.
  // Some SMSCs write message_state's number.
  const stat = /\bstat(?:us)?\s*:\s*0*([^\s,;]+)/i.exec(beforeText)?.[1];
  if (id === undefined && stat === undefined) return readCommaList(beforeText);
  return {
    id,
    state: stat === undefined ? undefined : (stateNamed(stat) ?? 'enroute'),
    error: /\berr\s*:\s*([^\s,;]{1,8})/i.exec(beforeText)?.[1],
  };
}

/** `id,…,STATE,…`: the first field is the id when some field behind it is a known state. A number there may as well be a count. */
function readCommaList(text: string): ReceiptText {
  const [id = '', ...fields] = text.split(',').map((field) => field.trim());
  const states = [...fields.map(stateWritten), ...fields.map(stateNumbered)];
  const state = states.find((named) => named !== undefined);
  if (state === undefined || !/^[\w-]{1,64}$/.test(id)) return { id: undefined, state: undefined, error: undefined };
  return { id, state, error: undefined };
}

function stateNamed(word: string): ReceiptState | undefined {
  return stateWritten(word) ?? stateNumbered(word);
}

function stateWritten(word: string): ReceiptState | undefined {
  return STAT_WORDS[word.toUpperCase().slice(0, 5)];
}

function stateNumbered(word: string): ReceiptState | undefined {
  return STATES[/^\d$/.test(word) ? Number(word) : -1];
}

/**
 * The id as submit_sm_resp named it. SMSCs are known to write it in hex there and in decimal in the receipt, or the
 * other way round; an id that does not fit the rule stays as it is.
 */
export function receiptedId(id: string, rule: LinkSettings['receiptId']): string {
  if (rule === 'hex-to-dec') return /^[0-9a-f]{1,32}$/i.test(id) ? BigInt(`0x${id}`).toString(10) : id;
  if (rule === 'dec-to-hex') return /^\d{1,38}$/.test(id) ? BigInt(id).toString(16) : normalId(id, rule);
  return normalId(id, rule);
}

/**
 * The form in which an id of submit_sm_resp is kept, so that a receipt's id by the same rule is equal to it: hex in
 * small letters without leading zeros where the rule converts to hex, and likewise decimal.
 */
export function normalId(id: string, rule: LinkSettings['receiptId']): string {
  switch (rule) {
    case 'as-is':
      return id;
    case 'fold-case':
      return id.toLowerCase();
    case 'strip-zeros':
    case 'hex-to-dec':
      return id.replace(/^0+(?=.)/, '');
    case 'dec-to-hex':
      return id.toLowerCase().replace(/^0+(?=.)/, '');
  }
}
