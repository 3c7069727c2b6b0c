import type { Table } from '../lib/fsm.ts';
import type { Address } from './address.ts';

/** ussd_service_op (SMPP 3.4 5.3.2.44), in decimal as the section writes it: "17" read as hex is another operation. */
export const USSD_OP = {
  pssdIndication: 0,
  pssrIndication: 1,
  ussrRequest: 2,
  ussnRequest: 3,
  pssdResponse: 16,
  pssrResponse: 17,
  ussrConfirm: 18,
  ussnConfirm: 19,
} as const;

/** Who began a dialogue: the subscriber, from a phone that can be answered once only (3GPP TS 24.090 phase 1), or we. */
export type DialogueKind = 'opened' | 'single' | 'pushed';

export type DialogueState = 'idle' | 'awaiting-app' | 'awaiting-user' | 'awaiting-confirm' | 'released';

export type DialogueEvent =
  'dial' | 'ask' | 'notify' | 'finish' | 'reply' | 'confirm' | 'abort' | 'time' | 'superseded' | 'failed';

const ends = { abort: { to: 'released' }, time: { to: 'released' }, superseded: { to: 'released' }, failed: { to: 'released' } } as const; // prettier-ignore

/** One dialogue (3GPP TS 23.090 sections 6 and 7; SMPP 3.4 5.3.2.44). Whatever the table leaves out is refused. */
export const DIALOGUE_TABLE: Table<DialogueState, DialogueEvent> = {
  idle: {
    dial: { to: 'awaiting-app' }, // PSSR indication (1), or PSSD indication (0)
    ask: { to: 'awaiting-user' }, // we push a USSR request (2)
    notify: { to: 'awaiting-confirm' }, // we push a USSN request (3)
  },
  'awaiting-app': {
    ask: { to: 'awaiting-user' }, // USSR request (2)
    finish: { to: 'released' }, // PSSR response (17), or PSSD response (16): only what the subscriber opened
    notify: { to: 'awaiting-confirm' }, // USSN request (3): the last word of what we pushed
    ...ends,
  },
  'awaiting-user': { reply: { to: 'awaiting-app' }, ...ends }, // USSR confirm (18)
  'awaiting-confirm': { confirm: { to: 'released' }, ...ends }, // USSN confirm (19)
  released: {},
};

interface Saying {
  readonly event: 'ask' | 'finish' | 'notify';
  readonly op: number;
}

const ASK: Saying = { event: 'ask', op: USSD_OP.ussrRequest };
const NOTIFY: Saying = { event: 'notify', op: USSD_OP.ussnRequest };

/** How a dialogue of each kind is spoken in: 17 is wrong for what we pushed, and a phase 1 phone cannot be asked. */
export const SAYINGS: Readonly<Record<DialogueKind, { readonly ask: Saying | undefined; readonly last: Saying }>> = {
  opened: { ask: ASK, last: { event: 'finish', op: USSD_OP.pssrResponse } },
  single: { ask: undefined, last: { event: 'finish', op: USSD_OP.pssdResponse } },
  pushed: { ask: ASK, last: NOTIFY },
};

/** How a gateway names a dialogue, as it came: our PDUs carry the same octets back. */
export interface UssdSession {
  readonly tag: number;
  /** The TLV's value, hex. */
  readonly value: string;
  /** What of it stays the same for the whole dialogue. */
  readonly number: number;
}

/** The timers of a link's gateway, milliseconds. */
export interface UssdTimers {
  /** The subscriber may think this long; the gateway's own timer mostly ends it sooner. */
  readonly userTimeout: number;
  /** The gateway waits this long for us. */
  readonly answerWithin: number;
}

/** What was dialled: a code that the link knows, and what followed it. */
export interface Dialled {
  readonly shortCode: string;
  readonly inputs: readonly string[];
}

/** One PDU of a USSD gateway, as its link read it. */
export interface UssdTurn {
  readonly link: string;
  readonly smsc: string;
  readonly countryCode: string;
  readonly source: Address;
  /** The service as the gateway addresses it. */
  readonly service: Address;
  readonly event: 'dial' | 'dial-once' | 'reply' | 'confirm' | 'abort';
  /** Of a dialled code that this link knows: the short code whose services it sells. */
  readonly shortCode: string | undefined;
  /** What was dialled behind the code: `*384*1*2#` is 1, then 2. */
  readonly inputs: readonly string[];
  readonly text: string;
  /** Of a reply whose gateway names no operation: what its text dials where it answers nothing. */
  readonly opens?: Dialled;
  readonly session: UssdSession | undefined;
  /** The gateway says that the dialogue is over with this PDU. */
  readonly ended: boolean;
  /** Hex of data_coding and text, for the dedupe key (E13). */
  readonly bytes: string;
  readonly smscId: string | undefined;
  readonly timers: UssdTimers;
}

/** What makes a message to a handset a USSD operation. */
export interface UssdFrame {
  readonly op: number;
  /** As the gateway addressed the service; undefined for a push, which takes the link's own. */
  readonly service: Address | undefined;
  /** As the gateway addressed it; undefined for a push, which goes to the MSISDN. */
  readonly handset?: Address | undefined;
  readonly session: UssdSession | undefined;
  /** Nothing follows: dialects that can say so do. */
  readonly ends: boolean;
}
