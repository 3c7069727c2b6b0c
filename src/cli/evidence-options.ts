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
  key: { value: 'FILE', does: 'the key that signs heads, or its public half (orderctl evidence key FILE)' },
};

/** undefined where no heads were named. */
export async function headsFrom({ heads, key }: Options): Promise<Result<HeadsToCheck | undefined, ApiFault>> {
  if (heads === undefined && key === undefined) return ok(undefined);
  if (heads === undefined || key === undefined)
    return fault({ kind: 'misuse', text: '--heads DIR and --key FILE go together' });
  // A folder that is not there would be one without a head, and every chain would seem to be tampered with.
  if ((await readdir(heads).catch(() => undefined)) === undefined)
    return fault({ kind: 'misuse', text: `${heads} cannot be read` });
  const publicKey = await publicKeyIn(key);
  return publicKey.ok ? ok({ folder: heads, check: checkWith(publicKey.value) }) : publicKey;
}

export async function publicKeyIn(file: string): Promise<Result<string, ApiFault>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return fault({ kind: 'not-found', text: `${file} cannot be read` });
  const key = publicKeyOf(text.trim());
  return key === undefined
    ? fault({
        kind: 'misuse',
        text: `${file} holds no key: 32 octets or more in hex or base64, or ed25519: and the public ones`,
      })
    : ok(key);
}

/** A private one is written as config takes it. */
function publicKeyOf(text: string): string | undefined {
  const seed = readKey(text);
  return seed === undefined ? readPublicKey(text) : createSigner(seed).publicKey;
}
