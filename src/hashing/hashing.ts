import { createHmac } from 'node:crypto';
import type { Hashing } from '../flow/ports.ts';

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
  return {
    mac: (purpose, text) => hmac(keys[purpose], text),
    codeMac: (keyId, challengeId) => {
      const key = keys.codes.get(keyId);
      return key === undefined ? undefined : hmac(key, challengeId);
    },
    currentCodeKey: keys.currentCode,
  };
}

function hmac(key: Uint8Array, text: string): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(text, 'utf8').digest());
}
