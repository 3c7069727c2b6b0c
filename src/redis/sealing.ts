import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Octets that Redis keeps and must not be read there: they hold a number, and perhaps a one-time code (E15, E19). */
export interface Sealing {
  /** As base64. */
  seal(octets: Uint8Array): string;
  /** Throws for what another key sealed, or somebody changed. */
  open(sealed: string): Uint8Array;
}

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D 8.2.2: 96 random bits, good for 2^32 texts under one key. */
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/** `key`: 32 octets that live outside Redis. */
export function createSealing(key: Uint8Array): Sealing {
  return {
    seal(octets) {
      const nonce = randomBytes(NONCE_OCTETS);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_OCTETS });
      const text = Buffer.concat([cipher.update(octets), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
    },
    open(sealed) {
      const octets = Buffer.from(sealed, 'base64');
      const text = octets.subarray(NONCE_OCTETS + TAG_OCTETS);
      const nonce = octets.subarray(0, NONCE_OCTETS);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_OCTETS });
      decipher.setAuthTag(octets.subarray(NONCE_OCTETS, NONCE_OCTETS + TAG_OCTETS));
      return new Uint8Array(Buffer.concat([decipher.update(text), decipher.final()]));
    },
  };
}
