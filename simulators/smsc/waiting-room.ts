// Submits on their way, and those that cancel_sm and replace_sm can still reach.
import type { Pdu } from '../smpp/pdu.ts';
import type { UserData } from '../smpp/user-data.ts';
import type { Session } from './session.ts';

export interface Submit {
  readonly session: Session;
  readonly request: Pdu;
  readonly user: UserData;
  readonly from: string;
  readonly to: string;
  /** The SMSC's number of this message, before it is written in any form. */
  readonly number: number;
  readonly messageId: string;
}

export interface Waiting {
  /** As it will arrive: replace_sm puts another one here. */
  submit: Submit;
  /** Ends the wait; the message is DELETED. */
  readonly cancel: () => void;
  /** Counts the validity period of `submit` from now on. */
  renew: () => void;
}

/** By message id and handset: a submit_multi has one id for many. */
export type WaitingRoom = Map<string, Waiting>;
