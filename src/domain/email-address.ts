/** RFC 5322 3.2.3 dot-atom, without quoted strings: what can be typed on a handset and means the same everywhere. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
/** RFC 1123 2.1 host name of at least two labels; the last one is no number. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** RFC 5321 4.5.3.1. */
const LONGEST_LOCAL = 64;
const LONGEST = 254;

/** How people set an address apart in a text, of any script; behind it all but what may yet belong to a host name. */
const AROUND = /^[<([{"'“”‘’«»‹›„‚:;,¡¿]+|(?:>|[^\P{P}_-])+$/gu;

/** Marks of direction, which handsets put around Latin letters in a text from right to left, and all else that is not seen. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** The address as it may be written to, its domain in lower case; undefined for what is none. */
export function emailAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  const fits = at > 0 && local.length <= LONGEST_LOCAL && text.length <= LONGEST;
  return fits && LOCAL.test(local) && DOMAIN.test(domain) ? `${local}@${domain.toLowerCase()}` : undefined;
}

/** The first email address of a message, as it was typed (the part before the @ may tell capitals from small letters). */
export function addressIn(text: string): string | undefined {
  for (const word of text.normalize('NFKC').replace(INVISIBLE, '').split(/\s+/u)) {
    const found = word.includes('@') ? emailAddress(word.replace(AROUND, '').replace(/^mailto:/i, '')) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
