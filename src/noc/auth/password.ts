import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** RFC 7914: N = 2^15, r = 8, p = 1: 32 MB and about 100 ms a try. */
const COST = { log2N: 15, r: 8, p: 1 } as const;
const KEY_OCTETS = 32;
/** More would not fit into the memory that a try may take. */
const MOST_LOG2N = 16;
const MEMORY = 128 * 1024 * 1024;

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** `scrypt:<log2 N>:<r>:<p>:<salt>:<key>`, the last two in base64url: what stands in config in place of a password. */
const FORM = /^scrypt:(\d{1,2}):(\d{1,2}):(\d{1,2}):([\w-]{16,64}):([\w-]{43})$/;

export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  const { log2N, r, p } = COST;
  const key = await derive(password.normalize('NFKC'), salt, KEY_OCTETS, { N: 2 ** log2N, r, p, maxmem: MEMORY });
  return ['scrypt', log2N, r, p, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** False for a wrong password, and for a line that is no hash. */
export async function isPassword(password: string, line: string): Promise<boolean> {
  const parts = FORM.exec(line)?.slice(1);
  if (parts === undefined) return false;
  const [log2N, r, p] = parts.slice(0, 3).map(Number) as [number, number, number];
  const [salt, key] = parts.slice(3) as [string, string];
  if (log2N > MOST_LOG2N) return false;
  const cost = { N: 2 ** log2N, r, p, maxmem: MEMORY };
  const found = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), KEY_OCTETS, cost);
  return timingSafeEqual(found, Buffer.from(key, 'base64url'));
}
