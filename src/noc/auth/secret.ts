import { createHash, timingSafeEqual } from 'node:crypto';

/** Hashed first, so that neither the length nor the place of the first difference shows in the time taken. */
export function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
