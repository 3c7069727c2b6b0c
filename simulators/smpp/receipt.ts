// Delivery receipts: SMPP 3.4 appendix B (text) and section 5.2.28 (message_state).
import { receiptDate } from './time.ts';

export const MESSAGE_STATES = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
} as const;

export type MessageState = keyof typeof MESSAGE_STATES;
export const isMessageState = (name: string): name is MessageState => Object.hasOwn(MESSAGE_STATES, name);

export const isFinal = (state: MessageState): boolean => state !== 'ENROUTE' && state !== 'ACCEPTD';

export interface Receipt {
  readonly messageId: string;
  readonly state: MessageState;
  readonly submitted: Date;
  readonly done: Date;
  /** Network's own error, up to three digits. */
  readonly error: number;
  readonly text: string;
}

/** The text form; `text` is cut to the first 20 characters as the appendix says. */
export function receiptText(receipt: Receipt): string {
  const delivered = receipt.state === 'DELIVRD' ? '001' : '000';
  return [
    `id:${receipt.messageId}`,
    'sub:001',
    `dlvrd:${delivered}`,
    `submit date:${receiptDate(receipt.submitted)}`,
    `done date:${receiptDate(receipt.done)}`,
    `stat:${receipt.state}`,
    `err:${String(receipt.error).padStart(3, '0')}`,
    `text:${receipt.text.slice(0, 20)}`,
  ].join(' ');
}
