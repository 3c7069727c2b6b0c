import type { Socket } from 'node:net';
import { step } from '../../lib/fsm.ts';
import type { BindMode } from './bind.ts';
import { bindRequest } from './bind.ts';
import { decodePdu, encodePdu } from '../codec/codec.ts';
import { statusName } from '../codec/dictionary.ts';
import type { ConnectionEvents, Fate } from './connection.ts';
import { Connection } from './connection.ts';
import type { SmppEnv } from '../env.ts';
import { chanceOf } from '../env.ts';
import type { PduFault } from '../guard.ts';
import { checkFrame, faultyResponse, refusalOf, soundPartOf } from '../guard.ts';
import type { SessionAction, SessionEvent, SessionState } from './fsm.ts';
import { SESSION_TABLE } from './fsm.ts';
import type { Due } from './timers.ts';
import { backoff, failuresAfter } from './timers.ts';
import { Owed } from './owed.ts';
import type { Pdu } from '../pdu.ts';
import { bare, genericNack, responseTo, STATUS, TAG, tlvNumber } from '../pdu.ts';
import { SessionAlarm } from './alarm.ts';
import type { SessionOwner } from './owner.ts';
import { meaningOf, nackRefuses } from './pdus.ts';
import type { LinkSettings } from '../settings.ts';

const LAST_SEQUENCE = 0x7fffffff;

/** One SMPP session: connects, binds, keeps alive, comes back. The table says what happens; this class does it. */
export class Session {
  readonly mode: BindMode;
  readonly #settings: LinkSettings;
  readonly #env: SmppEnv;
  readonly #owner: SessionOwner<Session>;
  #connection: Connection | undefined;
  #owed: Owed | undefined;
  #accepted: Socket | undefined;
  readonly #alarm: SessionAlarm;
  #sequence = 0;
  #bindSequence = 0;
  #failures = 0;
  /** Monotonic milliseconds; undefined over a connection that was never bound. */
  #boundAt: number | undefined;
  /** sc_interface_version of the peer; without it the peer is treated as 3.3 and gets no TLVs. */
  #peerVersion: number | undefined;
  #lastError: string | undefined;

  constructor(settings: LinkSettings, mode: BindMode, env: SmppEnv, owner: SessionOwner<Session>) {
    this.mode = mode;
    this.#settings = settings;
    this.#env = env;
    this.#owner = owner;
    this.#alarm = new SessionAlarm(settings, env.clock, (due) => this.#due(due));
  }

  get state(): SessionState {
    return this.#alarm.state;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  get takesTlvs(): boolean {
    return this.#peerVersion !== undefined && this.#peerVersion >= 0x34;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** `accepted` is the connection of an outbind; it serves once. `failures` are of the session in whose place this one comes. */
  start(accepted?: Socket, failures = 0): void {
    this.#accepted = accepted;
    this.#failures = failures;
    this.#on('start');
  }

  /** Unbinds when bound, else just ends; `stopped` of the owner follows. */
  stop(): void {
    this.#on('stop');
  }

  /** Our bind is not what the SMSC thinks it is (0x04 and its like): begin again. */
  rebind(why: string): void {
    this.#lose(why);
  }

  /** Ends without ceremony. */
  kill(): void {
    this.#alarm.enter('stopped', 0);
    this.#connection?.destroy();
  }

  nextSequence(): number {
    this.#sequence = this.#sequence >= LAST_SEQUENCE ? 1 : this.#sequence + 1;
    return this.#sequence;
  }

  send(pdu: Pdu, fate?: Fate): void {
    this.#note('pdu.sent', { command: pdu.command, status: pdu.status });
    this.#connection?.send(encodePdu(pdu), fate);
  }

  #on(event: SessionEvent, refusal?: number): void {
    const from = this.state;
    const row = step(SESSION_TABLE, from, event);
    if (row === undefined) {
      this.#note('link.event-refused', { state: from, event });
      return;
    }
    if (row.to !== from) this.#enter(row.to, row.do);
    if (row.do !== undefined) this.#acts[row.do]();
    if (row.to === 'waiting') this.#owner.down(this, from, refusal);
    if (row.to === 'stopped') this.#owner.stopped(this);
  }

  #enter(state: SessionState, action: SessionAction | undefined): void {
    const held = this.#boundAt === undefined ? 0 : this.#env.clock.monotonic() - this.#boundAt;
    if (state === 'waiting') this.#failures = failuresAfter(this.#failures, held, this.#settings);
    const usual = backoff(this.#failures, this.#settings, chanceOf(this.#env));
    this.#alarm.enter(state, action === 'back-off-long' ? this.#settings.badPasswordDelay : usual);
  }

  readonly #acts: Readonly<Record<SessionAction, () => void>> = {
    connect: () => this.#connect(),
    'send-bind': () => {
      this.#bindSequence = this.nextSequence();
      this.send(bindRequest(this.#settings, this.mode, this.#bindSequence));
    },
    announce: () => this.#announce(),
    'send-enquire': () => {
      this.#alarm.asked();
      this.send(bare('enquire_link', this.nextSequence()));
    },
    yield: () => this.#owner.leaving(this),
    settle: () => this.#settle(),
    'send-unbind': () => {
      if (this.#owed?.unbind === undefined) this.send(bare('unbind', this.nextSequence()));
      else this.#on('unbound');
    },
    'back-off': () => this.#hangUp(),
    'back-off-long': () => this.#hangUp(),
    close: () => this.#hangUp(),
  };

  #hangUp(): void {
    if (this.#owed?.unbind !== undefined) this.send(responseTo(this.#owed.unbind, STATUS.ok));
    this.#connection?.finish();
    this.#connection = undefined;
  }

  /** An unbind waits until nothing is open, for it ends the connection (SMPP 3.4 4.2). */
  #settle(): void {
    const parting = this.state === 'yielding' || this.state === 'draining';
    if (parting && this.#owed?.requests === 0 && !this.#owner.awaits(this)) this.#on('settled');
  }

  #connect(): void {
    this.#note('link.connecting');
    this.#sequence = 0;
    this.#boundAt = undefined;
    this.#connection = new Connection(this.#settings, this.#hears, this.#accepted);
    this.#owed = new Owed(this.#connection, ({ command, status }) => {
      this.#note('pdu.sent', { command, status });
      this.#settle();
    });
  }

  readonly #hears: ConnectionEvents = {
    opened: () => this.#on('opened'),
    frame: (frame) => this.#read(frame),
    broken: ({ kind, length }) => {
      this.#note('stream.fault', { kind, length });
      if (kind === 'too-short' || kind === 'too-long') this.send(genericNack(0, STATUS.invalidCommandLength));
      this.#lose(`stream fault: ${kind}`);
    },
    closed: (reason) => this.#lose(reason),
  };

  #announce(): void {
    this.#boundAt = this.#env.clock.monotonic();
    this.#lastError = undefined;
    this.#note('link.bound', { version: this.#peerVersion });
    this.#owner.bound(this);
  }

  #lose(reason: string): void {
    this.#lastError = reason;
    this.#note(this.state === 'connecting' ? 'link.unreachable' : 'link.lost', { state: this.state, reason });
    this.#on('lost');
  }

  #read(frame: Buffer): void {
    this.#alarm.heard();
    const checked = checkFrame(frame);
    if (!checked.ok) {
      this.#faulty(frame, checked.fault);
      return;
    }
    const pdu = decodePdu(frame, checked.value);
    this.#note('pdu.received', { command: pdu.command, status: pdu.status });
    this.#follow(pdu);
  }

  #faulty(frame: Buffer, wrong: PduFault): void {
    const { kind, commandId, status, sequence, where } = wrong;
    this.#note('pdu.fault', { kind, command: `0x${commandId.toString(16)}`, status, sequence, where });
    const sound = soundPartOf(frame, wrong);
    if (sound !== undefined) this.#follow(sound);
    else if (!faultyResponse(wrong)) this.send(refusalOf(wrong));
  }

  #follow(heard: Pdu): void {
    const pdu = nackRefuses(heard);
    const standing = { state: this.state, mode: this.mode, settings: this.#settings, proven: this.#owner.proven };
    const meaning = meaningOf(pdu, { bindSequence: this.#bindSequence, ...standing });
    if (meaning.kind === 'event') this.#happen(meaning.event, pdu);
    if (meaning.kind === 'answer') this.send(responseTo(pdu, meaning.status));
    if (meaning.kind === 'request' && this.#owed !== undefined) this.#owner.request(pdu, this.#owed.replyTo(pdu));
    if (meaning.kind === 'response') this.#owner.response(pdu);
    if (meaning.kind === 'unexpected')
      this.#note('pdu.unexpected', { command: pdu.command, status: pdu.status, sequence: pdu.sequence });
    this.#settle();
  }

  #happen(event: SessionEvent, pdu: Pdu): void {
    if (event === 'peer-unbind' && this.#owed !== undefined) this.#owed.unbind = pdu;
    if (event === 'bind-accepted') this.#peerVersion = tlvNumber(pdu, TAG.scInterfaceVersion);
    const refused = event === 'bind-refused' || event === 'password-refused';
    if (refused) {
      this.#lastError = `bind refused: ${statusName(pdu.status)}`;
      this.#note(event === 'bind-refused' ? 'link.bind-refused' : 'link.password-refused', { status: pdu.status });
    }
    this.#on(event, refused ? pdu.status : undefined);
  }

  #due(due: Due): void {
    if (due === 'silent' || (due === 'expired' && this.state !== 'waiting')) {
      this.#lastError = `no answer while ${this.state}`;
      this.#note('link.silent', { state: this.state });
    }
    this.#on(due);
  }

  #note(event: Parameters<SmppEnv['note']>[0], fields?: Parameters<SmppEnv['note']>[1]): void {
    this.#env.note(event, { link: this.#settings.name, mode: this.mode, ...fields });
  }
}
