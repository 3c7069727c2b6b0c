import type { Socket } from 'node:net';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { AutoBind } from './auto-bind.ts';
import { afterFruitless, firstBind, isFree, MODES, whollyBound } from './auto-bind.ts';
import type { SmppEnv } from './env.ts';
import type { SessionState } from './session/fsm.ts';
import { OutbindListener } from './outbind.ts';
import type { Pdu, Response } from './pdu.ts';
import { Sender } from './mt/sender.ts';
import type { Reply } from './reply.ts';
import { Session } from './session/session.ts';
import type { SessionOwner } from './session/owner.ts';
import type { LinkSettings } from './settings.ts';
import type { Shared } from './shared.ts';
import { credentialsOf } from './shared.ts';

export interface LinkStatus {
  readonly name: string;
  readonly smsc: string;
  /** Of the session that transmits. */
  readonly state: SessionState;
  /** Every session of the link is bound: it sends and receives. */
  readonly bound: boolean;
  /** Unanswered parts. */
  readonly window: { readonly inUse: number; readonly size: number };
  /** Parts that wait for the window. */
  readonly queued: number;
  /** Epoch milliseconds of the last change of `bound`. */
  readonly since: number;
  readonly lastError: string | undefined;
}

/** Receivers by outbind at once. */
const MOST_CALLED = 4;

/** A session in these needs no further word to stop. */
const ENDING: readonly SessionState[] = ['draining', 'unbinding', 'stopped'];

/** Waits until each of some sessions has stopped. */
interface Ending {
  readonly sessions: () => readonly Session[];
  readonly resolve: () => void;
}

/** One link of config: a transceiver, or a transmitter and a receiver, and what goes over them. */
export class Link implements SessionOwner<Session> {
  readonly settings: LinkSettings;
  readonly #env: SmppEnv;
  readonly #shared: Shared;
  readonly #credentials: string;
  readonly #sender: Sender;
  #sessions: readonly Session[];
  /** Receivers that the SMSC asked for by an outbind; each lives as long as its connection. */
  readonly #called = new Set<Session>();
  readonly #outbind: OutbindListener | undefined;
  #auto: AutoBind;
  #since: number;
  #started = false;
  #stopping = false;
  /** On its way from a transceiver to the pair, or back. */
  #reshaping = false;
  #endings: readonly Ending[] = [];

  constructor(settings: LinkSettings, env: SmppEnv, shared: Shared) {
    this.settings = settings;
    this.#env = env;
    this.#shared = shared;
    this.#credentials = credentialsOf(settings);
    this.#sender = new Sender(settings, env, shared.references);
    this.#auto = firstBind(settings);
    this.#sessions = this.#create();
    this.#since = env.clock.now();
    const { outbind } = settings;
    this.#outbind = outbind && new OutbindListener(settings, outbind, env, (socket) => this.#answerCall(socket));
  }

  get canSend(): boolean {
    return this.#sender.bound && !this.#leaving;
  }

  /** Parts wait already: another link would be faster. */
  get busy(): boolean {
    return this.#sender.queued > 0;
  }

  start(): void {
    if (this.#started || this.#stopping) return;
    this.#started = true;
    for (const session of this.#sessions) session.start();
    this.#outbind?.start();
  }

  async submit(mt: Mt): Promise<SubmitOutcome> {
    return this.#leaving ? { kind: 'no-bind' } : this.#sender.submit(mt);
  }

  /** Lets the window run empty, unbinds, closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#outbind?.stop();
    await this.#end(() => this.#all());
    this.#env.note('link.unbound', { link: this.settings.name });
  }

  /** Closes without ceremony: the deadline of a stop is over. */
  kill(): void {
    this.#stopping = true;
    this.#outbind?.stop();
    if (this.#bound()) this.#since = this.#env.clock.now();
    for (const session of this.#all()) session.kill();
    this.#sender.detach();
    for (const { resolve } of this.#endings) resolve();
  }

  status(): LinkStatus {
    const transmitter = this.#sessions.find((session) => session.mode !== 'rx');
    return {
      name: this.settings.name,
      smsc: this.settings.smsc,
      state: transmitter?.state ?? 'idle',
      bound: this.#bound(),
      window: { inUse: this.#sender.inUse, size: this.settings.window },
      queued: this.#sender.queued,
      since: this.#since,
      lastError: this.#sessions.find((session) => session.lastError !== undefined)?.lastError,
    };
  }

  get proven(): boolean {
    return this.#shared.proven.has(this.#credentials);
  }

  bound(session: Session): void {
    this.#shared.proven.add(this.#credentials);
    if (session.mode !== 'rx') this.#sender.attach(session);
    if (this.#bound()) {
      this.#since = this.#env.clock.now();
      this.#auto = whollyBound(this.#auto);
    }
    this.#shared.changed();
  }

  leaving(session: Session): void {
    if (this.#called.has(session)) return;
    this.#since = this.#env.clock.now();
    this.#shared.changed();
  }

  awaits({ mode }: Session): boolean {
    return mode !== 'rx' && this.#sender.inUse > 0;
  }

  down(session: Session, from: SessionState, refusal: number | undefined): void {
    if (this.#called.delete(session)) {
      session.kill();
      return;
    }
    if (from === 'bound') this.#since = this.#env.clock.now();
    if (session.mode !== 'rx') this.#sender.detach();
    this.#shared.changed();
    if (from === 'binding' && isFree(this.settings) && !this.#leaving) this.#reconsider(session, refusal);
  }

  request(pdu: Pdu, reply: Reply): void {
    this.#shared.inbox.take(this.settings, pdu, reply);
  }

  response(pdu: Response): void {
    this.#sender.response(pdu);
  }

  stopped(session: Session): void {
    if (session.mode !== 'rx') this.#sender.detach();
    this.#settleEndings();
  }

  get #leaving(): boolean {
    return this.#stopping || this.#reshaping;
  }

  /** Answers an outbind with bind_receiver (SMPP 3.4 2.2.1); the SMSC that calls again and again is not obeyed. */
  #answerCall(socket: Socket): void {
    if (this.#stopping || this.#called.size >= MOST_CALLED) {
      socket.destroy();
      return;
    }
    const session = new Session(this.settings, 'rx', this.#env, this);
    this.#called.add(session);
    session.start(socket);
  }

  #all(): readonly Session[] {
    return [...this.#sessions, ...this.#called];
  }

  /** A text in flight would be left unknown, and an SMSC that allows one bind takes the next after an unbind only. */
  async #end(sessions: () => readonly Session[]): Promise<void> {
    await this.#sender.idle();
    if (this.#bound()) this.#since = this.#env.clock.now();
    await new Promise<void>((resolve) => {
      this.#endings = [...this.#endings, { sessions, resolve }];
      for (const session of sessions()) if (!ENDING.includes(session.state)) session.stop();
      this.#settleEndings();
    });
  }

  #settleEndings(): void {
    const over = this.#endings.filter(({ sessions }) => sessions().every(({ state }) => state === 'stopped'));
    this.#endings = this.#endings.filter((ending) => !over.includes(ending));
    for (const { resolve } of over) resolve();
  }

  #bound(): boolean {
    return this.#sessions.every((session) => session.state === 'bound');
  }

  #create(): readonly Session[] {
    return MODES[this.#auto.shape].map((mode) => new Session(this.settings, mode, this.#env, this));
  }

  #reconsider(session: Session, refusal: number | undefined): void {
    const { shape } = this.#auto;
    const otherBound = this.#sessions.some((each) => each.state === 'bound');
    this.#auto = afterFruitless(this.#auto, { mode: session.mode, refusal, otherBound });
    if (this.#auto.shape !== shape) void this.#reshape(session.failures);
  }

  /** The new sessions begin at once, but wait as long as the old ones would have when they fail too. */
  async #reshape(failures: number): Promise<void> {
    const old = this.#sessions;
    this.#env.note('link.fallback', { link: this.settings.name, to: this.#auto.shape });
    this.#reshaping = true;
    this.#shared.changed();
    for (const session of old) if (session.state !== 'bound') session.stop();
    await this.#end(() => old);
    if (this.#stopping) return;
    this.#reshaping = false;
    this.#sessions = this.#create();
    for (const session of this.#sessions) session.start(undefined, failures);
  }
}
