// One connection of an ESME: framing, states, sequence numbers, the window, timers.
import type { Socket } from 'node:net';
import type { PduFault } from '../smpp/codec.ts';
import { decode, encode } from '../smpp/codec.ts';
import type { Command } from '../smpp/commands.ts';
import { isResponse, responseTo } from '../smpp/commands.ts';
import type { FrameReader } from '../smpp/frame.ts';
import { frameReader } from '../smpp/frame.ts';
import type { Pdu, PduParts } from '../smpp/pdu.ts';
import { pdu } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Direction, Journal } from './journal.ts';
import type { SmscOptions } from './options.ts';
import type { Manner } from './outlet.ts';
import { Outlet } from './outlet.ts';
import type { SessionState } from './session-fsm.ts';
import { isBound, SESSION_TABLE } from './session-fsm.ts';

export type Answer =
  { readonly kind: 'answer'; readonly pdu: Pdu } | { readonly kind: 'silence' } | { readonly kind: 'lost' };

/** What the session leaves to the SMSC behind it. */
export interface SessionHooks {
  /** `frame` is the request as it came. */
  request(session: Session, pdu: Pdu, frame: Buffer): void;
  bound(session: Session): void;
  closed(session: Session): void;
}

interface Pending {
  readonly settle: (answer: Answer) => void;
  readonly timer: NodeJS.Timeout;
}

const LAST_SEQUENCE = 0x7fffffff;
const CLOSING_MS = 2_000;

export class Session {
  readonly id: string;
  readonly peerPort: number;
  state: SessionState = 'open';
  account: string | undefined;
  /** interface_version of the bind: 0x33, 0x34, 0x50. */
  version = 0x34;
  private readonly socket: Socket;
  private readonly options: SmscOptions;
  private readonly hooks: SessionHooks;
  private readonly journal: Journal;
  private readonly read: FrameReader = frameReader();
  private readonly out: Outlet;
  /** Sequence numbers of the ESME's requests that wait for our response. */
  private readonly owed = new Set<number>();
  private readonly pending = new Map<number, Pending>();
  private queue: (() => void)[] = [];
  private sequence = 0;
  private deaf = false;
  private timer: NodeJS.Timeout;

  constructor(id: string, socket: Socket, around: { options: SmscOptions; hooks: SessionHooks; journal: Journal }) {
    this.id = id;
    this.socket = socket;
    this.options = around.options;
    this.hooks = around.hooks;
    this.journal = around.journal;
    this.peerPort = socket.remotePort ?? 0;
    const conversation = around.journal.conversation(this.peerPort);
    this.out = new Outlet(socket, (bytes) => conversation.fromServer(bytes));
    this.timer = setTimeout(() => this.drop(), this.options.bindTimeoutMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      conversation.fromClient(chunk);
      this.take(chunk);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      conversation.close();
      this.lose();
    });
  }

  get inFlight(): number {
    return this.pending.size;
  }

  /** Requests of the ESME that wait for our response. */
  get unanswered(): number {
    return this.owed.size;
  }

  /** 3.3 knows no optional parameters. */
  get takesTlvs(): boolean {
    return this.version >= 0x34;
  }

  /** Called when a bind was accepted; the state itself follows the table. */
  bind(account: string, version: number, command: Command): void {
    this.account = account;
    this.version = version;
    this.state = SESSION_TABLE[this.state][command] ?? this.state;
    clearTimeout(this.timer);
    this.timer = setInterval(() => void this.checkLink(), this.options.enquireIntervalMs);
    this.hooks.bound(this);
  }

  respond(request: Pdu, parts: PduParts, manner: Manner = 'whole', sequence: number = request.sequence): void {
    const command = responseTo(request.command);
    if (command === undefined) return;
    this.owed.delete(request.sequence);
    this.write(encode(pdu(command, sequence, parts)), manner);
    if (request.command === 'unbind') this.finish();
  }

  /** The response is not going to be sent. */
  forget(sequence: number): void {
    this.owed.delete(sequence);
  }

  nack(sequence: number, status: number): void {
    this.owed.delete(sequence);
    this.write(encode(pdu('generic_nack', sequence, { status })));
  }

  /** Sends a request when the window has room; settles by its response, silence or loss, whichever is first. */
  request(command: Command, parts: PduParts, manner: Manner = 'whole'): Promise<Answer> {
    return new Promise((settle) => {
      const send = (): void => this.sendRequest(command, parts, { manner, settle });
      if (this.pending.size < this.options.window) send();
      else this.queue.push(send);
    });
  }

  write(bytes: Buffer, manner: Manner = 'whole'): void {
    if (manner !== 'garbage') this.log('out', bytes);
    this.out.write(bytes, manner);
  }

  /** Cuts the connection as a failing network would. */
  drop(): void {
    this.socket.destroy();
  }

  /** Unbinds, waits for the answer, ends the connection. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.socket.closed) resolve();
      this.socket.once('close', resolve);
    });
    const limit = setTimeout(() => this.drop(), CLOSING_MS);
    if (isBound(this.state)) {
      await new Promise<Answer>((settle) => this.sendRequest('unbind', {}, { manner: 'whole', settle }));
    }
    this.finish();
    await gone;
    clearTimeout(limit);
  }

  private sendRequest(command: Command, parts: PduParts, how: { manner: Manner; settle: Pending['settle'] }): void {
    if (!isBound(this.state)) {
      how.settle({ kind: 'lost' });
      return;
    }
    this.sequence = this.sequence === LAST_SEQUENCE ? 1 : this.sequence + 1;
    const { sequence } = this;
    const timer = setTimeout(() => this.settle(sequence, { kind: 'silence' }), this.options.responseTimeoutMs);
    this.pending.set(sequence, { settle: how.settle, timer });
    this.write(encode(pdu(command, sequence, parts)), how.manner);
  }

  private settle(sequence: number, answer: Answer): void {
    const entry = this.pending.get(sequence);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    this.pending.delete(sequence);
    entry.settle(answer);
    this.queue.shift()?.();
  }

  /** Says no more and hears no more; a peer that does not close its side is cut. */
  private finish(): void {
    this.deaf = true;
    this.out.end();
    setTimeout(() => this.drop(), CLOSING_MS).unref();
  }

  private take(chunk: Buffer): void {
    if (this.deaf) return;
    const { frames, broken } = this.read(chunk);
    for (const frame of frames) this.takeFrame(frame);
    if (broken === undefined) return;
    const sequence = broken.header.length === 16 ? broken.header.readUInt32BE(12) : 0;
    this.nack(sequence, STATUS.ESME_RINVCMDLEN);
    this.finish();
  }

  private takeFrame(frame: Buffer): void {
    this.log('in', frame);
    const decoded = decode(frame);
    if (decoded.kind === 'fault') this.answerFault(decoded);
    else this.takePdu(decoded.pdu, frame);
  }

  private answerFault(fault: PduFault): void {
    if (fault.commandId < 0x80000000) this.nack(fault.sequence, fault.status);
  }

  private takePdu(of: Pdu, frame: Buffer): void {
    const next = SESSION_TABLE[this.state][of.command];
    if (next === undefined) {
      const bindAgain = of.command.startsWith('bind_') && isBound(this.state);
      this.respond(of, { status: bindAgain ? STATUS.ESME_RALYBND : STATUS.ESME_RINVBNDSTS });
      return;
    }
    if (isResponse(of.command)) this.settle(of.sequence, { kind: 'answer', pdu: of });
    else this.takeRequest(of, frame);
    // A bind moves the state only when it is accepted, by bind().
    if (of.command === 'unbind' || of.command === 'unbind_resp') this.state = next;
  }

  private takeRequest(of: Pdu, frame: Buffer): void {
    this.owed.add(of.sequence);
    this.hooks.request(this, of, frame);
  }

  private async checkLink(): Promise<void> {
    const answer = await this.request('enquire_link', {});
    if (answer.kind === 'silence') this.drop();
  }

  private log(direction: Direction, bytes: Buffer): void {
    this.journal.pdu(direction, bytes, { bind: this.id, account: this.account });
  }

  private lose(): void {
    this.state = 'closed';
    clearTimeout(this.timer);
    const pending = [...this.pending.keys()];
    for (const sequence of pending) this.settle(sequence, { kind: 'lost' });
    const queued = this.queue;
    this.queue = [];
    for (const send of queued) send();
    this.hooks.closed(this);
  }
}
