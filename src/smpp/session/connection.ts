import type { Socket } from 'node:net';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Framer, FramingFault } from '../framing.ts';
import { createFramer } from '../framing.ts';
import type { LinkSettings, TlsSettings } from '../settings.ts';

/** Longest PDU taken, octets, and all that is held of an unfinished one: twice the longest message_payload (SMPP 3.4 5.3.2.32). */
const LONGEST_PDU = 0x20000;

/** What becomes of one frame: `handed` once, when the socket has it (or, false, when it never will); `flushed` when the kernel has it. */
export interface Fate {
  readonly handed?: (written: boolean) => void;
  readonly flushed?: () => void;
}

export interface ConnectionEvents {
  opened(): void;
  frame(frame: Buffer): void;
  broken(fault: FramingFault): void;
  /** Once, however the connection ended. */
  closed(reason: string): void;
}

/** One TCP or TLS connection: PDUs in and out, one write per event-loop turn, reading paused while the peer does not read. */
export class Connection {
  readonly #socket: Socket;
  readonly #events: ConnectionEvents;
  readonly #framer: Framer = createFramer(LONGEST_PDU);
  #outgoing: { readonly frame: Buffer; readonly fate: Fate }[] = [];
  #scheduled = false;
  #blocked = false;
  #closed = false;

  /** `accepted` is a connection that the SMSC opened; without it we open one. */
  constructor(settings: LinkSettings, events: ConnectionEvents, accepted?: Socket) {
    this.#events = events;
    this.#socket = accepted ?? open(settings);
    this.#socket.setNoDelay(!settings.nagle);
    const opened = (): void => {
      if (!this.#closed) events.opened();
    };
    if (accepted === undefined) this.#socket.once(settings.tls === undefined ? 'connect' : 'secureConnect', opened);
    else setImmediate(opened);
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('drain', () => this.#unblock());
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#close(error.code ?? error.message));
    this.#socket.on('end', () => this.#close('closed by peer'));
    this.#socket.on('close', () => this.#close('closed'));
  }

  send(frame: Buffer, fate: Fate = {}): void {
    if (this.#closed) {
      fate.handed?.(false);
      return;
    }
    this.#outgoing.push({ frame, fate });
    if (this.#scheduled || this.#blocked) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Writes what waits, then closes; `closed` is not reported. */
  finish(): void {
    this.#flush();
    if (this.#closed) return;
    this.#abandon();
    this.#socket.end();
    // A peer that never closes its half must not keep ours.
    this.#socket.resume();
    setTimeout(() => this.#socket.destroy(), 1_000).unref();
  }

  /** Closes at once; `closed` is not reported. */
  destroy(): void {
    this.#abandon();
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#closed) return;
    const { frames, fault } = this.#framer.push(chunk);
    for (const frame of frames) {
      if (this.#ended()) return;
      this.#events.frame(frame);
    }
    if (fault !== undefined && !this.#ended()) this.#events.broken(fault);
  }

  #ended(): boolean {
    return this.#closed;
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#closed || this.#outgoing.length === 0) return;
    const batch = this.#outgoing;
    this.#outgoing = [];
    const room = this.#socket.write(Buffer.concat(batch.map((each) => each.frame)), (error) => {
      if (!error) for (const { fate } of batch) fate.flushed?.();
    });
    if (!room) this.#block();
    for (const { fate } of batch) fate.handed?.(true);
  }

  #block(): void {
    this.#blocked = true;
    this.#socket.pause();
  }

  #unblock(): void {
    this.#blocked = false;
    this.#socket.resume();
    this.#flush();
  }

  #close(reason: string): void {
    if (this.#closed) return;
    this.#abandon();
    this.#socket.destroy();
    this.#events.closed(reason);
  }

  #abandon(): void {
    this.#closed = true;
    const unsent = this.#outgoing;
    this.#outgoing = [];
    for (const { fate } of unsent) fate.handed?.(false);
  }
}

function open(settings: LinkSettings): Socket {
  const { host, port, tls } = settings;
  return tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...tlsOptions(tls, host) });
}

/** The peer is always verified; without `ca` against the system's roots. */
function tlsOptions(tls: TlsSettings, host: string): Record<string, string | boolean> {
  const servername = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(servername === undefined ? {} : { servername }),
  };
}
