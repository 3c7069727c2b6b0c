import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey } from 'node:crypto';
import type { Hashing } from '../flow/ports/ports.ts';
import { createRecent } from '../lib/recent.ts';

/** Keys of at least 32 octets, kept outside Redis. */
export interface HashingKeys {
  readonly msisdn: Uint8Array;
  readonly dedupe: Uint8Array;
  /** Signs the heads of evidence; no process needs another's. */
  readonly evidence: Uint8Array;
  /** New codes derive from this one; the others stay until their last challenge is over (E15). */
  readonly currentCode: string;
  readonly codes: ReadonlyMap<string, Uint8Array>;
}

/** The Hashing port: HMAC-SHA-256, a key per purpose so that one digest never stands for another. */
export function createHashing(keys: Omit<HashingKeys, 'evidence'>): Hashing {
  const msisdn = createSecretKey(keys.msisdn);
  const dedupe = createSecretKey(keys.dedupe);
  const codes = new Map([...keys.codes].map(([id, key]) => [id, createSecretKey(key)]));
  const recent = remembering((number) => hmac(msisdn, number));
  return {
    mac: (purpose, text) => (purpose === 'msisdn' ? recent(text) : hmac(dedupe, text)),
    codeMac: (keyId, challengeId) => {
      const key = codes.get(keyId);
      return key === undefined ? undefined : hmac(key, challengeId);
    },
    currentCodeKey: keys.currentCode,
  };
}

/** Numbers remembered at once, twice that at most. */
const MOST = 4096;

/** One order asks for the digest of its number a dozen times within milliseconds. */
function remembering(digest: (text: string) => Uint8Array): (text: string) => Uint8Array {
  const recent = createRecent<string, Uint8Array>(MOST);
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const found = digest(text);
    recent.set(text, found);
    return found;
  };
}

/** By way of Latin-1: a Buffer that OpenSSL fills costs more than the digest. */
function hmac(key: KeyObject, text: string): Uint8Array {
  return Buffer.from(createHmac('sha256', key).update(text, 'utf8').digest('binary'), 'binary');
}
