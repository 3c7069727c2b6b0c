import type { Mo, MoAck, Receipt } from '../domain/message.ts';
import type { UssdTurn } from '../domain/ussd.ts';
import type { PartStore } from '../flow/ports/part-store.ts';
import { STATUS } from './pdu.ts';

export interface MoAnswer {
  readonly ack: MoAck;
  /** Runs right after deliver_sm_resp was handed to the socket, or the socket was found gone: the MO is stored either way. */
  readonly after?: () => void;
}

/** What the flows do with what comes in. A rejection is a temporary error to the SMSC (0x64 as a rule): it comes again. */
export interface GatewayHandlers {
  readonly onMo: (mo: Mo) => Promise<MoAnswer>;
  readonly onReceipt: (receipt: Receipt) => Promise<void>;
  /** Left out where no link speaks USSD. */
  readonly onUssd?: (turn: UssdTurn) => Promise<MoAnswer>;
  /** The short codes that a bound link can send for, whenever they change. */
  readonly onServed?: (shortCodes: ReadonlySet<string>) => void;
  /** Joins long MOs across processes; without it, inside this one. */
  readonly parts?: PartStore;
}

/** command_status of the deliver_sm_resp (SMPP 3.4 5.1.3). */
export const ACK_STATUS: Readonly<Record<MoAck, number>> = {
  stored: STATUS.ok,
  'temporary-error': STATUS.temporaryAppError,
  rejected: STATUS.permanentAppError,
};
