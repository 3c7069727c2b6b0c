import { parsePhoneNumberFromString as parsed, type PhoneNumber } from 'libphonenumber-js/max';
import type { Address } from './address.ts';

/** TON of SMPP 3.4 5.2.5. */
const TON = { international: 1, national: 2, networkSpecific: 3, alphanumeric: 5, abbreviated: 6 } as const;

/** Types of number that name a machine or a service, never a subscriber. */
const MACHINES: readonly number[] = [TON.alphanumeric, TON.abbreviated];

/** NPI of SMPP 3.4 5.2.6 under which an MSISDN is written: unknown, ISDN (E.164), national. Under 6 (E.212) it is an IMSI. */
const NUMBERING: readonly number[] = [0, 1, 8];
const E164_PLAN = 1;

const E164 = /^[1-9]\d{6,14}$/;

/**
 * The subscriber's number in E.164 digits (no +), or undefined when the address cannot be one: a short code, an
 * alphanumeric sender, an IMSI, or junk (E20). `countryCode` completes national numbers, whose trunk prefix is dropped.
 * Without a type of number the home country is assumed, for only its subscribers can be charged here.
 */
export function toE164(address: Address, countryCode: string): string | undefined {
  if (MACHINES.includes(address.ton) || !NUMBERING.includes(address.npi) || isShortCode(address)) return undefined;
  const digits = completed(address.digits.trim(), address.ton, countryCode);
  if (address.ton === TON.networkSpecific && !isMobileAllTheSame(address, digits)) return undefined;
  return E164.test(digits) ? digits : undefined;
}

/** A network-specific number names a machine as well, unless it is said to be E.164 and is a mobile: osmo-msc writes MSISDNs so. */
function isMobileAllTheSame({ npi }: Address, digits: string): boolean {
  return npi === E164_PLAN && isMobile(parsed(`+${digits}`));
}

function completed(typed: string, ton: number, countryCode: string): string {
  const prefix = /^(?:\+|00)/.exec(typed)?.[0];
  if (prefix !== undefined) return typed.slice(prefix.length);
  // No country code begins with 0 (E.164 6.2.1): what does is national, whatever its type says.
  if (ton === TON.international && !typed.startsWith('0')) return typed;
  return /^\d+$/.test(typed) ? ofPlan(typed, countryCode) : typed;
}

/**
 * By the numbering plan of the country: what begins like its code may be complete or national, and with the code twice it would be
 * another subscriber, who pays. Some SMSCs call complete numbers national, so the type does not tell; of two readings that the plan
 * has, the mobile is the one that texts. A number of a range too new for the plan is taken for national.
 */
function ofPlan(typed: string, countryCode: string): string {
  const bare = typed.replace(/^0/, '');
  const national = parsed(typed, { defaultCallingCode: countryCode });
  const fits = national?.isPossible() === true;
  const complete = !fits || bare.startsWith(countryCode) ? parsed(`+${bare}`) : undefined;
  const known = [national, complete].filter((reading) => reading?.isValid());
  return (known.find(isMobile) ?? known[0] ?? national)?.number.slice(1) ?? countryCode + bare;
}

function isMobile(reading: PhoneNumber | undefined): boolean {
  return /MOBILE/.test(reading?.getType() ?? '');
}

/** Shorter than a national number with its country code: a short code, which is never answered. */
function isShortCode(address: Address): boolean {
  return /^\d{1,6}$/.test(address.digits.trim());
}

/** Whether a country, or a network without one (E.164 6.2.2), has this calling code. */
export function isCallingCode(digits: string): boolean {
  return parsed(`+${digits}22222222`)?.countryCallingCode === digits;
}

/** What logs and pages may show (E19). */
export function lastThree(msisdn: string): string {
  return `…${msisdn.slice(-3)}`;
}
