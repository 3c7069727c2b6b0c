import type { Charset } from '../smpp/data-coding.ts';
import type { IdForm } from './message-id.ts';
import type { DialectName } from './ussd-dialects.ts';

export interface Account {
  readonly systemId: string;
  readonly password: string;
}

export const CODE_PLACES = ['short_message', 'destination_addr'] as const;

export interface UssdOptions {
  readonly dialect: DialectName;
  /** Where the dialled code travels. */
  readonly codeIn: (typeof CODE_PLACES)[number];
  /** How long the application may take before the phone gives up. */
  readonly appTimeoutMs: number;
  /** How long the subscriber may take. */
  readonly userTimeoutMs: number;
}

export interface TlsListener {
  /** 0 picks a free port. */
  readonly port: number;
  /** PEM text. */
  readonly cert: string;
  readonly key: string;
}

/** What data_coding 0 may mean at an SMSC. */
export const CHARSETS0 = ['gsm7', 'latin1', 'ascii'] as const satisfies readonly Charset[];

/** When the final receipt leaves, against the submit_sm_resp of the same message. */
export const RECEIPT_TIMINGS = ['after', 'before', 'none'] as const;
export type ReceiptTiming = (typeof RECEIPT_TIMINGS)[number];

export interface SmscOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly smppPort: number;
  /** 0 picks a free port. */
  readonly httpPort: number;
  /** A second SMPP listener, over TLS. */
  readonly tls?: TlsListener | undefined;
  /** SMSC's own system_id in bind responses. */
  readonly systemId: string;
  readonly accounts: readonly Account[];
  /** JSON lines, one per PDU. */
  readonly logFile?: string | undefined;
  readonly pcapFile?: string | undefined;
  /** interface_version spoken here: 0x33, 0x34 or 0x50. */
  readonly version: number;
  readonly receipts: ReceiptTiming;
  /** From the submit to the handset. */
  readonly receiptDelayMs: number;
  readonly respIdForm: IdForm;
  readonly receiptIdForm: IdForm;
  /** submit_sm a second per account; 0 is without limit. Beyond it ESME_RTHROTTLED. */
  readonly submitRate: number;
  /** submit_sm awaiting our response per bind; 0 is without limit. Beyond it ESME_RTHROTTLED. */
  readonly submitWindow: number;
  /** What data_coding 0 means here. */
  readonly charset0: Charset;
  /** Unanswered deliver_sm per bind. */
  readonly window: number;
  readonly ussd: UssdOptions;
  /** Control port of the mail simulator, whose mails the phones show. */
  readonly mailUrl?: string | undefined;
  readonly responseTimeoutMs: number;
  readonly enquireIntervalMs: number;
  /** From the connection to the bind (session_init_timer of SMPP 3.4 section 7.2). */
  readonly bindTimeoutMs: number;
  /** Before a deliver_sm is sent again after a temporary error, silence or a lost bind. */
  readonly retryDelayMs: number;
  /** A deliver_sm is given up when this old. */
  readonly redeliverForMs: number;
  /** Tag of a vendor parameter that carries the SMSC's own id of an MO, the same at each redelivery. */
  readonly moIdTag?: number | undefined;
}

export const DEFAULTS: SmscOptions = {
  host: '127.0.0.1',
  smppPort: 0,
  httpPort: 0,
  systemId: 'SMSC',
  accounts: [{ systemId: 'orderd', password: 'secret' }],
  version: 0x34,
  receipts: 'after',
  receiptDelayMs: 0,
  respIdForm: 'hex',
  receiptIdForm: 'hex',
  submitRate: 0,
  submitWindow: 0,
  charset0: 'gsm7',
  window: 50,
  ussd: { dialect: 'its', codeIn: 'short_message', appTimeoutMs: 30_000, userTimeoutMs: 60_000 },
  responseTimeoutMs: 30_000,
  enquireIntervalMs: 30_000,
  bindTimeoutMs: 10_000,
  retryDelayMs: 1_000,
  redeliverForMs: 600_000,
};
