import { readdir, readFile } from 'node:fs/promises';
import { readKey } from '../hashing/generate.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { checkWith, createSigner, readPublicKey } from '../outbox/evidence/signing.ts';
import type { HeadsToCheck } from '../outbox/evidence/verify.ts';
import type { ApiFault } from './api.ts';
import type { OptionSpec, Options } from './options.ts';

/** Evidence is read from its files: the commands need no running daemon, and no network. */
export const EVIDENCE: Readonly<Record<'folder', OptionSpec>> = {
  folder: { value: 'DIR', does: 'the evidence files', default: 'var/evidence' },
};

export const HEADS: Readonly<Record<'heads' | 'key', OptionSpec>> = {
  heads: { value: 'DIR', does: 'the signed heads; without them a tail is not proven' },
  key: {
    value: 'FILE',
    does: 'the key that signs heads, or its public half (orderctl evidence key FILE), and each former one on a line of its own',
  },
};

/** undefined where no heads were named. */
export async function headsFrom({ heads, key }: Options): Promise<Result<HeadsToCheck | undefined, ApiFault>> {
  if (heads === undefined && key === undefined) return ok(undefined);
  if (heads === undefined || key === undefined)
    return fault({ kind: 'misuse', text: '--heads DIR and --key FILE go together' });
  // A folder that is not there would be one without a head, and every chain would seem to be tampered with.
  if ((await readdir(heads).catch(() => undefined)) === undefined)
    return fault({ kind: 'misuse', text: `${heads} cannot be read` });
  const publicKeys = await publicKeysIn(key);
  if (!publicKeys.ok) return publicKeys;
  const checks = publicKeys.value.map(checkWith);
  return ok({ folder: heads, check: (head) => checks.some((check) => check(head)) });
}

/** One a line. */
export async function publicKeysIn(file: string): Promise<Result<readonly string[], ApiFault>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return fault({ kind: 'not-found', text: `${file} cannot be read` });
  const lines = text.trim().split(/\s*\n\s*/);
  const keys = lines.map(publicKeyOf).filter((key) => key !== undefined);
  if (keys.length === lines.length) return ok(keys);
  const words = 'no key in it, or on a line of it: 32 octets or more in hex or base64, or ed25519: and the public ones';
  return fault({ kind: 'misuse', text: `${file} has ${words}` });
}

/** A private one is written as config takes it. */
function publicKeyOf(text: string): string | undefined {
  const seed = readKey(text);
  return seed === undefined ? readPublicKey(text) : createSigner(seed).publicKey;
}
