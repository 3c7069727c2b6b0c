import type { ChargeAction, ChargeRequest } from '../domain/charge.ts';

/** `update` is ours alone: the CCR-U that a Re-Auth-Request asks for (RFC 8506 5.5). */
export type CcrAction = ChargeAction | 'update';

export interface CcrRequest extends Omit<ChargeRequest, 'action'> {
  readonly action: CcrAction;
}

/**
 * The server that holds a request's session and no other may answer for it: CC-Session-Failover is not supported unless
 * the server said so (RFC 8506 8.4, 5.7). Undefined for a request that any server may take.
 */
export function boundTo({ session }: CcrRequest): string | undefined {
  return session?.sessionFailover === true ? undefined : session?.host;
}
