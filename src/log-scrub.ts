/**
 * The last look at what leaves as a log line: MSISDNs and one-time codes that slipped into a text are masked. Rules and
 * adapters must not put them there in the first place; this is for the day when one does.
 */

/** Names of things, given out by us or by a peer: they keep their digits unless they are nothing but digits. */
const ID_FIELDS: ReadonlySet<string> = new Set([
  'order',
  'mt',
  'session',
  'challenge',
  'link',
  'peer',
  'smsc',
  'provider',
  'service',
  'job',
  'queue',
  'entry',
  'status',
]);

/** Longest text of one field. */
const LONGEST = 500;

/** Any script's digits, seven or more, with a + before them and blanks or dashes between them: how people write numbers. */
const NUMBER = /(?<!0x[\da-f]*)\+?\p{Nd}(?:[ -]?\p{Nd}){6,}/giu;

/** Six digits that stand alone: a code. */
const CODE = /(?<![\p{L}\p{Nd}])\p{Nd}{6}(?![\p{L}\p{Nd}])/gu;

/** Above this a number cannot be an identifier of 32 bits: it could be an MSISDN. */
const LARGEST_NUMBER = 2 ** 32;

export function scrubText(text: string): string {
  return text.replace(NUMBER, mask).replace(CODE, '******');
}

function mask(digits: string): string {
  return `…${digits.slice(-3)}`;
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
  const isName = ID_FIELDS.has(name) && !/^\+?[\p{Nd} -]+$/u.test(value);
  return isName ? value : scrubText(value);
}
