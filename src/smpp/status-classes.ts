import { STATUS } from './pdu.ts';

/**
 * What a command_status in a submit_sm_resp means for the message (numbers: SMPP 3.4 5.1.3 and 5.0 4.7.6). Data, so that
 * a link may override single codes.
 */
export type StatusClass =
  | 'ok'
  /** The bind is too fast (0x58): pause it and put the part back first. */
  | 'throttled'
  /** The destination's queue is full (0x14): this message later, no attempt counted. */
  | 'queue-full'
  | 'temporary'
  /** Something is wrong with the bind, not with the message. */
  | 'session'
  | 'permanent';

/** What may still be mended by doing without one thing, once: a validity, a data_coding, every TLV. */
export type Mending = 'without-validity' | 'as-ucs2' | 'without-tlvs';

const MENDINGS: Readonly<Record<number, Mending>> = {
  0x62: 'without-validity', // ESME_RINVEXPIRY
  0xc1: 'without-tlvs', // ESME_ROPTPARNOTALLWD
  0x104: 'as-ucs2', // ESME_RINVDCS
};

interface Span {
  readonly from: number;
  readonly to: number;
  readonly is: StatusClass;
}

const one = (status: number, is: StatusClass): Span => ({ from: status, to: status, is });

/** First match wins. */
export const STATUS_TABLE: readonly Span[] = [
  one(0x00, 'ok'),
  one(0x58, 'throttled'),
  one(0x14, 'queue-full'),
  one(0x08, 'temporary'), // ESME_RSYSERR
  one(0x45, 'temporary'), // ESME_RSUBMITFAIL
  one(0x64, 'temporary'), // ESME_RX_T_APPN
  one(0xfe, 'temporary'), // ESME_RDELIVERYFAILURE
  one(0xff, 'temporary'), // ESME_RUNKNOWNERR
  one(0x102, 'temporary'), // ESME_RSERTYPUNAVAIL
  { from: 0x400, to: 0x4ff, is: 'temporary' }, // SMSC vendor specific
  { from: 0x02, to: 0x05, is: 'session' }, // RINVCMDLEN, RINVCMDID, RINVBNDSTS, RALYBND
  { from: 0x0d, to: 0x0f, is: 'session' }, // RBINDFAIL, RINVPASWD, RINVSYSID
  one(0x01, 'permanent'), // ESME_RINVMSGLEN
  { from: 0x06, to: 0x07, is: 'permanent' }, // RINVPRTFLG, RINVREGDLVFLG
  { from: 0x0a, to: 0x0c, is: 'permanent' }, // RINVSRCADR, RINVDSTADR, RINVMSGID
  one(0x15, 'permanent'), // ESME_RINVSERTYP
  one(0x43, 'permanent'), // ESME_RINVESMCLASS
  { from: 0x48, to: 0x51, is: 'permanent' }, // source and destination TON, NPI
  { from: 0x53, to: 0x54, is: 'permanent' }, // RINVSYSTYP, RINVREPFLAG
  { from: 0x61, to: 0x63, is: 'permanent' }, // RINVSCHED, RINVEXPIRY, RINVDFTMSGID
  { from: 0x65, to: 0x66, is: 'permanent' }, // RX_P_APPN, RX_R_APPN
  { from: 0xc0, to: 0xc4, is: 'permanent' }, // TLV faults
  { from: 0x100, to: 0x101, is: 'permanent' }, // RSERTYPUNAUTH, RPROHIBITED
  { from: 0x103, to: 0x104, is: 'permanent' }, // RSERTYPDENIED, RINVDCS
];

/** A code that no table knows is temporary: it is retried, bounded by the message's age, rather than dropped. */
export function classOf(status: number, overrides?: ReadonlyMap<number, StatusClass>): StatusClass {
  const own = overrides?.get(status);
  if (own !== undefined) return own;
  return STATUS_TABLE.find((span) => status >= span.from && status <= span.to)?.is ?? 'temporary';
}

export function mendingFor(status: number): Mending | undefined {
  return MENDINGS[status];
}

/**
 * Refused credentials: ESME_RINVPASWD, ESME_RINVSYSID, and ESME_RBINDFAIL, which may mean anything, unless these are `proven`: they
 * have bound before. A wrong password that is tried again and again can lock the account.
 */
export function isPasswordRefusal(status: number, proven: boolean): boolean {
  return status === 0x0e || status === 0x0f || (status === STATUS.bindFailed && !proven);
}

/** Our bind is not what the SMSC takes it for; a nack for one PDU (0x02, 0x03) says nothing of the kind. */
export function isBindFault(status: number): boolean {
  return status === 0x04 || status === 0x05 || isPasswordRefusal(status, false);
}
