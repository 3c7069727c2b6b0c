import type { Cancel, Clock } from '../../lib/clock.ts';
import type { SessionState } from './fsm.ts';
import type { Due, LinkTimers } from './timers.ts';
import { asked, enter, heard, nextDue, tick } from './timers.ts';
import type { LinkSettings } from '../settings.ts';

/** Ties the timers' value to a clock: one alarm at the nearest due time. Being heard only moves it later, so the alarm stays. */
export class SessionAlarm {
  readonly #settings: LinkSettings;
  readonly #clock: Clock;
  readonly #due: (due: Due) => void;
  #timers: LinkTimers;
  #cancel: Cancel | undefined;

  constructor(settings: LinkSettings, clock: Clock, due: (due: Due) => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#due = due;
    this.#timers = enter('idle', clock.monotonic(), settings);
  }

  get state(): SessionState {
    return this.#timers.state;
  }

  /** `wait` in milliseconds bounds a `waiting` state. */
  enter(state: SessionState, wait: number): void {
    this.#set(enter(state, this.#clock.monotonic(), this.#settings, wait));
  }

  heard(): void {
    const answered = this.#timers.asked !== undefined;
    this.#timers = heard(this.#timers, this.#clock.monotonic());
    if (answered) this.#arm();
  }

  asked(): void {
    this.#set(asked(this.#timers, this.#clock.monotonic()));
  }

  #set(timers: LinkTimers): void {
    this.#timers = timers;
    this.#arm();
  }

  #arm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const due = nextDue(this.#timers, this.#settings);
    if (due === undefined) return;
    this.#cancel = this.#clock.after(Math.max(due - this.#clock.monotonic(), 1), () => this.#tick());
  }

  #tick(): void {
    const due = tick(this.#timers, this.#settings, this.#clock.monotonic());
    if (due === undefined) this.#arm();
    else this.#due(due);
  }
}
