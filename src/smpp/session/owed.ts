import { encodePdu } from '../codec/codec.ts';
import type { Connection } from './connection.ts';
import type { Pdu } from '../pdu.ts';
import { responseTo } from '../pdu.ts';
import type { Reply } from '../reply.ts';

/**
 * What the peer of one connection asked and was not answered yet (SMPP 3.4 2.1). Bound to that connection: a response must never
 * reach the next one, where its sequence number means nothing.
 */
export class Owed {
  readonly #connection: Connection;
  readonly #answered: (response: Pdu) => void;
  #requests = 0;
  /** It is answered after all else. */
  unbind: Pdu | undefined;

  /** `answered` is told of each response once it is on its way. */
  constructor(connection: Connection, answered: (response: Pdu) => void) {
    this.#connection = connection;
    this.#answered = answered;
  }

  /** MOs and receipts without an answer. */
  get requests(): number {
    return this.#requests;
  }

  replyTo(pdu: Pdu): Reply {
    this.#requests += 1;
    return (status, handed) => {
      const response = responseTo(pdu, status);
      this.#connection.send(encodePdu(response), { handed });
      this.#requests -= 1;
      this.#answered(response);
    };
  }
}
