/** Octets for one socket, gathered over an event-loop turn and written at once: the writes, not the messages, cost. */
import type { Socket } from 'node:net';

const FIRST_SIZE = 64 * 1024;

export class Outgoing {
  readonly #socket: Socket;
  #buffer = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Where `size` octets may be written now; `buffer` is good until the next call. */
  claim(size: number): number {
    if (this.#length + size > this.#buffer.length) this.#grow(size);
    const at = this.#length;
    this.#length += size;
    return at;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Appends a copy of `octets` and tells where it begins. */
  put(octets: Buffer): number {
    const at = this.claim(octets.length);
    octets.copy(this.#buffer, at);
    return at;
  }

  flush(): void {
    if (this.#length === 0) return;
    const { length } = this.#buffer;
    const sent = this.#buffer.subarray(0, this.#length);
    // The socket may hold on to what it was given, so the next turn has octets of its own.
    this.#buffer = Buffer.allocUnsafe(length);
    this.#length = 0;
    if (!this.#socket.destroyed) this.#socket.write(sent);
  }

  #grow(size: number): void {
    const wider = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(wider, 0, 0, this.#length);
    this.#buffer = wider;
  }
}
