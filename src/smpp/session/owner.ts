import type { SessionState } from './fsm.ts';
import type { Pdu, Response } from '../pdu.ts';
import type { Reply } from '../reply.ts';

/** What a session tells the link that owns it. */
export interface SessionOwner<Session> {
  /** Its credentials have bound before in this process. */
  readonly proven: boolean;
  bound(session: Session): void;
  /** The peer unbinds: what is open may still be answered, nothing new may leave. */
  leaving(session: Session): void;
  /** Whether a submit_sm of this session has no response yet. */
  awaits(session: Session): boolean;
  /** The session came back to waiting; `refusal` is the status of a refused bind. */
  down(session: Session, from: SessionState, refusal: number | undefined): void;
  /** A deliver_sm or data_sm while bound; `reply` answers on the connection that it came on, or not at all. */
  request(pdu: Pdu, reply: Reply): void;
  /** A response to a submit_sm, a generic_nack included. */
  response(pdu: Response): void;
  stopped(session: Session): void;
}
