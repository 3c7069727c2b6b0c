import type { AvpEntry } from './dictionary/dictionary.ts';
import type { Layout } from './layout.ts';
import type { LayoutName } from './layouts.ts';

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
  /** What a CCR carries beside the charge: a ready layout's name or one's own (layout.ts); `none` when undefined. */
  readonly layout?: LayoutName | Layout | undefined;
  /** AVPs that the dictionary lacks, for layouts and answers. */
  readonly avps?: readonly AvpEntry[] | undefined;
  /** Subscription-Ids of a CCR; one E.164 number when undefined (RFC 8506 8.46). */
  readonly subscriptionIds?: readonly SubscriptionIdSettings[] | undefined;
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

export interface SubscriptionIdSettings {
  /** RFC 8506 8.47: 0 E.164, 1 IMSI, 2 SIP URI, 3 NAI, 4 private. */
  readonly type: number;
  /** Text with the placeholders of a layout: `{msisdn}`, `sip:+{msisdn}@ims.example`. */
  readonly data: string;
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
