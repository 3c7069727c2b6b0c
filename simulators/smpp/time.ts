// Dates of SMPP: receipts (appendix B of SMPP 3.4) and absolute or relative times (section 7.1).

const two = (value: number): string => String(value).padStart(2, '0');

/** YYMMDDhhmm in UTC, as the text of a receipt writes it. */
export function receiptDate(at: Date): string {
  const year = two(at.getUTCFullYear() % 100);
  return `${year}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}${two(at.getUTCHours())}${two(at.getUTCMinutes())}`;
}

/** YYMMDDhhmmsstnnp with the offset of UTC, as final_date of query_sm_resp writes it. */
export function absoluteTime(at: Date): string {
  return `${receiptDate(at)}${two(at.getUTCSeconds())}${Math.floor(at.getUTCMilliseconds() / 100)}00+`;
}

const PATTERN = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+\-R])$/;

/** A relative month and year are taken as 30 and 365 days: the standard gives no length. */
function relativeMs(part: (index: number) => number): number {
  const days = part(0) * 365 + part(1) * 30 + part(2);
  return (((days * 24 + part(3)) * 60 + part(4)) * 60 + part(5)) * 1000;
}

function absoluteMs(part: (index: number) => number, sign: string | undefined): number {
  const offset = (sign === '-' ? -1 : 1) * part(7) * 15 * 60_000;
  return Date.UTC(2000 + part(0), part(1) - 1, part(2), part(3), part(4), part(5), part(6) * 100) - offset;
}

/** When the message expires, in ms since the epoch; undefined for the SMSC's default; 'invalid' when it is no SMPP time. */
export function expiryOf(time: string, now: number): number | undefined | 'invalid' {
  if (time === '') return undefined;
  const match = PATTERN.exec(time);
  if (match === null) return 'invalid';
  const part = (index: number): number => Number(match[index + 1]);
  return match[9] === 'R' ? now + relativeMs(part) : absoluteMs(part, match[9]);
}
