/** What an OCS offers to whoever started it, and to its HTTP control. */
import type { Accounts } from './accounts.ts';
import type { Sessions } from './charge-session.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { PeerState } from './peer.ts';
import type { RequestLog } from './request-log.ts';
import type { Answered, SessionRequest } from './server-requests.ts';

export interface PeerView {
  /** Its address until the CER came. */
  readonly originHost: string;
  readonly originRealm: string | undefined;
  readonly productName: string | undefined;
  readonly originStateId: number | undefined;
  readonly address: string;
  readonly state: PeerState;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly received: number;
  readonly sent: number;
}

export interface Ocs {
  /** `http` is 0 where there is no control. */
  readonly ports: { readonly diameter: number; readonly http: number };
  readonly accounts: Accounts;
  readonly ledger: Ledger;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly sessions: Sessions;
  /** Minor units of one unit per service; may be changed at any time. */
  readonly tariffs: Map<string, bigint>;
  peers(): readonly PeerView[];
  reauthorize(request: SessionRequest): Promise<Answered>;
  abort(request: SessionRequest): Promise<Answered>;
  /** DPR to the peer of that Origin-Host, then the connection closes. */
  disconnect(originHost: string, cause: number): Promise<Answered>;
  metrics(): string;
  listening(): boolean;
  /** Takes the OCS away: no listener, every connection cut. */
  stopListening(): Promise<void>;
  /** Brings it back on the same port. */
  listen(): Promise<void>;
  /** DPR (REBOOTING) to open peers, DPA awaited for a second at most, everything flushed and closed. */
  close(): Promise<void>;
}
