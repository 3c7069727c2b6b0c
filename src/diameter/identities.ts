/** Ids of charges, unique across restarts. */
import type { ChargeIdentity } from '../domain/charge.ts';
import { firstEndToEnd, nextIdentifier, sessionId } from '../domain/ids.ts';
import { createRecent } from '../lib/recent.ts';

/** More than charges of other processes are resent by this one at a time. */
const ADOPTED = 10_000;

/** Octets as one number, most significant first. */
export function word(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

export interface Identities {
  /** Session-Id, End-to-End id and Event-Timestamp of a new charge under our Origin-Host. */
  readonly fresh: (orderId: string, nowSeconds: number) => ChargeIdentity;
  readonly freshEndToEnd: () => number;
  /**
   * The charge of another process as this one sends it (E2). Each of its resends has the same End-to-End id, by which the OCS
   * and its agents know them as one (RFC 6733 5.5.4).
   */
  readonly adopt: (identity: ChargeIdentity) => ChargeIdentity;
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
  const adopted = createRecent<string, number>(ADOPTED);
  const endToEndOf = (key: string): number => {
    const id = adopted.get(key) ?? freshEndToEnd();
    adopted.set(key, id);
    return id;
  };
  return {
    freshEndToEnd,
    adopt(identity) {
      if (identity.originHost === originHost) return identity;
      const key = `${identity.requestNumber} ${identity.sessionId}`;
      return { ...identity, originHost, endToEnd: endToEndOf(key) };
    },
    fresh(orderId, nowSeconds) {
      low = nextIdentifier(low);
      const id = sessionId(originHost, startSeconds, low, orderId);
      return { sessionId: id, requestNumber: 0, endToEnd: freshEndToEnd(), originHost, eventTimestamp: nowSeconds };
    },
  };
}
