import { createPending } from '../../lib/pending.ts';
import type { Rate } from './rate.ts';
import { createRate, onAccepted, onCongested, onThrottled, take, waitFor } from './rate.ts';

/** Orders parts: one that comes back after a throttle goes before all that came later. */
export interface Ordered {
  readonly order: number;
}

export interface WindowLimits {
  /** Unanswered PDUs at most. */
  readonly size: number;
  /** Waiting parts at most. */
  readonly queue: number;
  /** Milliseconds until an unanswered PDU is given up. */
  readonly responseTimeout: number;
  /** Parts per second, or undefined. */
  readonly rate: number | undefined;
}

/** First pause after ESME_RTHROTTLED, doubled while nothing is accepted in between; milliseconds. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 8_000;

/**
 * The parts of one bind on their way: waiting in order, or written and unanswered by sequence number. Counts parts,
 * never messages. Knows no clock and no socket; `now` is monotonic milliseconds.
 */
export class PartWindow<Part extends Ordered> {
  readonly #limits: WindowLimits;
  readonly #inFlight = createPending<number, Part>();
  #waiting: Part[] = [];
  #pausedUntil = 0;
  #pause = 0;
  #rate: Rate;

  constructor(limits: WindowLimits, now: number) {
    this.#limits = limits;
    this.#rate = createRate(limits.rate, now);
  }

  get inUse(): number {
    return this.#inFlight.size;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  get idle(): boolean {
    return this.inUse === 0 && this.queued === 0;
  }

  /** Takes all parts of a message or, when there is no room to wait, none. */
  offer(parts: readonly Part[]): boolean {
    if (this.queued > 0 && this.queued + parts.length > this.#limits.queue) return false;
    for (const part of parts) this.#waiting.push(part);
    return true;
  }

  /** The next part to write, if the window, the pause and the rate allow one now. */
  next(now: number): Part | undefined {
    if (this.queued === 0 || this.inUse >= this.#limits.size || now < this.#pausedUntil) return undefined;
    const taken = take(this.#rate, now);
    if (taken === undefined) return undefined;
    this.#rate = taken;
    return this.#waiting.shift();
  }

  sent(sequence: number, part: Part, now: number): void {
    this.#inFlight.add(sequence, part, now + this.#limits.responseTimeout);
  }

  answered(sequence: number): Part | undefined {
    return this.#inFlight.take(sequence);
  }

  accepted(now: number): void {
    this.#pause = 0;
    this.#rate = onAccepted(this.#rate, now);
  }

  /** Slows the bind without a pause: congestion_state. */
  congested(now: number): void {
    this.#rate = onCongested(this.#rate, now);
  }

  /** ESME_RTHROTTLED: pauses the bind and puts this part back before everything that came after it. */
  throttled(part: Part, now: number): void {
    if (now >= this.#pausedUntil) this.#pause = Math.min(Math.max(this.#pause * 2, FIRST_PAUSE), LONGEST_PAUSE);
    this.#pausedUntil = now + this.#pause;
    this.#rate = onThrottled(this.#rate, now);
    this.putBack(part);
  }

  putBack(part: Part): void {
    const later = this.#waiting.findIndex((each) => each.order > part.order);
    this.#waiting.splice(later < 0 ? this.queued : later, 0, part);
  }

  /** Parts whose response never came. */
  expire(now: number): readonly Part[] {
    return this.#inFlight.expire(now);
  }

  /** The connection went: everything, written or not, oldest first. */
  drain(): { readonly written: readonly Part[]; readonly waiting: readonly Part[] } {
    const written = this.#inFlight.drain();
    const waiting = this.#waiting;
    this.#waiting = [];
    return { written, waiting };
  }

  drop(unwanted: (part: Part) => boolean): void {
    this.#waiting = this.#waiting.filter((part) => !unwanted(part));
  }

  /** When to look again (monotonic): a response is overdue, the pause ends or the rate lets a part go. */
  wakeAt(now: number): number | undefined {
    const overdue = this.#inFlight.next();
    if (this.queued === 0 || this.inUse >= this.#limits.size) return overdue;
    const free = Math.max(this.#pausedUntil, now + waitFor(this.#rate, now));
    return overdue === undefined ? free : Math.min(free, overdue);
  }
}
