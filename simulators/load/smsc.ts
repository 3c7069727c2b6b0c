/**
 * The fast SMSC: a peer binds to it, gets MOs and receipts, and its texts are answered at once. It measures from the time
 * at which a text was due to the arrival of the text that answers it.
 */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Dialogues } from './dialogues.ts';
import { DIGITS, findDigits, putDigits, readDigits, SUBSCRIBERS } from './numbers.ts';
import type { Addresses, Submission, Template } from './pdus.ts';
import {
  bareResponse,
  COMMAND,
  putMessageId,
  putReceipt,
  putSequence,
  readSubmission,
  receiptTemplate,
  STATUS,
  SUBMIT_RESP,
} from './pdus.ts';
import type { Mix } from './plan.ts';
import { spread } from './plan.ts';
import { Receipts } from './receipts.ts';
import type { SessionOwner } from './session.ts';
import { Session } from './session.ts';
import { Speech } from './speech.ts';
import { Tally } from './tally.ts';

export interface SmscSettings {
  readonly host: string;
  readonly port: number;
  readonly addresses: Addresses;
  readonly mix: Mix;
  /** Unacknowledged receipts at most. */
  readonly receiptWindow: number;
  /** Milliseconds from a text to its receipt. */
  readonly receiptAfter: number;
  /** Of a hundred submit_sm, so many are throttled. */
  readonly throttlePercent: number;
  /** The first subscriber's eight digits. */
  readonly firstNumber: number;
}

/** Digits of a one-time code at least. */
const CODE_DIGITS = 6;

/** Milliseconds that a refused text keeps its place in the window: a peer that pushes back must not be stormed. */
const REFUSED_PAUSE_MS = 250;

/** deliver_sm in flight whose subscriber is remembered, for those that are refused. */
const IN_FLIGHT = 1 << 20;

export class LoadSmsc implements SessionOwner {
  readonly tally: Tally;
  readonly dialogues: Dialogues;
  /** Called at the end of each turn, and for each new bind. */
  onTurn: () => void = () => undefined;
  readonly #settings: SmscSettings;
  readonly #speech: Speech;
  readonly #receipt;
  readonly #receipts: Receipts;
  readonly #next: () => number;
  readonly #server;
  readonly #sockets = new Set<{ destroy(): void }>();
  #sessions: readonly Session[] = [];
  #receivers: readonly Session[] = [];
  #turn = 0;
  #sequence = 0;
  #messageId = 0;
  #number: number;
  #owedThrottles = 0;
  readonly #numberOf = new Uint32Array(IN_FLIGHT);

  constructor(settings: SmscSettings) {
    this.#settings = settings;
    this.#number = settings.firstNumber;
    this.tally = new Tally(settings.mix.length);
    this.dialogues = new Dialogues(settings.mix);
    this.#speech = new Speech(settings.addresses, settings.mix);
    this.#receipt = receiptTemplate(settings.addresses, new Date());
    this.#receipts = new Receipts(settings.receiptAfter);
    this.#next = spread(settings.mix);
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#sessions = [...this.#sessions, new Session(socket, this)];
    });
  }

  async listen(): Promise<number> {
    const { host, port } = this.#settings;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  get receivers(): number {
    return this.#receivers.length;
  }

  get receiptsUnacknowledged(): number {
    const { receipts, receiptAcks, receiptRefused } = this.tally.counts;
    return receipts - receiptAcks - receiptRefused;
  }

  /** Receipts that are not sent yet, due or not. */
  get receiptsWaiting(): number {
    return this.#receipts.waiting;
  }

  /** Whether the peer takes receipts more slowly than they fall due. */
  get receiptsHeldBack(): boolean {
    return this.receiptsUnacknowledged >= this.#settings.receiptWindow;
  }

  /** A new subscriber sends its first text, which was due at `due`. */
  begin(due: number): void {
    const kind = this.#next();
    const number = this.#number;
    this.#number = (this.#number + 1) % SUBSCRIBERS;
    this.dialogues.begin(number, kind, due);
    this.tally.counts.dialogues++;
    this.#deliver(number, this.#speech.template({ kind, step: 0 }, this.#settings.mix[kind]?.script[0] ?? ''));
  }

  sendReceipts(now: number): void {
    while (!this.receiptsHeldBack && this.#receivers.length > 0)
      if (!this.#receipts.take(now, (number, id) => this.#deliverReceipt(number, id))) return;
  }

  flush(): void {
    for (const session of this.#sessions) session.out.flush();
  }

  bound(session: Session): void {
    if (session.receives) this.#receivers = [...this.#receivers, session];
  }

  closed(session: Session): void {
    this.#sessions = this.#sessions.filter((each) => each !== session);
    this.#receivers = this.#receivers.filter((each) => each !== session);
  }

  turn(): void {
    this.sendReceipts(performance.now());
    this.onTurn();
    this.flush();
  }

  submit(session: Session, bytes: Buffer, offset: number, end: number): void {
    const sequence = bytes.readUInt32BE(offset + 12);
    const submission = readSubmission(bytes, offset, end);
    const { prefix } = this.#settings.addresses;
    const number = readDigits(bytes, submission.to + prefix.length, DIGITS);
    if (this.#throttles()) session.out.put(bareResponse(COMMAND.submitSmResp, STATUS.throttled, sequence));
    else this.#accept(session, sequence, number, submission.wantsReceipt);
    this.#answer(bytes, number, submission);
  }

  delivered(_session: Session, sequence: number, status: number): void {
    const { counts } = this.tally;
    if (sequence % 2 === 0) {
      if (status === STATUS.ok) counts.receiptAcks++;
      else counts.receiptRefused++;
      return;
    }
    if (status === STATUS.ok) counts.moAcks++;
    else this.#refused(sequence);
  }

  #refused(sequence: number): void {
    this.tally.counts.moRefused++;
    const number = this.#numberOf[(sequence >> 1) % IN_FLIGHT] ?? 0;
    setTimeout(() => this.dialogues.drop(number), REFUSED_PAUSE_MS).unref();
  }

  #throttles(): boolean {
    this.#owedThrottles += this.#settings.throttlePercent;
    if (this.#owedThrottles < 100) return false;
    this.#owedThrottles -= 100;
    this.tally.counts.throttled++;
    return true;
  }

  #accept(session: Session, sequence: number, number: number, wantsReceipt: boolean): void {
    const id = ++this.#messageId;
    const at = session.out.put(SUBMIT_RESP);
    putSequence(session.out.buffer, at, sequence);
    putMessageId(session.out.buffer, at, id);
    if (wantsReceipt && number >= 0) this.#receipts.push(number, id, performance.now());
  }

  /** The text that a subscriber waited for: counted, and the dialogue goes on. */
  #answer(bytes: Buffer, number: number, submission: Submission): void {
    const turn = number < 0 ? undefined : this.dialogues.turn(number);
    if (turn === undefined) {
      this.tally.counts.unasked++;
      return;
    }
    if (this.dialogues.wantsCode(turn)) {
      const code = findDigits(bytes, submission.text, submission.textEnd, CODE_DIGITS);
      if (code !== undefined) this.dialogues.keepCode(number, code);
    }
    if (!submission.last) return;
    if (this.#speech.brokeOff(turn, bytes, submission)) {
      this.tally.counts.brokenOff++;
      this.dialogues.drop(number);
      return;
    }
    const now = performance.now();
    this.tally.answered(turn.kind, this.dialogues.dueOf(number), now);
    const text = this.dialogues.advance(number, turn, now);
    const next = { kind: turn.kind, step: turn.step + 1 };
    if (text !== undefined) this.#deliver(number, this.#speech.template(next, text));
  }

  /** MOs have odd sequence numbers, receipts even ones, so that a response tells which it is. */
  #deliver(number: number, template: Template): void {
    this.#sequence = (this.#sequence + 1) % 0x3fff_ffff;
    this.#numberOf[this.#sequence % IN_FLIGHT] = number;
    this.tally.counts.mos++;
    this.#put(template, number, this.#sequence * 2 + 1);
  }

  #deliverReceipt(number: number, id: number): void {
    this.tally.counts.receipts++;
    this.#put(this.#receipt, number, (this.tally.counts.receipts % 0x3fff_ffff) * 2 + 2, id);
  }

  #put(template: Template, number: number, sequence: number, id?: number): void {
    const session = this.#receivers[this.#turn++ % this.#receivers.length];
    if (session === undefined) return;
    const at = session.out.put(template.frame);
    putSequence(session.out.buffer, at, sequence);
    putDigits(session.out.buffer, at + template.numberAt, number, DIGITS);
    if (template.sessionAt !== undefined) session.out.buffer[at + template.sessionAt] = number & 0xff;
    if (id !== undefined) putReceipt(at, session.out.buffer, this.#receipt, id);
  }
}
