import type { Mo, MoAck, Receipt } from '../domain/message.ts';

export interface MoAnswer {
  readonly ack: MoAck;
  /** Runs right after deliver_sm_resp was handed to the socket, or the socket was found gone: the MO is stored either way. */
  readonly after?: () => void;
}

/** What the flows do with what comes in. A rejection is a temporary error to the SMSC (0x64): it comes again. */
export interface GatewayHandlers {
  readonly onMo: (mo: Mo) => Promise<MoAnswer>;
  readonly onReceipt: (receipt: Receipt) => Promise<void>;
}
