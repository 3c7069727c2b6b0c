/** One TCP or TLS connection to a peer: bytes out in one write per event-loop turn, whole messages in. */
import { connect as connectTcp, isIP, Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, TLSSocket } from 'node:tls';
import { createFramer } from './framing.ts';
import type { PeerSettings } from './settings.ts';

/** A peer that takes nothing off its socket must not fill our memory. */
const MAX_UNSENT = 1_048_576;

export interface TransportHandlers {
  readonly onUp: () => void;
  readonly onFrame: (frame: Uint8Array) => void;
  /** Once, whatever ends it: connect failure, close by the peer, `close`, lost framing. */
  readonly onDown: (reason: string) => void;
}

/** What became of one message's bytes. */
export interface Sent {
  /** They are about to be handed to the socket: from here on they may have arrived. */
  readonly onHanded?: () => void;
  /** The kernel has them. */
  readonly onFlushed?: () => void;
}

export interface Transport {
  /** Our end's IP address in text form; an IPv4 address mapped into IPv6 is given as IPv4. */
  readonly localAddress: string;
  write(bytes: Uint8Array, sent?: Sent): void;
  /** Why the certificate does not name `identity`, or undefined; always undefined without TLS. */
  certificateFault(identity: string): string | undefined;
  /** Flushes what was written, then closes. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** A certificate or key that TLS does not take is told as a refused connection is: later, and to whoever listens. */
function open(settings: PeerSettings): Socket {
  try {
    return connect(settings);
  } catch (error) {
    return new Socket().destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function connect(settings: PeerSettings): Socket {
  const { host, port, tls } = settings;
  if (tls === undefined) return connectTcp({ host, port });
  const { ca, cert, key } = tls;
  const servername = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(servername !== undefined && { servername }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly sent: Sent | undefined;
}

function tellFlushed(queue: readonly Waiting[]): void {
  for (const { sent } of queue) sent?.onFlushed?.();
}

class SocketTransport implements Transport {
  readonly #socket: Socket;
  readonly #framer = createFramer();
  readonly #handlers: TransportHandlers;
  #queue: Waiting[] = [];
  #down = false;

  constructor(settings: PeerSettings, handlers: TransportHandlers) {
    this.#handlers = handlers;
    this.#socket = open(settings);
    this.#socket.setNoDelay(!settings.nagle);
    this.#socket.on(settings.tls === undefined ? 'connect' : 'secureConnect', () => {
      if (!this.#down) handlers.onUp();
    });
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    this.#socket.on('error', (error: Error) => this.#end(error.message));
    this.#socket.on('end', () => this.#end('closed by the peer'));
    this.#socket.on('close', () => this.#end('closed'));
  }

  get localAddress(): string {
    const address = this.#socket.localAddress ?? '0.0.0.0';
    return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  }

  write(bytes: Uint8Array, sent?: Sent): void {
    if (this.#down) return;
    this.#queue.push({ bytes, sent });
    if (this.#queue.length === 1) setImmediate(() => this.#flush());
  }

  certificateFault(identity: string): string | undefined {
    if (!(this.#socket instanceof TLSSocket)) return undefined;
    return checkServerIdentity(identity, this.#socket.getPeerCertificate())?.message;
  }

  close(): void {
    this.#flush();
    this.#down = true;
    this.#socket.end();
    // A peer that never closes its side must not keep ours half open: what was flushed is with the kernel by then.
    this.#socket.once('finish', () => this.#socket.destroySoon());
  }

  destroy(): void {
    this.#down = true;
    this.#queue = [];
    this.#socket.destroy();
  }

  #flush(): void {
    const queue = this.#queue;
    this.#queue = [];
    if (this.#down || queue.length === 0) return;
    for (const { sent } of queue) sent?.onHanded?.();
    this.#socket.write(Buffer.concat(queue.map(({ bytes }) => bytes)), (error) => {
      if (error === undefined || error === null) tellFlushed(queue);
    });
    const { writableLength } = this.#socket;
    if (writableLength > MAX_UNSENT) this.#end(`the peer takes nothing: ${writableLength} octets unsent`);
  }

  #onData(chunk: Buffer): void {
    const { frames, fault } = this.#framer.push(chunk);
    for (const frame of frames) {
      if (this.#down) return;
      this.#handlers.onFrame(frame);
    }
    if (fault !== undefined) this.#end(`framing lost: ${fault.shape}`);
  }

  #end(reason: string): void {
    if (this.#down) return;
    this.destroy();
    this.#handlers.onDown(reason);
  }
}

/** Starts to connect; rejections and timeouts are the caller's (`onDown`, `destroy`). */
export function openTransport(settings: PeerSettings, handlers: TransportHandlers): Transport {
  return new SocketTransport(settings, handlers);
}
