import type { Address } from './address.ts';
import type { ChannelName } from './channel.ts';
import type { NoticeKind } from './notice.ts';
import type { UssdFrame } from './ussd.ts';

/** A joined, decoded message from a handset. */
export interface Mo {
  /** The link's name in config. */
  readonly link: string;
  /** The SMSC's name in config: message ids and receipts are known per SMSC. */
  readonly smsc: string;
  /** Country calling code of the link, digits without +: completes national numbers (E20). */
  readonly countryCode: string;
  readonly source: Address;
  readonly destination: Address;
  readonly text: string;
  /** Hex of the user data (and its data_coding) as it came, for the dedupe key (E13). */
  readonly bytes: string;
  /** Concatenation reference of a multi-part message, else undefined. */
  readonly concatRef: number | undefined;
  /** The SMSC's own id of this MO where the link's config names its TLV, hex. */
  readonly smscId: string | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Parts of it never came, or may be missing: what is in the text may stop and ask, and no more. */
  readonly partial?: true;
  /** It is whole, but the SMSC was not told that it arrived and delivers it again: what does harm if done twice waits for that. */
  readonly held?: true;
}

/** What the link answers with deliver_sm_resp. */
export type MoAck = 'stored' | 'temporary-error' | 'rejected';

/** A delivery receipt after the link's id rule was applied. */
export interface Receipt {
  readonly smsc: string;
  readonly messageId: string;
  /** The handset, as the receipt's source address tells it: E.164 digits, or undefined when it cannot be read. */
  readonly msisdn: string | undefined;
  readonly state: ReceiptState;
  /** network_error_code or the text's err field, for staff. */
  readonly error: string | undefined;
}

/** SMPP 3.4 5.2.28. */
export type ReceiptState =
  'enroute' | 'accepted' | 'delivered' | 'expired' | 'deleted' | 'undeliverable' | 'unknown' | 'rejected' | 'skipped';

/** ENROUTE and ACCEPTED go on. UNKNOWN, or no word, does not say that a text did not arrive: one that is said again is read twice. */
export function isFinal(state: ReceiptState): boolean {
  return state !== 'enroute' && state !== 'accepted' && state !== 'unknown';
}

/** A rendered message on its way to a handset. */
export interface Mt {
  readonly id: string;
  /** E.164 digits without +. */
  readonly to: string;
  /** Short code. */
  readonly from: string;
  readonly text: string;
  readonly channel: ChannelName;
  /** Where it goes on a channel that has addresses of its own (email). */
  readonly address?: string | undefined;
  /** What it is about, in a few words that hold no secret: an email's subject. */
  readonly subject?: string | undefined;
  /** The link that the MO came on; preferred while it is bound. */
  readonly link: string;
  /** The operation of a USSD dialogue that it is: it leaves over `link` or not at all (E23). */
  readonly ussd?: UssdFrame;
  /** Which owed text it is, for channels that say some texts otherwise than others. */
  readonly owed?: OwedAs;
  /** When it was owed (epoch ms). A later text may take its id, as a new code takes that of the code before. */
  readonly owedAt?: number;
  /** Milliseconds that the text is worth delivering, or undefined for the SMSC's default. */
  readonly validityMs: number | undefined;
}

/** Names one text for ever: the same for each try to say it, another one for a text that took its id. */
export function textName({ id, owedAt }: Pick<Mt, 'id' | 'owedAt'>): string {
  return owedAt === undefined ? id : `${id}.${owedAt}`;
}

export interface OwedAs {
  readonly kind: NoticeKind;
  readonly orderId: string | undefined;
  /** The order's keyword, where it is about one. */
  readonly keyword: string | undefined;
  readonly language: string;
  readonly dialogue: string | undefined;
}

export type SubmitOutcome =
  | ({ readonly kind: 'accepted' } & Taken)
  /** Nothing is bound for this short code: nothing was sent. */
  | { readonly kind: 'no-bind' }
  /** Throttled or full: not an attempt; try again after `afterMs`. */
  | { readonly kind: 'slow-down'; readonly status: number; readonly afterMs: number }
  | { readonly kind: 'temporary'; readonly status: number; readonly reason?: string }
  | { readonly kind: 'permanent'; readonly status: number; readonly reason?: string }
  /** This channel does not reach the subscriber (any more); another one may. Nothing was sent. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** No response in time: it may have been delivered. `late` resolves should the SMSC say after all that it took every part. */
  | { readonly kind: 'unknown'; readonly late?: Promise<Taken> };

/** How an SMSC names what it took, part by part. */
export interface Taken {
  readonly smsc: string;
  readonly messageIds: readonly string[];
}
