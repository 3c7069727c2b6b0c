/** One part of a long MO as it waits outside this process for the others. */
export interface StoredPart {
  /** What the parts of one message share. It holds the sender's number: a store keeps only its HMAC (E19). */
  readonly key: string;
  /** 1 to `total`. */
  readonly sequence: number;
  readonly total: number;
  /** The text's octets, without header: they tell a repeat from a new message under a reference that came round. */
  readonly data: Uint8Array;
  /** The whole PDU's octets. */
  readonly pdu: Uint8Array;
  /** Milliseconds, from the message's first part on, that the parts wait for each other. */
  readonly timeout: number;
  /** The SMSC's own id of this part where the link's config names its TLV, hex: two with other ids are two (E13). */
  readonly smscId: string | undefined;
  /** Over which it came: how its text is to be read. */
  readonly link: string;
}

export type PutPart =
  /** Stored (or was already): the part may be acknowledged. */
  | { readonly kind: 'waiting' }
  /** All parts are there: their PDUs by sequence. Told again for each repeat of a part until `done`. */
  | { readonly kind: 'complete'; readonly pdus: readonly Uint8Array[] }
  /** The message was handed over: `done` was called for it. */
  | { readonly kind: 'repeat' };

/** A long MO whose deadline passed before it was handed over, mostly because parts are missing. */
export interface LateMessage {
  /** For `dropLate`. */
  readonly partition: number;
  readonly id: string;
  readonly fields: number;
  /** All parts are there, but the last one was not acknowledged: the SMSC delivers it again, and the store then tells the whole. */
  readonly held: boolean;
  /** The link of the part that came first. */
  readonly link: string;
  readonly total: number;
  /** The PDUs that are there, by sequence. */
  readonly pdus: readonly Uint8Array[];
}

/**
 * Where parts of long messages meet when they may reach different processes. With it a part is acknowledged as soon as
 * it is stored, so that an SMSC that sends the next part only after the last one's answer gets on; without it the
 * parts wait in this process, unacknowledged.
 */
export interface PartStore {
  /** One atomic step; rejects when the store cannot be reached: then the part is not acknowledged. */
  put(part: StoredPart): Promise<PutPart>;
  /** The joined message was stored; parts that still come are repeats. */
  done(key: string): Promise<void>;
  /** Claims the messages whose deadline passed, so that no other process takes them too; they come again unless dropped. */
  late(): Promise<readonly LateMessage[]>;
  /** What there is of it was handed over; the last part of one that is held is a repeat from now on. */
  dropLate(message: LateMessage): Promise<void>;
}
