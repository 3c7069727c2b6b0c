import type { Mt, SubmitOutcome } from '../../domain/message.ts';
import type { NoticeArgs, NoticeKind, Routed } from '../../domain/notice.ts';
import type { RequestWords } from '../../domain/request.ts';

export interface Speaker {
  submit(mt: Mt): Promise<SubmitOutcome>;
}

export interface Later {
  /** Puts the order's next look into the queue; never rejects (the sweeper is the backstop). */
  settle(orderId: string, fence: number, delayMs: number, reason: string): Promise<void>;
  /** By whoever has a bind for the route (E23). */
  say(text: Routed, fence: number, delayMs: number, reason: string): Promise<void>;
  /** Ids of what providers are being told at this moment, by whichever process. Rejects where it cannot be known. */
  telling(): Promise<readonly string[]>;
}

export interface Words {
  /** The text in the subscriber's language. `args` may hold `code` here, and only here. */
  render(kind: NoticeKind, language: string, args: NoticeArgs): string;
  readonly request: RequestWords;
  /** What subscribers may choose: BCP 47, and the name that its speakers use. */
  readonly languages: readonly { readonly id: string; readonly name: string }[];
  readonly version: string;
}

export interface Hashing {
  /** HMAC-SHA-256 with the key of that purpose, which lives outside Redis. */
  mac(purpose: 'dedupe' | 'msisdn', text: string): Uint8Array;
  /** 32 octets for one challenge under the named code key; undefined when the key is gone. */
  codeMac(keyId: string, challengeId: string): Uint8Array | undefined;
  readonly currentCodeKey: string;
}
