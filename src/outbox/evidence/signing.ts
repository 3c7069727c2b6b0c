import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Head, SignedHead } from '../../domain/evidence/head.ts';
import { headText, keyName } from '../../domain/evidence/head.ts';

/** SHA-256 over UTF-8, hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** RFC 8410: what stands before the 32 octets of an Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_OCTETS = 32;

export interface HeadSigner {
  sign(head: Head): SignedHead;
  readonly check: HeadCheck;
  /** 32 octets, hex: all that a verifier needs. */
  readonly publicKey: string;
}

/** Whether the head was signed by that key. */
export type HeadCheck = (head: SignedHead) => boolean;

/** `seed`: the private key, 32 octets or more of which the first 32 count (RFC 8032). It lives outside the folders. */
export function createSigner(seed: Uint8Array): HeadSigner {
  const octets = Buffer.concat([PRIVATE_PREFIX, seed.subarray(0, KEY_OCTETS)]);
  const key = createPrivateKey({ key: octets, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_OCTETS).toString('hex');
  return {
    publicKey,
    check: checkWith(publicKey),
    sign: (head) => ({
      ...head,
      key: keyName(publicKey, sha256),
      signature: sign(null, Buffer.from(headText(head)), key).toString('hex'),
    }),
  };
}

/** `publicKey`: 32 octets, hex. */
export function checkWith(publicKey: string): HeadCheck {
  const octets = Buffer.concat([PUBLIC_PREFIX, Buffer.from(publicKey, 'hex')]);
  const key: KeyObject = createPublicKey({ key: octets, format: 'der', type: 'spki' });
  return (head) => verify(null, Buffer.from(headText(head)), key, Buffer.from(head.signature, 'hex'));
}

/** How a public key is written in a file: a private one, in hex or base64, looks otherwise. */
const PUBLIC = 'ed25519:';

export function publicKeyText(publicKey: string): string {
  return `${PUBLIC}${publicKey}`;
}

/** The public key of such a text, 32 octets in hex; undefined when it is none. */
export function readPublicKey(text: string): string | undefined {
  const hex = text.startsWith(PUBLIC) ? text.slice(PUBLIC.length) : '';
  return /^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : undefined;
}
