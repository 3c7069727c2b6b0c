/** The Diameter node that this process is. Times in milliseconds. */
export interface NodeSettings {
  /** DiameterIdentity, unique per process. */
  readonly originHost: string;
  readonly originRealm: string;
  readonly destinationRealm: string;
  /** Learnt from the peer when undefined and not needed. */
  readonly destinationHost: string | undefined;
  readonly productName: string;
  readonly vendorId: number;
  readonly serviceContextId: string;
  /** Where the requested units stand in a CCR. */
  readonly units: 'top-level' | 'mscc';
  /** RFC 8506 section 13: 10 s. */
  readonly tx: number;
  /** How long an answer is still recognised after Tx: 120 s. */
  readonly requestTimeout: number;
  /** Unanswered CCRs at most. */
  readonly inflight: number;
  /** An unknown AVP with the M bit in an answer: keep the answer and alarm, or treat the answer as failed. */
  readonly unknownMandatory: 'tolerate' | 'strict';
  readonly peers: readonly PeerSettings[];
}

export interface PeerSettings {
  /** Unique; appears in logs and metrics. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Lower is tried first. */
  readonly priority: number;
  /** Share of the traffic among open peers of one priority, 1 or more; 1 when undefined. */
  readonly weight?: number | undefined;
  /** Expected Origin-Host of the CEA, or undefined for any. */
  readonly identity: string | undefined;
  /** RFC 3539 3.4.1 Tw: 30 s, floor 6 s, jitter of 2 s either way. */
  readonly tw: number;
  /** RFC 6733 section 12: 30 s. */
  readonly tc: number;
  readonly connectTimeout: number;
  readonly nagle: boolean;
  readonly tls:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
        readonly serverName: string | undefined;
      }
    | undefined;
}
