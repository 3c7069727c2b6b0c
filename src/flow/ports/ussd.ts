import type { Dialogue } from '../../domain/dialogue.ts';
import type { Menu } from '../../domain/menu.ts';
import type { Mt, SubmitOutcome } from '../../domain/message.ts';
import type { UssdSession, UssdTimers } from '../../domain/ussd.ts';

/** One dialogue per MSISDN, the last one kept for a while after its end. */
export interface Dialogues {
  read(msisdn: string): Promise<Dialogue | undefined>;
  /** By the id that `Due` names. */
  find(id: string): Promise<Dialogue | undefined>;
  /**
   * One atomic step: stores `next` where the store still holds `before` (its id and version; undefined: none), and when
   * somebody must look again (epoch ms). False when another turn came first. Rejects while the store is away.
   */
  move(before: Dialogue | undefined, next: Dialogue, wakeAt: number | undefined): Promise<boolean>;
}

/** A bind over which a dialogue can be pushed. */
export interface UssdOpening {
  readonly link: string;
  readonly smsc: string;
  readonly countryCode: string;
  readonly session: UssdSession | undefined;
  readonly timers: UssdTimers;
}

/** What the links know of USSD. */
export interface UssdLine {
  /** Whether a text is one screen at that link. */
  fits(link: string, text: string): boolean;
  /** A bound link that may push for the short code, `preferred` first. */
  opening(shortCode: string, preferred: string): UssdOpening | undefined;
  /** One operation, over its own bind. */
  submit(mt: Mt): Promise<SubmitOutcome>;
}

/** Everything that USSD needs beside the other ports; absent where no link speaks it. */
export interface Ussd {
  readonly dialogues: Dialogues;
  readonly line: UssdLine;
  /** Says an owed text through the process that holds the dialogue; undefined when that process is gone. Never rejects. */
  readonly call: (process: string, mtId: string) => Promise<SubmitOutcome | undefined>;
  /** Names this process. */
  readonly process: string;
  readonly menu: () => Menu;
  /** What subscribers may choose: BCP 47 and the name in that language. */
  readonly languages: () => readonly { readonly id: string; readonly name: string }[];
}
