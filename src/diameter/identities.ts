/** Ids of charges, unique across restarts. */
import type { ChargeIdentity } from '../domain/charge.ts';
import { firstEndToEnd, nextIdentifier, sessionId } from '../domain/ids.ts';

/** Octets as one number, most significant first. */
export function word(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

export interface Identities {
  /** Session-Id, End-to-End id and Event-Timestamp of a new charge under our Origin-Host. */
  readonly fresh: (orderId: string, nowSeconds: number) => ChargeIdentity;
  readonly freshEndToEnd: () => number;
}

/** Session-Ids: high is the process's start, low counts (RFC 6733 8.8). End-to-End ids: RFC 6733 section 3. */
export function createIdentities(
  originHost: string,
  startSeconds: number,
  random: (count: number) => Uint8Array,
): Identities {
  let low = word(random(4));
  let endToEnd = firstEndToEnd(startSeconds, word(random(4)));
  const freshEndToEnd = (): number => (endToEnd = nextIdentifier(endToEnd));
  return {
    freshEndToEnd,
    fresh(orderId, nowSeconds) {
      low = nextIdentifier(low);
      const id = sessionId(originHost, startSeconds, low, orderId);
      return { sessionId: id, requestNumber: 0, endToEnd: freshEndToEnd(), originHost, eventTimestamp: nowSeconds };
    },
  };
}
