/** Fewest and most digits that a code may have. */
export const CODE_DIGITS = { least: 6, most: 10 } as const;

export type ChallengeKind = 'confirm' | 'otp';

/** What the subscriber must answer. A new code is a new challenge id (E15). */
export interface Challenge {
  /** Random, 128 bits hex: the code derives from it. */
  readonly id: string;
  readonly kind: ChallengeKind;
  /** Names the code key, so that keys rotate. */
  readonly keyId: string;
  readonly maxTries: number;
  /** Epoch milliseconds; the code's own life inside the window (E16). */
  readonly codeEndsAt: number;
  readonly windowEndsAt: number;
  /** When the code was made (epoch ms): another one on request only after a while. */
  readonly issuedAt?: number;
  /** How many codes this order has had, this one included. */
  readonly codes?: number;
  /** Of the code, and how long each lives (milliseconds): frozen with the order. */
  readonly digits?: number;
  readonly codeLife?: number;
  /** A bare YES does not do: YES and the keyword. */
  readonly needsKeyword?: boolean;
}

/** HOTP truncation (RFC 4226 5.3) of a MAC of at least 20 octets to `digits` decimal digits (E15). */
export function truncateToCode(mac: Uint8Array, digits: number): string {
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const byte = (index: number): number => mac[offset + index] ?? 0;
  const number = ((byte(0) & 0x7f) * 2 ** 24 + byte(1) * 2 ** 16 + byte(2) * 2 ** 8 + byte(3)) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/** Compares without telling by its time where the first difference is. */
export function sameCode(left: string, right: string): boolean {
  let difference = left.length ^ right.length;
  for (let i = 0; i < left.length; i++)
    difference |= left.charCodeAt(i) ^ right.charCodeAt(i % Math.max(1, right.length));
  return difference === 0;
}
