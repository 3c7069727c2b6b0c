import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** RFC 7914: N = 2^15, r = 8, p = 1: 32 MB and about 100 ms a try. */
const COST = { log2N: 15, r: 8, p: 1 } as const;
const KEY_OCTETS = 32;
/** Octets that a try may take. */
const MEMORY = 128 * 1024 * 1024;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** `scrypt:<log2 N>:<r>:<p>:<salt>:<key>`, the last two in base64url: what stands in config in place of a password. */
const FORM = /^scrypt:(\d{1,2}):(\d{1,2}):(\d{1,2}):([\w-]{16,64}):([\w-]{43})$/;

export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const { log2N, r, p } = COST;
  const key = await derive(password.normalize('NFKC'), salt, KEY_OCTETS, { N: 2 ** log2N, r, p, maxmem: MEMORY });
  return ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** What stands in such a line. */
interface Hashed {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** undefined for a line that is no hash, or whose parameters no try could take (RFC 7914 2). */
export function passwordLine(line: string): Hashed | undefined {
  const parts = FORM.exec(line)?.slice(1);
  if (parts === undefined) return undefined;
  const [log2N, r, p] = parts.slice(0, 3).map(Number) as [number, number, number];
  const [salt, key] = parts.slice(3).map((text) => Buffer.from(text, 'base64url')) as [Buffer, Buffer];
  const N = 2 ** log2N;
  // As OpenSSL counts: p blocks and N + 2 more, of 128 r octets each.
  if (Math.min(log2N, r, p) < 1 || log2N >= 16 * r || 128 * r * (p + N + 2) > MEMORY) return undefined;
  return { cost: { N, r, p, maxmem: MEMORY }, salt, key };
}

/** False for a wrong password, and for a line that is no hash. */
export async function isPassword(password: string, line: string): Promise<boolean> {
  const hashed = passwordLine(line);
  if (hashed === undefined) return false;
  const found = await derive(password.normalize('NFKC'), hashed.salt, KEY_OCTETS, hashed.cost);
  return timingSafeEqual(found, hashed.key);
}
