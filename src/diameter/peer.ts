/** One peer of ours: the RFC 3539 watchdog above its connection. Traffic goes only while it is I-Open and OKAY. */
import type { Cancel, Clock } from '../lib/clock.ts';
import type { Ids, Knows, Self } from './base-messages.ts';
import type { Cea } from './capabilities.ts';
import { Connection } from './connection.ts';
import type { DiameterEvent, DiameterNote } from './events.ts';
import { DISCONNECT_CAUSE, type Incoming } from './message.ts';
import { watchdogInterval } from './peer-timers.ts';
import type { PeerSettings } from './settings.ts';
import type { Sent } from './transport.ts';
import {
  NEW_WATCHDOG,
  watch,
  type Happening,
  type Watchdog,
  type WatchdogEffect,
  type WatchdogStatus,
} from './watchdog-fsm.ts';

export interface PeerHandlers {
  /** Traffic may go, or may not any more. */
  readonly onTraffic: (open: boolean) => void;
  readonly onAnswer: (message: Incoming) => void;
  /** Answers are still to come. */
  readonly isOwed: () => boolean;
  /** See `ConnectionHandlers`. */
  readonly knowsSession: Knows;
  readonly onReAuth: (sessionId: string) => void;
  /** RFC 3539 Failover(): the connection lives, but what waits should go elsewhere. */
  readonly onFailover: () => void;
  /** The connection is gone, and with it every answer it owed. */
  readonly onDown: () => void;
}

export interface PeerEnv {
  readonly self: Self;
  readonly clock: Clock;
  readonly random: (count: number) => Uint8Array;
  readonly note: DiameterNote;
  readonly nextIds: () => Ids;
}

const STATUS_EVENTS: Readonly<Partial<Record<WatchdogStatus, DiameterEvent>>> = {
  SUSPECT: 'peer.suspect',
  REOPEN: 'peer.reopen',
  DOWN: 'peer.down',
};

export class Peer {
  readonly #settings: PeerSettings;
  readonly #handlers: PeerHandlers;
  readonly #env: PeerEnv;
  readonly #connection: Connection;
  #watchdog: Watchdog = NEW_WATCHDOG;
  #cancelTimer: Cancel | undefined;
  /** Monotonic milliseconds: when the watchdog is due, and when its timer rings. */
  #watchAt = 0;
  #ringsAt = Infinity;
  #wasOpen = false;
  /** The peer asked not to be called again (DPR BUSY, DO_NOT_WANT_TO_TALK_TO_YOU) until there is a need. */
  #parked = false;
  #needed = false;
  /** Whoever asked it to stop: a reload that it is gone from, and the end of the process. */
  readonly #onStopped: (() => void)[] = [];
  #originHost: string | undefined;
  #originStateId: number | undefined;
  #lastError: string | undefined;

  readonly #effects: Readonly<Record<WatchdogEffect, () => void>> = {
    'SetWatchdog()': () => this.#setWatchdog(),
    'SendWatchdog()': () => this.#connection.sendDwr(),
    'Failover()': () => {
      if (this.#connection.state !== 'Closed') this.#handlers.onFailover(); // else `onDown` says so
    },
    'Failback()': () => undefined, // traffic is routed anew for each charge
    'CloseConnection()': () => {
      if (this.#connection.state !== 'Closed') this.#connection.disconnect('watchdog: no answer');
    },
    'AttemptOpen()': () => this.#attemptOpen(),
    'Throwaway()': () => undefined, // nothing waits for an answer on a connection without traffic
  };

  constructor(settings: PeerSettings, handlers: PeerHandlers, env: PeerEnv) {
    this.#settings = settings;
    this.#handlers = handlers;
    this.#env = env;
    this.#connection = new Connection(
      settings,
      {
        onOpen: (cea) => this.#onOpen(cea),
        onReceive: (isDwa) => this.#happen(isDwa ? 'Receive DWA' : 'Receive non-DWA'),
        onAnswer: handlers.onAnswer,
        knowsSession: handlers.knowsSession,
        onReAuth: handlers.onReAuth,
        onDisconnectAsked: (cause) => {
          this.#parked = cause !== DISCONNECT_CAUSE.rebooting;
          this.#needed = false;
          this.#refresh();
          return handlers.isOwed();
        },
        onClosed: (reason, wasOpen) => this.#onClosed(reason, wasOpen),
      },
      env,
    );
  }

  get name(): string {
    return this.#settings.name;
  }

  /** From the last CEA. */
  get originHost(): string | undefined {
    return this.#originHost;
  }

  get open(): boolean {
    return this.#connection.state === 'I-Open' && this.#watchdog.status === 'OKAY';
  }

  start(): void {
    this.#attemptOpen();
    this.#setWatchdog();
  }

  /** Calls `onStopped` once, when the connection is closed: at once, or after DPR and DPA. */
  stop(onStopped: () => void): void {
    const wasClosed = this.#connection.state === 'Closed';
    this.#onStopped.push(onStopped);
    this.#cancelTimer?.();
    this.#connection.stop();
    this.#refresh();
    // A connection that this closes tells it itself (`#onClosed`), here and now while it is still connecting.
    if (wasClosed) onStopped();
  }

  get #isStopping(): boolean {
    return this.#onStopped.length > 0;
  }

  /** Closes without waiting for anything more. */
  abandon(): void {
    if (this.#connection.state !== 'Closed') this.#connection.disconnect('stopped');
  }

  /** There is something to send: a parked peer is called again at its next Tc. */
  need(): void {
    this.#needed = true;
  }

  /** False when nothing may go. */
  send(bytes: Uint8Array, sent: Sent): boolean {
    return this.open && this.#connection.send(bytes, sent);
  }

  status(): {
    readonly state: string;
    readonly watchdog: string;
    readonly originHost?: string;
    readonly lastError?: string;
  } {
    return {
      state: this.#connection.state,
      watchdog: this.#watchdog.status,
      ...(this.#originHost !== undefined && { originHost: this.#originHost }),
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    };
  }

  #happen(happening: Happening): void {
    const before = this.#watchdog.status;
    const came = watch(this.#watchdog, happening);
    if (came === undefined) return;
    this.#watchdog = came.next;
    if (came.effects.includes('CloseConnection()')) this.#lastError ??= 'watchdog: no answer';
    if (before !== came.next.status) this.#noteStatus(came.next.status);
    for (const effect of came.effects) this.#effects[effect]();
    this.#refresh();
  }

  #noteStatus(status: WatchdogStatus): void {
    const event = status === 'DOWN' && this.#isStopping ? 'peer.closed' : STATUS_EVENTS[status];
    if (event !== undefined) this.#note(event);
  }

  #note(event: DiameterEvent): void {
    const reason = this.#lastError;
    this.#env.note(event, { peer: this.name, ...(reason !== undefined && { reason }) });
  }

  /** Tells the change, once, whatever brought it. */
  #refresh(): void {
    const { open } = this;
    if (open === this.#wasOpen) return;
    this.#wasOpen = open;
    if (open) this.#note('peer.open');
    this.#handlers.onTraffic(open);
  }

  /** Every message sets it; a timer that rings too early for that is set again then, not at each message. */
  #setWatchdog(): void {
    if (this.#isStopping) {
      this.#cancelTimer?.();
      return;
    }
    const isUp = this.#connection.state === 'I-Open' || this.#connection.state === 'Closing';
    const { tw, tc } = this.#settings;
    const delay = isUp ? watchdogInterval(tw, this.#env.random(1)[0] ?? 0) : tc;
    this.#watchAt = this.#env.clock.monotonic() + delay;
    if (this.#ringsAt > this.#watchAt) this.#ring(delay);
  }

  #ring(delay: number): void {
    this.#cancelTimer?.();
    this.#ringsAt = this.#env.clock.monotonic() + delay;
    this.#cancelTimer = this.#env.clock.after(delay, () => {
      this.#ringsAt = Infinity;
      const left = this.#watchAt - this.#env.clock.monotonic();
      if (left > 0) this.#ring(left);
      else this.#happen('Timer expires');
    });
  }

  #attemptOpen(): void {
    if (this.#parked && !this.#needed) return;
    this.#parked = false;
    this.#needed = false;
    this.#connection.start();
  }

  #onOpen(cea: Cea): void {
    const before = this.#originStateId;
    this.#originHost = cea.originHost;
    this.#originStateId = cea.originStateId ?? before;
    this.#lastError = undefined;
    if (before !== undefined && cea.originStateId !== undefined && cea.originStateId > before)
      this.#note('peer.restarted');
    this.#happen('Connection up');
  }

  #onClosed(reason: string, wasOpen: boolean): void {
    this.#lastError = reason;
    if (!wasOpen) this.#note('peer.connect-failed');
    if (wasOpen) this.#happen('Connection down');
    this.#refresh();
    this.#handlers.onDown();
    for (const onStopped of this.#onStopped) onStopped();
  }
}
