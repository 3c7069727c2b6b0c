import type { Inbox } from './mo/inbox.ts';
import type { References } from './mt/references.ts';
import type { LinkSettings } from './settings.ts';

/** What all links of this process have in common. */
export interface Shared {
  readonly inbox: Inbox;
  readonly references: References;
  /** Told when a link can send, and when it no longer can. */
  readonly changed: () => void;
  /** The credentials that have bound, by `credentialsOf`. */
  readonly proven: Set<string>;
}

/** What an SMSC knows us by. */
export function credentialsOf({ smsc, systemId, password }: LinkSettings): string {
  return JSON.stringify([smsc, systemId, password]);
}
