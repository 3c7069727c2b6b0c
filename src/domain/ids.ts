/** Crockford's alphabet, as character codes: what is put together text by text stays a tree of parts in V8, for as long as it is kept. */
const CROCKFORD = codesOf('0123456789abcdefghjkmnpqrstvwxyz');
const HEX = codesOf('0123456789abcdef');

function codesOf(alphabet: string): readonly number[] {
  return Array.from(alphabet, (digit) => digit.charCodeAt(0));
}

/** `width` base-32 digits (Crockford's alphabet) of a whole number. */
export function base32(value: number, width: number): string {
  return String.fromCharCode(...base32Codes(value, width));
}

function base32Codes(value: number, width: number): number[] {
  const codes = new Array<number>(width);
  let rest = value;
  for (let at = width - 1; at >= 0; at--) {
    codes[at] = CROCKFORD[rest % 32] ?? 0;
    rest = Math.floor(rest / 32);
  }
  return codes;
}

/**
 * `<partition as 2+ digits>-<time><random>`: sorts by time within a partition, holds no ":" and is no plain integer, as
 * BullMQ job ids demand. The partition is part of the id (E22), so that any process finds the order's keys.
 */
export function orderId(partition: number, now: number, random: Uint8Array): string {
  const codes = base32Codes(now, 9);
  for (const byte of random.subarray(0, 10)) codes.push(CROCKFORD[byte % 32] ?? 0);
  return `${partitionTag(partition)}-${String.fromCharCode(...codes)}`;
}

/** The order of a subscription's period (E11): the order that brought the subscription, and the period's number. */
export function renewalId(subscriptionId: string, period: number): string {
  return `${subscriptionId}-r${period}`;
}

/** The order that brought the subscription which this order began or renews. */
export function subscriptionId(orderId: string): string {
  return isRenewalId(orderId) ? orderId.slice(0, orderId.lastIndexOf('-')) : orderId;
}

export function isRenewalId(id: string): boolean {
  return /^\d+-[^-]+-r\d+$/.test(id);
}

/** Each is read again and again by every sweep, whoever has orders there. */
export const MOST_PARTITIONS = 1024;

export function partitionTag(partition: number): string {
  return String(partition).padStart(2, '0');
}

/** The partition of an order or MT id; NaN for a text that is neither. */
export function partitionOf(id: string): number {
  return /^\d{2,}-/.test(id) ? Number.parseInt(id, 10) : Number.NaN;
}

/** A subscriber's partition: the first 32 bits of the number's HMAC over the count. */
export function partitionOfHash(hash: Uint8Array, partitions: number): number {
  const word = (hash[0] ?? 0) * 2 ** 24 + (hash[1] ?? 0) * 2 ** 16 + (hash[2] ?? 0) * 2 ** 8 + (hash[3] ?? 0);
  return word % partitions;
}

/** RFC 6733 8.8: `<DiameterIdentity>;<high 32 bits>;<low 32 bits>;<optional value>`. */
export function sessionId(originHost: string, high: number, low: number, optional: string): string {
  return `${originHost};${high >>> 0};${low >>> 0};${optional}`;
}

/** RFC 6733 3: high 12 bits from the clock at start, low 20 from chance; it then counts up, so it is unique across restarts. */
export function firstEndToEnd(nowSeconds: number, random: number): number {
  return (((nowSeconds & 0xfff) << 20) | (random & 0xfffff)) >>> 0;
}

/** The next 32-bit identifier after `id`. */
export function nextIdentifier(id: number): number {
  return (id + 1) >>> 0;
}

/** Octets that are spelled at once: arguments of one call are limited, and what is longer comes from others. */
const AT_ONCE = 64;

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += AT_ONCE) text += hexOf(bytes.subarray(from, from + AT_ONCE));
  return text;
}

function hexOf(bytes: Uint8Array): string {
  const codes = new Array<number>(bytes.length * 2);
  let at = 0;
  for (const byte of bytes) {
    codes[at++] = HEX[byte >> 4] ?? 0;
    codes[at++] = HEX[byte & 15] ?? 0;
  }
  return String.fromCharCode(...codes);
}
