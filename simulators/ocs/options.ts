/** Everything an OCS can be told at start, with its defaults. */
import { randomBytes } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { systemClock, type Clock } from './clock.ts';
import { parseCurrency, type Currency } from './money.ts';

export interface OcsOptions {
  /** Address to listen on; default 127.0.0.1. Any address off loopback needs allowRemote. */
  readonly host?: string;
  /** 0 (default): a free one. */
  readonly diameterPort?: number;
  /** Control; 0 (default): a free one; none: no HTTP. */
  readonly httpPort?: number | 'none';
  readonly allowRemote?: boolean;
  /** Default ocs.lab.example. */
  readonly originHost?: string;
  /** Default lab.example. */
  readonly originRealm?: string;
  /** ISO 4217 code, or `ABC:999:2`; default KES. */
  readonly currency?: string;
  /** Minor units of an account at first sight, default 100000; `unknown`: such a subscriber is answered 5030. */
  readonly defaultBalance?: number | 'unknown';
  /** Default true. */
  readonly dedupe?: boolean;
  /** Milliseconds that a request is remembered; default 24 h. */
  readonly dedupeMemoryMs?: number;
  /** Minor units of one counted unit without a tariff; default 1; `unrated`: such a request is answered 5031. */
  readonly unitPrice?: number | 'unrated';
  /** Minor units of one unit, per Service-Identifier, Rating-Group or Service-Context-Id. */
  readonly tariffs?: Readonly<Record<string, number>>;
  /** Seconds of Validity-Time in grants; default 3600. */
  readonly validityTime?: number;
  /** A balance too low for a reservation: refuse with 4012 (default), or grant the rest with Final-Unit-Indication. */
  readonly finalUnits?: 'refuse' | 'rest';
  /** Milliseconds (RFC 3539 Tw); default 30000; 0: no watchdog. */
  readonly watchdogMs?: number;
  /** An AVP with the M bit that the dictionary lacks: 5001 (default) or passed over. */
  readonly unknownMandatory?: 'reject' | 'ignore';
  readonly ledgerFile?: string;
  readonly pcapFile?: string;
  /** One JSON object per event: every message dissected, peers, faults. */
  readonly log?: (event: object) => void;
  /** TLS from the first octet (RFC 6733 section 13.1); with `ca` the peer must show a certificate. */
  readonly tls?: SecureContextOptions;
  readonly clock?: Clock;
  /** For `chance` in fault rules; numbers in [0, 1). */
  readonly random?: () => number;
}

export interface Settings {
  readonly host: string;
  readonly diameterPort: number;
  readonly httpPort: number | undefined;
  readonly originHost: string;
  readonly originRealm: string;
  readonly originStateId: number;
  readonly currency: Currency;
  readonly defaultBalance: bigint | undefined;
  readonly dedupeMemoryMs: number | undefined;
  readonly unitPrice: bigint | undefined;
  readonly tariffs: Map<string, bigint>;
  readonly validityTime: number;
  readonly finalUnits: 'refuse' | 'rest';
  readonly watchdogMs: number;
  readonly unknownMandatory: 'reject' | 'ignore';
  readonly ledgerFile: string | undefined;
  readonly pcapFile: string | undefined;
  readonly log: ((event: object) => void) | undefined;
  readonly tls: SecureContextOptions | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

export const DAY_MS = 86_400_000;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

const DEFAULTS = {
  host: '127.0.0.1',
  diameterPort: 0,
  httpPort: 0,
  allowRemote: false,
  originHost: 'ocs.lab.example',
  originRealm: 'lab.example',
  currency: 'KES',
  defaultBalance: 100_000,
  dedupe: true,
  dedupeMemoryMs: DAY_MS,
  unitPrice: 1,
  tariffs: {} as Readonly<Record<string, number>>,
  validityTime: 3600,
  finalUnits: 'refuse',
  watchdogMs: 30_000,
  unknownMandatory: 'reject',
  clock: systemClock,
  random: () => randomBytes(4).readUInt32BE(0) / 0x1_0000_0000,
} as const;

/** Fills in defaults. Throws an Error that names the option at fault. */
export function settingsOf(options: OcsOptions): Settings {
  const all = { ...DEFAULTS, ledgerFile: undefined, pcapFile: undefined, tls: undefined, log: undefined, ...options };
  const currency = parseCurrency(all.currency);
  if (currency === undefined)
    throw new Error(`currency ${all.currency} is not known; write it as ABC:999:2 (code, ISO 4217 number, decimals)`);
  if (!all.allowRemote && !LOOPBACK.test(all.host)) {
    throw new Error(
      `host ${all.host} is off loopback; the simulator has no access control: say allow-remote if that is meant`,
    );
  }
  return {
    ...all,
    currency,
    httpPort: all.httpPort === 'none' ? undefined : all.httpPort,
    originStateId: Math.floor(all.clock.now() / 1000),
    defaultBalance: all.defaultBalance === 'unknown' ? undefined : BigInt(all.defaultBalance),
    dedupeMemoryMs: all.dedupe ? all.dedupeMemoryMs : undefined,
    unitPrice: all.unitPrice === 'unrated' ? undefined : BigInt(all.unitPrice),
    tariffs: new Map(Object.entries(all.tariffs).map(([service, price]) => [service, BigInt(price)])),
  };
}
