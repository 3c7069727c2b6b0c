import type { Socket } from 'node:net';
import type { Mt, SubmitOutcome } from '../domain/message.ts';
import type { BindMode } from './bind.ts';
import type { SmppEnv } from './env.ts';
import type { Inbox } from './inbox.ts';
import type { SessionState } from './link-fsm.ts';
import { OutbindListener } from './outbind.ts';
import type { Pdu } from './pdu.ts';
import { STATUS } from './pdu.ts';
import type { References } from './references.ts';
import { Sender } from './sender.ts';
import type { Reply, Response, SessionOwner } from './session.ts';
import { Session } from './session.ts';
import type { LinkSettings } from './settings.ts';

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

/** Binds that a peer without bind_transceiver closes on, before the pair is tried. */
const CLOSED_ON = 3;

/** Receivers by outbind at once. */
const MOST_CALLED = 4;

/** One link of config: a transceiver, or a transmitter and a receiver, and what goes over them. */
export class Link implements SessionOwner {
  readonly settings: LinkSettings;
  readonly #env: SmppEnv;
  readonly #inbox: Inbox;
  /** Told when the link can send, and when it no longer can. */
  readonly #changed: () => void;
  readonly #sender: Sender;
  #sessions: readonly Session[];
  /** Receivers that the SMSC asked for by an outbind; each lives as long as its connection. */
  readonly #called = new Set<Session>();
  readonly #outbind: OutbindListener | undefined;
  #closedOn = 0;
  #since: number;
  #started = false;
  #stopping = false;
  #whenStopped: (() => void) | undefined;

  constructor(
    settings: LinkSettings,
    env: SmppEnv,
    shared: { readonly inbox: Inbox; readonly references: References; readonly changed: () => void },
  ) {
    this.settings = settings;
    this.#env = env;
    this.#inbox = shared.inbox;
    this.#changed = shared.changed;
    this.#sender = new Sender(settings, env, shared.references);
    this.#sessions = this.#create(firstModes(settings));
    this.#since = env.clock.now();
    const { outbind } = settings;
    this.#outbind = outbind && new OutbindListener(settings, outbind, env, (socket) => this.#answerCall(socket));
  }

  get canSend(): boolean {
    return this.#sender.bound && !this.#stopping;
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
    return this.#stopping ? { kind: 'no-bind' } : this.#sender.submit(mt);
  }

  /** Lets the window run empty, unbinds, closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#outbind?.stop();
    await this.#sender.idle();
    await new Promise<void>((resolve) => {
      this.#whenStopped = resolve;
      for (const session of this.#all()) if (session.state !== 'stopped') session.stop();
      this.#settleStop();
    });
    this.#env.note('link.unbound', { link: this.settings.name });
  }

  /** Closes without ceremony: the deadline of a stop is over. */
  kill(): void {
    this.#stopping = true;
    this.#outbind?.stop();
    for (const session of this.#all()) session.kill();
    this.#sender.detach();
    this.#whenStopped?.();
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

  bound(session: Session): void {
    this.#closedOn = 0;
    if (session.mode !== 'rx') this.#sender.attach(session);
    if (this.#bound()) this.#since = this.#env.clock.now();
    this.#changed();
  }

  down(session: Session, from: SessionState, refusal: number | undefined): void {
    if (this.#called.delete(session)) {
      session.kill();
      return;
    }
    if (from === 'bound') this.#since = this.#env.clock.now();
    if (session.mode !== 'rx') this.#sender.detach();
    this.#changed();
    if (session.mode === 'trx' && this.settings.bind === 'auto' && this.#wantsPair(from, refusal))
      this.#fallBack(session);
  }

  request(pdu: Pdu, reply: Reply): void {
    this.#inbox.take(this.settings, pdu, reply);
  }

  response(pdu: Response): void {
    this.#sender.response(pdu);
  }

  stopped(session: Session): void {
    if (session.mode !== 'rx') this.#sender.detach();
    this.#settleStop();
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

  #settleStop(): void {
    if (this.#all().every((session) => session.state === 'stopped')) this.#whenStopped?.();
  }

  #bound(): boolean {
    return this.#sessions.every((session) => session.state === 'bound');
  }

  #create(modes: readonly BindMode[]): readonly Session[] {
    return modes.map((mode) => new Session(this.settings, mode, this.#env, this));
  }

  /** bind_transceiver came with 3.4: an older peer answers "unknown command", or just closes. */
  #wantsPair(from: SessionState, refusal: number | undefined): boolean {
    if (refusal === STATUS.invalidCommandId || refusal === STATUS.invalidCommandLength) return true;
    if (from === 'binding' && refusal === undefined) this.#closedOn += 1;
    return this.#closedOn >= CLOSED_ON;
  }

  #fallBack(session: Session): void {
    this.#env.note('link.fallback', { link: this.settings.name });
    session.kill();
    this.#sessions = this.#create(['tx', 'rx']);
    for (const each of this.#sessions) each.start();
  }
}

function firstModes(settings: LinkSettings): readonly BindMode[] {
  const pair = settings.bind === 'tx+rx' || (settings.bind === 'auto' && settings.interfaceVersion === 0x33);
  return pair ? ['tx', 'rx'] : ['trx'];
}
