import type { ChainEnd, Hash } from './chain.ts';

/** How far a file's chain was when it was signed. Kept elsewhere than the file, it shows that a tail was cut off. */
export interface Head extends ChainEnd {
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Where the same instance's file before this one ended: an old head cannot come back once a newer file is there. */
  readonly before: (ChainEnd & { readonly file: string }) | undefined;
  /** When the file was removed because its time of retention was over. */
  readonly removed: string | undefined;
}

export interface SignedHead extends Head {
  /** Names the key: the first 64 bits of the public key's SHA-256, hex. */
  readonly key: string;
  /** Ed25519 (RFC 8032) over `headText`, hex. */
  readonly signature: string;
}

/** What is signed. */
export function headText({ file, count, hash, time, before, removed }: Head): string {
  const last = before === undefined ? null : [before.file, before.count, before.hash];
  return JSON.stringify(['orderd evidence head', file, count, hash, time, last, removed ?? null]);
}

export function keyName(publicKey: string, hash: Hash): string {
  return hash(publicKey).slice(0, 16);
}
