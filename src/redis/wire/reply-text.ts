/** Longer texts are hardly ever met again, nor are those that begin with a digit: numbers and codes are not kept. */
const KNOWN_OCTETS = 16;
const LETTER_A = 0x41;
/** ASCII texts by a hash of their octets; one takes another's place. */
const known = new Array<string | undefined>(1024).fill(undefined);

/** Field names and states come with every reply: found by their octets, they are not decoded, and left to the collector, each time. */
export function textAt(bytes: Buffer, at: number, end: number): string {
  if (end - at > KNOWN_OCTETS || (bytes[at] ?? 0) < LETTER_A) return bytes.toString('utf8', at, end);
  const place = placeOf(bytes, at, end);
  const found = known[place];
  if (found !== undefined && isText(found, bytes, at, end)) return found;
  const text = bytes.toString('utf8', at, end);
  // As many UTF-16 units as octets: all of it is ASCII.
  if (text.length === end - at) known[place] = text;
  return text;
}

function placeOf(bytes: Buffer, at: number, end: number): number {
  let hash = end - at;
  for (let octet = at; octet < end; octet++) hash = (hash * 31 + (bytes[octet] ?? 0)) | 0;
  return hash & (known.length - 1);
}

function isText(text: string, bytes: Buffer, at: number, end: number): boolean {
  if (text.length !== end - at) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) !== bytes[at + index]) return false;
  return true;
}
