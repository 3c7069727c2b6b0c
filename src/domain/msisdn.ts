import type { Address } from './address.ts';

/** TON of SMPP 3.4 5.2.5. */
const TON = { international: 1, national: 2, networkSpecific: 3, alphanumeric: 5, abbreviated: 6 } as const;

/** Types of number that name a machine or a service, never a subscriber. */
const MACHINES: readonly number[] = [TON.networkSpecific, TON.alphanumeric, TON.abbreviated];

/** NPI of SMPP 3.4 5.2.6 under which an MSISDN is written: unknown, ISDN (E.164), national. Under 6 (E.212) it is an IMSI. */
const NUMBERING: readonly number[] = [0, 1, 8];

const E164 = /^[1-9]\d{6,14}$/;

/** No national significant number is longer than this where it may come without its type: so long a number is foreign. */
const LONGEST_NATIONAL = 11;

/**
 * Digits of the longest national significant number that may begin like its country's code; a longer one has the code in front. For
 * countries where only the length tells: 27821234567 is no longer than another country's national numbers, and 9198765432 begins
 * with India's code and is national. Indonesia's has 10: its fixed lines of 11 are as long as its shortest complete mobile, and it is
 * mobiles that text. Source: the national numbering plans that ITU-T keeps (E.129, itu.int/oth/T0202), held against the lengths and
 * patterns of libphonenumber-js 1.13.
 */
const LONGEST_OF: ReadonlyMap<string, number> = new Map([
  ['55', 11],
  ...['1', '7', '39', '62', '91', '92'].map((code) => [code, 10] as const),
  ...['20', '27', '31', '32', '33', '34', '40', '41', '46', '48', '51'].map((code) => [code, 9] as const),
  ...['56', '61', '63', '66', '84', '93', '94'].map((code) => [code, 9] as const),
  ...['36', '45', '47', '53', '65', '95', '216', '222', '223', '226', '227', '228'].map((code) => [code, 8] as const),
  ...['253', '257', '266', '267', '268'].map((code) => [code, 8] as const),
]);

/** Fewest digits behind a country code that is not listed there. */
const SHORTEST_NATIONAL = 7;

/**
 * The subscriber's number in E.164 digits (no +), or undefined when the address cannot be one: a short code, an
 * alphanumeric sender, an IMSI, or junk (E20). `countryCode` completes national numbers; one trunk zero is dropped.
 * Without a type of number the home country is assumed, for only its subscribers can be charged here.
 */
export function toE164(address: Address, countryCode: string): string | undefined {
  if (MACHINES.includes(address.ton) || !NUMBERING.includes(address.npi) || isShortCode(address)) return undefined;
  const digits = completed(address.digits.trim(), address.ton, countryCode);
  return E164.test(digits) ? digits : undefined;
}

function completed(typed: string, ton: number, countryCode: string): string {
  const prefix = /^(?:\+|00)/.exec(typed)?.[0];
  if (prefix !== undefined) return typed.slice(prefix.length);
  // No country code begins with 0 (E.164 6.2.1): what does is national, whatever its type says.
  if (ton === TON.international && !typed.startsWith('0')) return typed;
  if (ton === TON.national || typed.startsWith('0')) return ofNational(typed.replace(/^0/, ''), countryCode);
  return isComplete(typed, countryCode) ? typed : countryCode + typed;
}

/** Some SMSCs call complete numbers national: with the country code twice it would be another subscriber, who pays. */
function ofNational(typed: string, countryCode: string): string {
  const longest = LONGEST_OF.get(countryCode) ?? LONGEST_NATIONAL;
  return typed.startsWith(countryCode) && typed.length > longest ? typed : countryCode + typed;
}

/** Without a type: by its length alone, for one that begins like the country may be complete or national. */
function isComplete(typed: string, countryCode: string): boolean {
  const longest = LONGEST_OF.get(countryCode) ?? countryCode.length + SHORTEST_NATIONAL - 1;
  const home = typed.startsWith(countryCode) && typed.length > longest;
  return home || typed.length > LONGEST_NATIONAL;
}

/** Shorter than a national number with its country code: a short code, which is never answered. */
function isShortCode(address: Address): boolean {
  return /^\d{1,6}$/.test(address.digits.trim());
}

/** What logs and pages may show (E19). */
export function lastThree(msisdn: string): string {
  return `…${msisdn.slice(-3)}`;
}
