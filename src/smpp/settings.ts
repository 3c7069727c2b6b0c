import type { ChannelName } from '../domain/channel.ts';
import type { StatusClass } from './status-classes.ts';
import type { UssdSettings } from './ussd/settings.ts';

/** One SMPP bind as config gives it. Times in milliseconds. */
export interface LinkSettings {
  /** Unique; appears in logs, metrics and orders. */
  readonly name: string;
  /** The SMSC account behind it: links of one SMSC share message ids and receipts. */
  readonly smsc: string;
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  /** The addresses that the bind serves, by which some SMSCs route MOs; unknown and empty when absent (SMPP 3.4 4.1.3). */
  readonly addressTon?: number;
  readonly addressNpi?: number;
  readonly addressRange?: string;
  /** Of texts (SMPP 3.4 5.2.11); the SMSC's default when absent. */
  readonly serviceType?: string;
  /** `trx`, or a transmitter and receiver pair over two connections; `auto` tries trx and falls back. */
  readonly bind: 'trx' | 'tx+rx' | 'auto';
  /** Short codes whose messages may leave here. */
  readonly shortCodes: readonly string[];
  /** What may leave here beside USSD, of which a gateway may carry nothing else; sms and flash when absent. */
  readonly channels?: readonly ChannelName[];
  /** First digits (E.164) of the handsets that this link serves, for which it is chosen before others; absent: all. */
  readonly prefixes?: readonly string[];
  /** Country calling code, digits: completes national MSISDNs. */
  readonly countryCode: string;
  /** What data_coding 0 means at this SMSC. */
  readonly defaultAlphabet: 'gsm7' | 'latin1' | 'ascii';
  /** How long texts are split. */
  readonly split: 'udh8' | 'udh16' | 'sar' | 'payload';
  /** TON and NPI of our source address (the short code) and of handsets. */
  readonly sourceTon: number;
  readonly sourceNpi: number;
  readonly destinationTon: number;
  readonly destinationNpi: number;
  /** Unanswered PDUs at most, counted in parts. */
  readonly window: number;
  readonly responseTimeout: number;
  readonly enquireLinkEvery: number;
  readonly connectTimeout: number;
  readonly reconnectFirst: number;
  readonly reconnectCap: number;
  /** After a refused password: not a storm. */
  readonly badPasswordDelay: number;
  /** Missing parts of a long MO are waited for this long; what there is then may stop or ask, but not order. */
  readonly reassemblyTimeout: number;
  /** Whether submit_sm may carry a validity_period (some SMSCs want it empty). */
  readonly sendValidity: boolean;
  /** How a message id in a receipt relates to the one in submit_sm_resp. */
  readonly receiptId: 'as-is' | 'hex-to-dec' | 'dec-to-hex' | 'strip-zeros' | 'fold-case';
  /** Answers a deliver_sm that shall come again; where absent, 0x58 under pressure and in a drain, and else 0x64. */
  readonly moRetryStatus?: number;
  /** TLV tag in which this SMSC names an MO, or undefined. */
  readonly moIdTlv: number | undefined;
  readonly nagle: boolean;
  /** interface_version of our bind: 0x33, 0x34 or 0x50; 0x34 when absent. A 3.3 link gets no bind_transceiver. */
  readonly interfaceVersion?: 0x33 | 0x34 | 0x50;
  /** National tables (TS 23.038 Annex A) tried before UCS2, where the SMSC passes them: 1 tr, 2 es, 3 pt, 4 to 13 Indic. */
  readonly national?: { readonly language: number; readonly locking: boolean; readonly single: boolean };
  /** Parts that may wait for room in the window; 1000 when absent. */
  readonly queue?: number;
  /** Parts per second at most; no limit but the SMSC's own when absent. */
  readonly rate?: number;
  /** Status codes of this SMSC that mean something else than status-classes.ts says. */
  readonly statusClasses?: ReadonlyMap<number, StatusClass>;
  /** Absent where no USSD is spoken: a turn is junk there. */
  readonly ussd?: UssdSettings;
  readonly tls: TlsSettings | undefined;
  /** Where we listen for this SMSC's outbind; nowhere when absent. */
  readonly outbind?: OutbindSettings;
}

/** Who may call, and where: the SMSC's own system_id and password (SMPP 3.4 4.1.7). */
export interface OutbindSettings {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
}

export interface TlsSettings {
  /** PEM texts. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
}
