/** Receipts that are due later: a queue in arrays, in the order in which their texts were taken. */

const SLOTS = 1 << 20;

export class Receipts {
  readonly #after: number;
  readonly #due = new Float64Array(SLOTS);
  readonly #id = new Float64Array(SLOTS);
  readonly #number = new Uint32Array(SLOTS);
  #first = 0;
  #next = 0;

  /** `after`: milliseconds from submit_sm to its receipt. */
  constructor(after: number) {
    this.#after = after;
  }

  get waiting(): number {
    return this.#next - this.#first;
  }

  push(number: number, id: number, now: number): void {
    if (this.waiting >= SLOTS) throw new RangeError(`${SLOTS} receipts wait: the peer does not take them`);
    const slot = this.#next++ % SLOTS;
    this.#due[slot] = now + this.#after;
    this.#id[slot] = id;
    this.#number[slot] = number;
  }

  /** Hands out the next one that is due; false when there is none. */
  take(now: number, give: (number: number, id: number) => void): boolean {
    const slot = this.#first % SLOTS;
    if (this.waiting === 0 || (this.#due[slot] ?? 0) > now) return false;
    this.#first++;
    give(this.#number[slot] ?? 0, this.#id[slot] ?? 0);
    return true;
  }
}
