/**
 * The last look at what leaves as a log line: MSISDNs and one-time codes that slipped into a text are masked. Rules and
 * adapters must not put them there in the first place; this is for the day when one does.
 */

/** Ids that we give out keep their digits, each in its own fields and only in its own form. */
const ORDER_OR_TEXT = /^\d{2,4}-(?=\d*[a-z])[0-9a-z]{16,64}(?:-[a-z0-9-]+)?$/;

const IDS: ReadonlyMap<string, RegExp> = new Map([
  // <partition>-<base 32 or hex>[-<step>]; at least one letter, so that it is no number
  ['order', ORDER_OR_TEXT],
  ['mt', ORDER_OR_TEXT],
  ['job', ORDER_OR_TEXT],
  // RFC 6733 8.8
  ['session', /^[a-z0-9.-]+;\d{1,10};\d{1,10}(?:;[a-z0-9-]*)?$/i],
  ['challenge', /^(?=\d*[a-f])[0-9a-f]{32}$/],
]);

/** Longest text of one field. */
const LONGEST = 500;

/** ISO 8601: what an operator writes into a reason, and nobody's number. */
const DAY = String.raw`20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;

/** How people part the digits of one number; an en dash and a no-break space come from what they paste. */
const BETWEEN = String.raw`[\s.()/\p{Pd}]{1,3}`;

/** RFC 791. */
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** What stays as it is: a day, alone or before an hour; an address; an amount. Behind other digits it is a part of a number. */
const KEPT = [
  String.raw`${DAY}(?: (?:[01]\d|2[0-3]))?(?![ -]?\p{Nd})`,
  String.raw`${OCTET}(?:\.${OCTET}){3}(?!\.?\p{Nd})`,
  String.raw`\d{1,5}\.\d\d(?!(?:${BETWEEN})?\p{Nd})`,
].join('|');

/** Any script's digits, seven or more, with a + before them. A day behind some figure is not a part of it. */
const NUMBER = String.raw`(?<!0x[\da-f]*)\+?\p{Nd}(?:(?:${BETWEEN}(?!${DAY}))?\p{Nd}){6,}`;

/** How people part a code, which is not an amount or an address. */
const GAP = String.raw`[\s\p{Pd}]{1,3}`;

/** Six digits that stand alone, in one, by threes, by twos or one by one: a code. */
const SIX = String.raw`\p{Nd}(?:\p{Nd}{5}|\p{Nd}{2}${GAP}\p{Nd}{3}|\p{Nd}(?:${GAP}\p{Nd}{2}){2}|(?:${GAP}\p{Nd}){5})`;
const CODE = String.raw`(?<![\p{L}\p{Nd}])${SIX}(?![\p{L}\p{Nd}])`;

/** The first look saves most of the cost: nothing else begins with a digit or a +. */
const DIGITS = new RegExp(String.raw`(?=[+\p{Nd}])(?:(${KEPT})|${NUMBER}|${CODE})`, 'giu');

/** Of the shortest code. */
const CODE_DIGITS = 6;

/** `challenge.digits` at most. */
const LONGEST_CODE = 10;

/** Above this a number cannot be an identifier of 32 bits: it could be an MSISDN. */
const LARGEST_NUMBER = 2 ** 32;

export function scrubText(text: string): string {
  return holdsNoNumber(text) ? text : text.replace(DIGITS, mask);
}

/** Quick: fewer than six digits in all, and nothing beyond ASCII, whose digits are many. */
function holdsNoNumber(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || (code >= 0x30 && code <= 0x39 && ++digits === CODE_DIGITS)) return false;
  }
  return true;
}

/** What is short enough to be a code is hidden whole; of a longer number the last three digits stay (E19). */
function mask(found: string, kept?: string): string {
  if (kept !== undefined) return kept;
  const digits = found.replaceAll(/\P{Nd}/gu, '');
  return digits.length <= LONGEST_CODE ? '******' : `…${digits.slice(-3)}`;
}

/** The value as it may be logged; undefined for what is no plain value and therefore left out. */
export function scrubField(name: string, value: unknown): string | number | boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value < LARGEST_NUMBER ? value : mask(String(value));
    case 'string':
      return scrubString(name, value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    default:
      return undefined;
  }
}

function scrubString(name: string, value: string): string {
  return IDS.get(name)?.test(value) === true ? value : scrubText(value);
}
