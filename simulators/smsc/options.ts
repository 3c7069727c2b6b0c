import type { Charset } from '../smpp/data-coding.ts';

export interface Account {
  readonly systemId: string;
  readonly password: string;
}

/** When the final receipt leaves, against the submit_sm_resp of the same message. */
export const RECEIPT_TIMINGS = ['after', 'before', 'none'] as const;
export type ReceiptTiming = (typeof RECEIPT_TIMINGS)[number];

export interface SmscOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly smppPort: number;
  /** 0 picks a free port. */
  readonly httpPort: number;
  /** SMSC's own system_id in bind responses. */
  readonly systemId: string;
  readonly accounts: readonly Account[];
  /** JSON lines, one per PDU. */
  readonly logFile?: string | undefined;
  readonly pcapFile?: string | undefined;
  readonly receipts: ReceiptTiming;
  readonly receiptDelayMs: number;
  /** What data_coding 0 means here. */
  readonly charset0: Charset;
  /** Unanswered deliver_sm per bind. */
  readonly window: number;
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
  receipts: 'after',
  receiptDelayMs: 0,
  charset0: 'gsm7',
  window: 50,
  responseTimeoutMs: 30_000,
  enquireIntervalMs: 30_000,
  bindTimeoutMs: 10_000,
  retryDelayMs: 1_000,
  redeliverForMs: 600_000,
};
