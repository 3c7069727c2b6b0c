import { BlockList, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isCallingCode } from '../domain/msisdn.ts';
import { CURRENCIES } from '../domain/money.ts';
import type { Money } from '../domain/money.ts';

/**
 * Kinds of config values. Each carries `expected`: what a fault tells the reader to write. `secret` marks values whose
 * text is never shown.
 */
function hint(expected: string): { expected: string } {
  return { expected };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Milliseconds of `30s`, `5m`, `24h`; NaN for anything else. */
export function durationMs(text: string): number {
  const [, digits = '', unit = ''] = DURATION.exec(text) ?? [];
  return Number(digits) * (UNIT_MS[unit] ?? Number.NaN);
}

/** A duration as text, bounded; read as milliseconds. */
export function duration(least: string, most: string) {
  return z
    .string()
    .refine((text) => durationMs(text) >= durationMs(least) && durationMs(text) <= durationMs(most))
    .transform(durationMs)
    .meta(hint(`a duration from ${least} to ${most}, such as 30s, 5m or 24h`));
}

export function whole(least: number, most: number) {
  return z
    .int()
    .min(least)
    .max(most)
    .meta(hint(`a whole number from ${least} to ${most}`));
}

export function text(most: number, what = 'text') {
  return z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !/\p{Cc}/u.test(value))
    .meta(hint(`${what} of 1 to ${most} characters`));
}

/** A C-octet string of SMPP 3.4 2.7: another character would leave as another octet. */
export function ascii(most: number, what: string) {
  return z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .max(most)
    .meta(hint(`${what} of 1 to ${most} ASCII characters`));
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names).meta(hint(`one of ${names.join(', ')}`));
}

export function yesNo() {
  return z.boolean().meta(hint('true or false'));
}

/** A name that appears in logs, metrics and keys. */
export function name() {
  return z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/i)
    .meta(hint('a name of 1 to 64 letters, digits, dots, dashes or underscores'));
}

/** Without its port, which is a key of its own: with it the name is one that nobody finds. */
export function host() {
  return z
    .string()
    .regex(/^[a-z0-9:](?:[a-z0-9.:-]{0,252}[a-z0-9:])?$/i)
    .refine((value) => !value.includes(':') || isIPv6(value))
    .meta(hint('a host name or an IP address, without a port'));
}

/** Where IPv6 keeps all of IPv4 (::ffff:0:0/96, RFC 4291 2.5.5.2) and other addresses that stand for themselves. */
const RESERVED = new BlockList();
RESERVED.addSubnet('::', 8, 'ipv6');

/** An IP address, or a network of some with the length of its prefix (RFC 4632 3.1); none that holds nearly everybody. */
export function network() {
  return z
    .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
    .refine((value) => {
      const [address = '', prefix] = value.split('/');
      return prefix === undefined || (Number(prefix) >= 8 && !(isIPv6(address) && RESERVED.check(address, 'ipv6')));
    })
    .meta(hint('an IP address, or a network such as 10.0.0.0/24'));
}

/** RFC 6733 4.3.1: a fully qualified domain name. */
export function diameterIdentity() {
  return z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/i)
    .meta(hint('a DiameterIdentity such as orderd-1.example.net'));
}

export function port() {
  return whole(1, 65_535);
}

export function shortCode() {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .meta(hint("a short code of 1 to 15 digits in quotes, such as '5000'"));
}

export function countryCode() {
  return z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .refine(isCallingCode)
    .meta(hint("a country calling code of 1 to 3 digits in quotes, such as '254'"));
}

const PRICE = /^([A-Z]{3}) (\d{1,12})(?:\.(\d{1,3}))?$/;

/** `KES 5.00` as money; undefined when the currency or its number of decimals is not known. */
export function parsePrice(value: string): Money | undefined {
  const [, currency = '', units = '', fraction = ''] = PRICE.exec(value) ?? [];
  const known = CURRENCIES[currency];
  if (known === undefined || fraction.length !== known.decimals) return undefined;
  return { minor: Number(units + fraction), currency, decimals: known.decimals };
}

export function price() {
  return z
    .string()
    .transform((value, context): Money => {
      const money = parsePrice(value);
      if (money !== undefined && Number.isSafeInteger(money.minor)) return money;
      context.addIssue({ code: 'custom' });
      return z.NEVER;
    })
    .meta(hint('an ISO 4217 currency and an amount with all its decimals, such as KES 5.00 or JPY 500'));
}

export function currency() {
  return z
    .string()
    .refine((value) => CURRENCIES[value] !== undefined)
    .meta(hint(`a currency: one of ${Object.keys(CURRENCIES).join(', ')}`));
}

/** A secret: as text, or where it is to be read from; `resolveSecrets` has put the text in its place before this runs. */
export function secret(what: string) {
  const place = z.string().min(1).max(4096);
  return z
    .union([
      z.string().min(1).max(65_536),
      z.strictObject({ file: place }),
      z.strictObject({ env: place }),
      z.strictObject({ credential: place }),
    ])
    .transform((given) => (typeof given === 'string' ? given : ''))
    .meta({ expected: `${what}, or { file: PATH }, { env: NAME } or { credential: NAME }`, secret: true });
}

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** `22:30`, read as minutes since midnight. */
export function timeOfDay() {
  return z
    .string()
    .regex(TIME_OF_DAY)
    .transform((value) => {
      const [, hour = '0', minute = '0'] = TIME_OF_DAY.exec(value) ?? [];
      return Number(hour) * 60 + Number(minute);
    })
    .meta(hint("a time of the day in quotes, such as '22:30'"));
}

/** A zone that this machine's time zone data knows. */
export function timeZone() {
  return z
    .string()
    .refine((zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
      } catch {
        return false;
      }
    })
    .meta(hint('an IANA time zone, such as Africa/Nairobi'));
}
