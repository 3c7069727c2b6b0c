/** The peer state machine of RFC 6733 5.6 over one transport connection at a time. The watchdog stands above it (peer.ts). */
import type { Cancel, Clock } from '../lib/clock.ts';
import { step } from '../lib/fsm.ts';
import { numberOf, textOf } from './avp.ts';
import { answer, cer, dpr, dwa, dwr, failedAvp, reply, type Ids, type Knows, type Self } from './base-messages.ts';
import { misfitOf, readCea, type Cea } from './capabilities.ts';
import { decodeMessage } from './codec/decode.ts';
import { encodeMessage } from './codec/encode.ts';
import type { DiameterEvent, DiameterNote } from './events.ts';
import {
  COMMAND,
  DISCONNECT_CAUSE,
  RESULT,
  type Header,
  type Incoming,
  type MessageFault,
  type Outgoing,
} from './message.ts';
import { PEER_TABLE, type PeerAction, type PeerEvent, type PeerState } from './peer-fsm.ts';
import type { PeerSettings } from './settings.ts';
import { openTransport, type Sent, type Transport } from './transport.ts';

export interface ConnectionHandlers {
  /** I-Open is reached. */
  readonly onOpen: (cea: Cea) => void;
  /** Any message on the open connection, before it is processed: what the watchdog lives on. */
  readonly onReceive: (isDwa: boolean) => void;
  /** Of a request's session, where it is one of ours that lives. */
  readonly knowsSession: Knows;
  /** A Re-Auth-Request of such a session was answered with the promise of a CCR-U. */
  readonly onReAuth: (sessionId: string) => void;
  /** An answer to anything but base requests. */
  readonly onAnswer: (message: Incoming) => void;
  /** A DPR came; the connection goes soon. Whether answers are still to come over it. */
  readonly onDisconnectAsked: (cause: number) => boolean;
  /** Closed is reached, from I-Open or Closing when `wasOpen`. */
  readonly onClosed: (reason: string, wasOpen: boolean) => void;
}

export interface ConnectionEnv {
  readonly self: Self;
  readonly clock: Clock;
  readonly note: DiameterNote;
  readonly nextIds: () => Ids;
}

/** What an event brings along. */
interface Context {
  readonly message?: Incoming;
  readonly reason?: string;
  readonly cea?: Cea;
}

const BASE_EVENTS: Readonly<Record<number, readonly [request: PeerEvent, answer: PeerEvent]>> = {
  [COMMAND.capabilitiesExchange]: ['I-Rcv-Message', 'I-Rcv-CEA'],
  [COMMAND.deviceWatchdog]: ['I-Rcv-DWR', 'I-Rcv-DWA'],
  [COMMAND.disconnectPeer]: ['I-Rcv-DPR', 'I-Rcv-DPA'],
};

function eventOf({ command, request }: Header): PeerEvent {
  return BASE_EVENTS[command]?.[request ? 0 : 1] ?? 'I-Rcv-Message';
}

export class Connection {
  readonly #settings: PeerSettings;
  readonly #handlers: ConnectionHandlers;
  readonly #env: ConnectionEnv;
  #state: PeerState = 'Closed';
  #transport: Transport | undefined;
  #cancelTimer: Cancel | undefined;

  readonly #actions: Readonly<Record<PeerAction, (context: Context) => void>> = {
    'I-Snd-Conn-Req': () => this.#connect(),
    'I-Snd-CER': () => {
      this.#arm();
      this.#write(cer(this.#env.self, this.#env.nextIds(), this.#transport?.localAddress ?? '0.0.0.0'));
    },
    'Process-CEA': ({ cea }) => {
      this.#cancelTimer?.();
      if (cea !== undefined) this.#handlers.onOpen(cea);
    },
    'I-Snd-Message': () => undefined, // `send` holds the bytes
    Process: ({ message }) => this.#process(message),
    'Process-DWR, I-Snd-DWA': ({ message }) => {
      if (message !== undefined) this.#write(dwa(this.#env.self, message));
    },
    'Process-DWA': () => undefined, // its coming was all it had to say (`onReceive`)
    'I-Snd-DPR': () => {
      this.#arm();
      this.#write(dpr(this.#env.self, this.#env.nextIds(), DISCONNECT_CAUSE.rebooting));
    },
    'I-Snd-DPA': ({ message }) => this.#answerDisconnect(message),
    'I-Disc': () => this.#transport?.close(),
    Cleanup: () => this.#transport?.destroy(),
    Error: () => this.#transport?.destroy(),
  };

  constructor(settings: PeerSettings, handlers: ConnectionHandlers, env: ConnectionEnv) {
    this.#settings = settings;
    this.#handlers = handlers;
    this.#env = env;
  }

  get state(): PeerState {
    return this.#state;
  }

  start(): void {
    this.#take('Start', {});
  }

  /** DPR where the connection is open; the end comes as `onClosed`. */
  stop(): void {
    this.#take('Stop', { reason: 'stopped' });
  }

  /** Gives the connection up, as if the peer had closed it. */
  disconnect(reason: string): void {
    this.#take('I-Peer-Disc', { reason });
  }

  sendDwr(): void {
    this.send(encodeMessage(dwr(this.#env.self, this.#env.nextIds())));
  }

  /** Bytes of one message; false when the state does not let it go. */
  send(bytes: Uint8Array, sent?: Sent): boolean {
    if (step(PEER_TABLE, this.#state, 'Send-Message') === undefined) return false;
    this.#transport?.write(bytes, sent);
    return true;
  }

  #take(event: PeerEvent, context: Context): void {
    const from = this.#state;
    const row = step(PEER_TABLE, from, event);
    if (row === undefined) {
      if (event !== 'Start' && event !== 'Stop') this.#note('peer.event-refused', { state: from, event });
      return;
    }
    this.#state = row.to;
    if (row.do !== undefined) this.#actions[row.do](context);
    if (row.to === 'Closed') this.#leave(from, context.reason ?? event);
  }

  #leave(from: PeerState, reason: string): void {
    this.#cancelTimer?.();
    this.#transport = undefined;
    this.#handlers.onClosed(reason, from === 'I-Open' || from === 'Closing');
  }

  #note(event: DiameterEvent, fields: Readonly<Record<string, string | number>>): void {
    this.#env.note(event, { peer: this.#settings.name, ...fields });
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#env.clock.after(this.#settings.connectTimeout, () => {
      this.#note('peer.timeout', { state: this.#state });
      this.#take('Timeout', { reason: `timeout in ${this.#state}` });
    });
  }

  #connect(): void {
    this.#arm();
    this.#note('peer.connecting', { host: this.#settings.host, port: this.#settings.port });
    const mine = (): boolean => this.#transport === transport;
    const transport = openTransport(this.#settings, {
      onUp: () => mine() && this.#take('I-Rcv-Conn-Ack', {}),
      onFrame: (frame) => mine() && this.#onFrame(frame),
      onDown: (reason) =>
        mine() && this.#take(this.#state === 'Wait-Conn-Ack' ? 'I-Rcv-Conn-Nack' : 'I-Peer-Disc', { reason }),
    });
    this.#transport = transport;
  }

  #write(message: Outgoing): void {
    this.#transport?.write(encodeMessage(message));
  }

  #onFrame(frame: Uint8Array): void {
    const decoded = decodeMessage(frame);
    if (!decoded.ok) {
      this.#onFault(decoded.fault);
      return;
    }
    const message = decoded.value;
    for (const odd of message.odd ?? []) this.#note('avp.malformed', { ...odd });
    const event = eventOf(message.header);
    if (this.#state === 'Wait-I-CEA') {
      this.#onFirst(event, message);
      return;
    }
    this.#handlers.onReceive(event === 'I-Rcv-DWA');
    this.#take(event, { message });
  }

  /** RFC 6733 5.3: what the peer says of itself must fit, or the connection is not for us. */
  #onFirst(event: PeerEvent, message: Incoming): void {
    if (event !== 'I-Rcv-CEA') {
      this.#take('I-Rcv-Non-CEA', { reason: `command ${message.header.command} where CEA is due` });
      return;
    }
    const cea = readCea(message.avps);
    const wrong = misfitOf(cea, {
      identity: this.#settings.identity,
      certificateFault: (originHost) => this.#transport?.certificateFault(originHost),
    });
    if (wrong === undefined) {
      this.#take('I-Rcv-CEA', { message, cea });
      return;
    }
    this.#note(wrong.event, { reason: wrong.reason, originHost: cea.originHost ?? '' });
    this.#take('I-Rcv-Non-CEA', { reason: wrong.reason });
  }

  #onFault(broken: MessageFault): void {
    const { header, path, shape, resultCode, failed, before } = broken;
    this.#note('message.fault', { command: header.command, path, shape });
    if (this.#state === 'Wait-I-CEA') {
      this.#take('I-Rcv-Non-CEA', { reason: `${path}: ${shape}` });
      return;
    }
    this.#handlers.onReceive(eventOf(header) === 'I-Rcv-DWA');
    if (header.request) this.#write(answer(this.#env.self, { header, avps: before }, resultCode, [failedAvp(failed)]));
  }

  #process(message: Incoming | undefined): void {
    if (message === undefined) return;
    if (!message.header.request) {
      this.#handlers.onAnswer(message);
      return;
    }
    const replied = reply(this.#env.self, message, this.#handlers.knowsSession);
    const resultCode = Number(replied.fields.find(([name]) => name === 'Result-Code')?.[1]);
    this.#note('request.answered', { command: message.header.command, result: resultCode });
    this.#write(replied);
    if (resultCode === RESULT.limitedSuccess) this.#handlers.onReAuth(textOf(message.avps, 'Session-Id') ?? '');
  }

  /** RFC 6733 5.4: DPA first, with an error while answers are owed; its receiver closes, and the timer is for one that does not. */
  #answerDisconnect(message: Incoming | undefined): void {
    if (message === undefined) return;
    this.#arm();
    const cause = numberOf(message.avps, 'Disconnect-Cause') ?? DISCONNECT_CAUSE.rebooting;
    this.#note('peer.disconnect-asked', { cause });
    const isOwed = this.#handlers.onDisconnectAsked(cause);
    this.#write(answer(this.#env.self, message, isOwed ? RESULT.unableToComply : RESULT.success));
  }
}
