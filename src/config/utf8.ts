import { isUtf8 } from 'node:buffer';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** The text, or the line of the first octet that is no UTF-8: read anyway it would reach subscribers as U+FFFD. */
export function utf8Of(octets: Buffer): Result<string, number> {
  return isUtf8(octets) ? ok(octets.toString('utf8')) : fault(badLine(octets));
}

/** No octet of a longer character is a line feed, so that each line can be judged alone. */
function badLine(octets: Buffer): number {
  let line = 1;
  for (let start = 0; start < octets.length; line++) {
    const end = octets.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(octets.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}
