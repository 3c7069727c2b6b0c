/** The load's subscribers: one number for each dialogue, `<prefix><eight digits>`, so that octets tell which dialogue. */

/** Digits that differ between subscribers. */
export const DIGITS = 8;
export const SUBSCRIBERS = 10 ** DIGITS;

const ZERO = 0x30;

/** Writes `value` as `count` decimal digits. */
export function putDigits(bytes: Buffer, offset: number, value: number, count: number): void {
  let rest = value;
  for (let at = offset + count - 1; at >= offset; at--) {
    const tenth = Math.floor(rest / 10);
    bytes[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
}

/** The `count` decimal digits at `offset`, or -1 where something else stands there. */
export function readDigits(bytes: Buffer, offset: number, count: number): number {
  let value = 0;
  for (let at = offset; at < offset + count; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The first run of at least `least` digits in `bytes` from `offset` to `end`; undefined when there is none. */
export function findDigits(bytes: Buffer, offset: number, end: number, least: number): string | undefined {
  let run = 0;
  for (let at = offset; at <= end; at++) {
    const digit = at < end ? (bytes[at] ?? 0) - ZERO : -1;
    if (digit >= 0 && digit <= 9) run++;
    else if (run >= least) return bytes.toString('latin1', at - run, at);
    else run = 0;
  }
  return undefined;
}
