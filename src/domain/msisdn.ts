import type { Address } from './message.ts';

/** TON of SMPP 3.4 5.2.5. */
const TON = { international: 1, national: 2, alphanumeric: 5 } as const;

const E164 = /^[1-9]\d{6,14}$/;

/**
 * The subscriber's number in E.164 digits (no +), or undefined when the address cannot be one: a short code, an
 * alphanumeric sender, or junk (E20). `countryCode` completes national numbers; one trunk zero is dropped.
 */
export function toE164(address: Address, countryCode: string): string | undefined {
  if (address.ton === TON.alphanumeric) return undefined;
  const digits = completed(address.digits.trim(), address.ton, countryCode);
  return E164.test(digits) ? digits : undefined;
}

function completed(typed: string, ton: number, countryCode: string): string {
  const prefix = /^(?:\+|00)/.exec(typed)?.[0];
  if (prefix !== undefined) return typed.slice(prefix.length);
  if (ton === TON.international) return typed;
  if (ton === TON.national || typed.startsWith('0')) return countryCode + typed.replace(/^0/, '');
  return typed.length >= 10 ? typed : countryCode + typed;
}

/** Shorter than a national number with its country code: a short code, which is never answered. */
export function isShortCode(address: Address): boolean {
  return /^\d{1,6}$/.test(address.digits.trim());
}

/** What logs and pages may show (E19). */
export function lastThree(msisdn: string): string {
  return `…${msisdn.slice(-3)}`;
}
