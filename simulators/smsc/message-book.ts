// Every submit_sm and data_sm that came, and what became of it.
import type { MessageState } from '../smpp/receipt.ts';

export interface SubmitRecord {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly bind: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly hex: string;
  /** Empty when the message was not accepted. */
  readonly messageId: string;
  /** command_status answered; null when no response left. */
  readonly status: number | null;
  readonly statusName: string | null;
}

export interface Fate {
  /** source_addr of the submit. */
  readonly from: string;
  readonly state: MessageState;
  readonly done: Date;
}

export interface MessageBook {
  /** Numbers messages; `writeId` makes the message_id of it. */
  nextNumber(): number;
  record(submit: Omit<SubmitRecord, 'id' | 'hex'> & { readonly frame: Buffer }): void;
  submits(): readonly SubmitRecord[];
  settle(messageId: string, fate: Fate): void;
  fate(messageId: string): Fate | undefined;
}

const KEPT = 20_000;

/** Drops the oldest half when full, so that memory stays bounded under load. */
export function messageBook(): MessageBook {
  let submits: (Omit<SubmitRecord, 'hex'> & { readonly frame: Buffer })[] = [];
  const fates = new Map<string, Fate>();
  let lastSubmit = 0;
  // Ids go on growing over restarts, as those of an SMSC with a store do.
  let lastMessage = Math.floor(Date.now() / 10) % 0x7fffffff;
  return {
    nextNumber() {
      lastMessage += 1;
      return lastMessage;
    },
    record(submit) {
      lastSubmit += 1;
      submits.push({ id: lastSubmit, ...submit });
      if (submits.length > KEPT) submits = submits.slice(KEPT / 2);
    },
    // Turned to hex only when somebody looks.
    submits: () => submits.map(({ frame, ...submit }) => ({ ...submit, hex: frame.toString('hex') })),
    settle(messageId, fate) {
      fates.set(messageId, fate);
      if (fates.size <= KEPT) return;
      for (const old of [...fates.keys()].slice(0, KEPT / 2)) fates.delete(old);
    },
    fate: (messageId) => fates.get(messageId),
  };
}
