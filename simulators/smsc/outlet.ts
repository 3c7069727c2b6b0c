// How bytes leave a connection: whole, or mangled as a fault rule asks.
import type { Socket } from 'node:net';

/** 'split' sends one octet per turn of the event loop; 'join' holds the PDU for the next one, or for JOIN_WAIT_MS. */
export const MANNERS = ['whole', 'split', 'join', 'duplicate', 'garbage'] as const;
export type Manner = (typeof MANNERS)[number];

const JOIN_WAIT_MS = 300;
/** Its first four octets read as a length of 1.2 GB. */
const GARBAGE = Buffer.from('HTTP/1.1 418 I am no SMSC\r\n\r\n', 'latin1');

export class Outlet {
  private readonly socket: Socket;
  private readonly carried: (bytes: Buffer) => void;
  private held: Buffer[] = [];
  private slow: Buffer[] = [];
  private corked = false;
  private ending = false;

  /** `carried` hears every octet that is handed to the socket. */
  constructor(socket: Socket, carried: (bytes: Buffer) => void) {
    this.socket = socket;
    this.carried = carried;
  }

  write(bytes: Buffer, manner: Manner = 'whole'): void {
    if (manner === 'join') {
      this.held.push(bytes);
      setTimeout(() => this.pour(this.release()), JOIN_WAIT_MS).unref();
      return;
    }
    const all = Buffer.concat([this.release(), bytes]);
    if (manner === 'split') this.drip(all);
    else this.pour(manner === 'garbage' ? GARBAGE : manner === 'duplicate' ? Buffer.concat([all, all]) : all);
  }

  /** Sends what is held or waiting, then FIN. */
  end(): void {
    this.ending = true;
    this.pour(this.release());
    if (this.slow.length === 0) this.socket.end();
  }

  private release(): Buffer {
    const bytes = Buffer.concat(this.held);
    this.held = [];
    return bytes;
  }

  private put(bytes: Buffer): void {
    if (this.socket.destroyed || bytes.length === 0) return;
    this.carried(bytes);
    this.socket.write(bytes);
  }

  /** One socket write per turn of the event loop, however many PDUs it holds. */
  private cork(): void {
    if (this.corked) return;
    this.corked = true;
    this.socket.cork();
    setImmediate(() => {
      this.corked = false;
      this.socket.uncork();
    });
  }

  /** At once, or behind the octets that still drip. */
  private pour(bytes: Buffer): void {
    if (this.slow.length > 0) {
      this.slow.push(bytes);
      return;
    }
    this.cork();
    this.put(bytes);
  }

  private drip(bytes: Buffer): void {
    const idle = this.slow.length === 0;
    this.slow.push(...Array.from(bytes, (octet) => Buffer.from([octet])));
    if (idle) setImmediate(() => this.dripOne());
  }

  private dripOne(): void {
    const next = this.slow.shift();
    if (next !== undefined) {
      this.put(next);
      setImmediate(() => this.dripOne());
    } else if (this.ending) {
      this.socket.end();
    }
  }
}
