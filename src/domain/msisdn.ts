import type { Address } from './message.ts';

/** TON of SMPP 3.4 5.2.5. */
const TON = { unknown: 0, international: 1, national: 2, alphanumeric: 5 } as const;

const E164 = /^[1-9]\d{6,14}$/;

/**
 * The subscriber's number in E.164 digits (no +), or undefined when the address cannot be one: a short code, an
 * alphanumeric sender, or junk (E20). `countryCode` completes national numbers; one trunk zero is dropped.
 */
export function toE164(address: Address, countryCode: string): string | undefined {
  if (address.ton === TON.alphanumeric) return undefined;
  const typed = address.digits.trim();
  if (typed.startsWith('+')) return checked(typed.slice(1));
  if (address.ton === TON.international) return checked(typed.replace(/^00/, ''));
  if (address.ton === TON.national) return checked(countryCode + typed.replace(/^0/, ''));
  if (typed.startsWith('00')) return checked(typed.slice(2));
  if (typed.startsWith('0')) return checked(countryCode + typed.slice(1));
  return checked(typed.startsWith(countryCode) && typed.length > 9 ? typed : bareNational(typed, countryCode));
}

function bareNational(digits: string, countryCode: string): string {
  return digits.length >= 10 ? digits : countryCode + digits;
}

/** Shorter than a national number with its country code: a short code, which is never answered. */
export function isShortCode(address: Address): boolean {
  return /^\d{1,6}$/.test(address.digits.trim());
}

function checked(digits: string): string | undefined {
  return E164.test(digits) ? digits : undefined;
}

/** What logs and pages may show (E19). */
export function lastThree(msisdn: string): string {
  return `…${msisdn.slice(-3)}`;
}
