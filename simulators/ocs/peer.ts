/** One transport connection to a Diameter peer, seen from the side that accepted it (RFC 6733 section 5.6). */
import type { Socket } from 'node:net';
import type { Conversation } from '../pcap/pcap.ts';
import { createFramer } from '../diameter/framing.ts';
import { decodeMessage, encodeMessage, P_BIT, R_BIT, type BrokenMessage, type Message } from '../diameter/message.ts';
import { COMMAND } from '../diameter/dictionary.ts';
import type { Avp } from '../diameter/avp.ts';
import type { Clock } from './clock.ts';

export type PeerState = 'wait-cer' | 'open' | 'closing' | 'closed';

/** Who the peer said it is in its CER. */
export interface PeerIdentity {
  readonly originHost: string;
  readonly originRealm: string;
  readonly productName: string | undefined;
  readonly originStateId: number | undefined;
}

/** The node above the connection. */
export interface PeerOwner {
  readonly clock: Clock;
  /** Milliseconds of silence before a DWR, and again before the connection is given up (RFC 3539 section 3.4.1, Tw); 0: never. */
  readonly watchdogMs: number;
  request(peer: Peer, message: Message): void;
  broken(peer: Peer, message: BrokenMessage): void;
  /** The watchdog wants a DWR sent. */
  idle(peer: Peer): void;
  gone(peer: Peer): void;
  /** For log and counters. */
  saw(peer: Peer, direction: 'in' | 'out', message: Message): void;
  note(peer: Peer, text: string): void;
}

export interface OwnRequest {
  readonly command: number;
  readonly application: number;
  readonly avps: readonly Avp[];
  /** The P bit. */
  readonly proxiable?: boolean;
}

interface Outgoing {
  readonly bytes: Buffer;
  readonly octetByOctet: boolean;
}

export class Peer {
  readonly address: string;
  readonly localAddress: string;
  readonly since: number;
  state: PeerState = 'wait-cer';
  identity: PeerIdentity | undefined;
  received = 0;
  sent = 0;
  readonly #socket: Socket;
  readonly #owner: PeerOwner;
  readonly #capture: Conversation | undefined;
  readonly #framer = createFramer();
  readonly #gone: Promise<void>;
  readonly #pending = new Map<number, (answer: Message) => void>();
  #outgoing: Outgoing[] = [];
  #flushing = false;
  #ending = false;
  #heard: number;
  #watchdogSent = false;
  #callOffWatchdog: () => void = () => undefined;
  #lastHopByHop = 0;

  constructor(socket: Socket, owner: PeerOwner, capture: Conversation | undefined) {
    this.#socket = socket;
    this.#owner = owner;
    this.#capture = capture;
    this.address = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.localAddress = socket.localAddress ?? '127.0.0.1';
    this.since = owner.clock.now();
    this.#heard = this.since;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#data(bytes));
    socket.on('error', (error) => owner.note(this, `socket error: ${error.message}`));
    this.#gone = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('close', () => this.#closed());
    this.#watch();
  }

  /** The CER was good: traffic may flow. */
  open(identity: PeerIdentity): void {
    this.identity = identity;
    this.state = 'open';
  }

  send(message: Message): void {
    this.sendBytes(encodeMessage(message));
    this.#owner.saw(this, 'out', message);
  }

  /** Octets as they are: faults send what is no message, or a message octet by octet. Written once per turn of the loop. */
  sendBytes(bytes: Buffer, octetByOctet = false): void {
    if (this.state === 'closed') return;
    this.sent += 1;
    this.#outgoing.push({ bytes, octetByOctet });
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  /** Sends a request of our own; `answered` is called at most once, and never after the connection is gone. */
  request(own: OwnRequest, answered: (answer: Message) => void): void {
    const { command, application, avps, proxiable } = own;
    this.#lastHopByHop = (this.#lastHopByHop + 1) >>> 0;
    const hopByHop = this.#lastHopByHop;
    this.#pending.set(hopByHop, answered);
    // High 12 bits of the time in seconds, so that ids stay unique across a restart (RFC 6733 section 3).
    const seconds = Math.floor(this.#owner.clock.now() / 1000);
    const endToEnd = (((seconds & 0xfff) << 20) | (hopByHop & 0xfffff)) >>> 0;
    const flags = R_BIT | (proxiable === true ? P_BIT : 0);
    this.send({ version: 1, flags, command, application, hopByHop, endToEnd, avps });
  }

  /** Closes after what is still to be written. */
  end(): void {
    if (this.state === 'closed') return;
    this.state = 'closing';
    this.#ending = true;
    if (!this.#flushing) this.#socket.end();
  }

  /** Closes at once; what was not written is lost. */
  destroy(): void {
    this.#outgoing = [];
    this.#socket.destroy();
  }

  /** Resolves once the socket is closed. */
  whenGone(): Promise<void> {
    return this.#gone;
  }

  #data(bytes: Buffer): void {
    this.#heard = this.#owner.clock.now();
    this.#watchdogSent = false;
    this.#capture?.fromClient(bytes);
    const framed = this.#framer.push(bytes);
    for (const frame of framed.frames) this.#frame(frame);
    if (framed.kind === 'frames') return;
    this.#owner.note(this, `stream lost: ${framed.reason}`);
    this.destroy();
  }

  #frame(frame: Buffer): void {
    this.received += 1;
    const message = decodeMessage(frame);
    if ('kind' in message) this.#owner.broken(this, message);
    else this.#message(message);
  }

  #message(message: Message): void {
    this.#owner.saw(this, 'in', message);
    if ((message.flags & R_BIT) === 0) this.#answer(message);
    else if (this.state === 'wait-cer' && message.command !== COMMAND.CE) this.#tooEarly();
    else this.#owner.request(this, message);
  }

  #answer(message: Message): void {
    const answered = this.#pending.get(message.hopByHop);
    this.#pending.delete(message.hopByHop);
    if (answered === undefined) this.#owner.note(this, `answer to unknown Hop-by-Hop id ${message.hopByHop}`);
    else answered(message);
  }

  #tooEarly(): void {
    this.#owner.note(this, 'a request came before the CER');
    this.destroy();
  }

  #flush(): void {
    const slowAt = this.#outgoing.findIndex((one) => one.octetByOctet);
    const fast = this.#outgoing.splice(0, slowAt === -1 ? this.#outgoing.length : slowAt);
    if (fast.length > 0) this.#write(Buffer.concat(fast.map((one) => one.bytes)));
    const slow = this.#outgoing.shift();
    if (slow !== undefined) this.#dribble(slow.bytes, 0);
    else this.#flushed();
  }

  #flushed(): void {
    this.#flushing = false;
    if (this.#ending) this.#socket.end();
  }

  #dribble(bytes: Buffer, at: number): void {
    if (at >= bytes.length) {
      this.#flush();
      return;
    }
    this.#write(bytes.subarray(at, at + 1));
    setImmediate(() => this.#dribble(bytes, at + 1));
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writable) {
      this.#capture?.fromServer(bytes);
      this.#socket.write(bytes);
    }
  }

  #watch(): void {
    const { clock, watchdogMs } = this.#owner;
    if (watchdogMs === 0) return;
    const left = this.#heard + watchdogMs - clock.now();
    this.#callOffWatchdog = clock.after(left > 0 ? left : watchdogMs, () => {
      if (clock.now() - this.#heard >= watchdogMs) this.#expired();
      if (this.state !== 'closed') this.#watch();
    });
  }

  #expired(): void {
    if (this.#watchdogSent || this.state !== 'open') {
      this.#owner.note(this, `silent for too long in state ${this.state}`);
      this.destroy();
      return;
    }
    this.#watchdogSent = true;
    this.#owner.idle(this);
  }

  #closed(): void {
    this.state = 'closed';
    this.#callOffWatchdog();
    this.#capture?.close();
    this.#pending.clear();
    this.#owner.gone(this);
  }
}
