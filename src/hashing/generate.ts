import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../lib/reason.ts';
import type { HashingKeys } from './hashing.ts';

/** Octets of a generated key: the block of SHA-256's output. */
const KEY_OCTETS = 32;

/**
 * The keys in `folder`, made there on first use (files of mode 0600, hex). For the lab and for a single machine; several
 * processes share one Redis only with the same keys. Rejects when the folder cannot be written or a file is no key.
 */
export async function generateKeys(folder: string): Promise<HashingKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const key = (name: string): Promise<Uint8Array> => keyIn(folder, name);
  const [msisdn, dedupe, evidence] = await Promise.all([key('msisdn'), key('dedupe'), key('evidence')]);
  return { msisdn, dedupe, evidence, currentCode: 'code-1', codes: new Map([['code-1', await key('code-1')]]) };
}

async function keyIn(folder: string, name: string): Promise<Uint8Array> {
  const file = join(folder, name);
  const key = readKey(await readFile(file, 'utf8').catch(() => makeKey(file)));
  if (key === undefined) throw new Refusal(`${file} holds no key of at least ${KEY_OCTETS} octets in hex or base64`);
  return key;
}

/** Written aside and linked into place: of two processes that start at once, one wins and no one reads half a key. */
async function makeKey(file: string): Promise<string> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${randomBytes(KEY_OCTETS).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    await link(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(aside);
  }
  return readFile(file, 'utf8');
}

/** A key as text: hex, else base64; undefined when it is neither or shorter than 32 octets. */
export function readKey(text: string): Uint8Array | undefined {
  const bare = text.trim();
  const octets = /^([0-9a-f]{2})+$/i.test(bare) ? Buffer.from(bare, 'hex') : fromBase64(bare);
  return octets === undefined || octets.length < KEY_OCTETS ? undefined : new Uint8Array(octets);
}

function fromBase64(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
