import type { Route } from './attempt.ts';
import { boundTo, type CcrRequest } from './ccr-request.ts';

/**
 * The peers that may take a request. Where a session may not move, only its server's peer will do; a server behind a relay is
 * found by its Destination-Host, so that any peer may.
 */
export function holdersOf(routes: readonly Route[], request: CcrRequest): readonly Route[] {
  const host = boundTo(request)?.toLowerCase();
  const direct = host === undefined ? [] : routes.filter((route) => identityOf(route) === host);
  return direct.length === 0 ? routes : direct;
}

/** A peer that this process never reached is who its config says. A DiameterIdentity is a host's name (RFC 6733 4.3.1): case is nothing. */
export function identityOf({ peer, settings }: Route): string | undefined {
  return (peer.originHost ?? settings.identity)?.toLowerCase();
}
