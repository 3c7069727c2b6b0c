/** The dialogues under way, in arrays by their subscriber's number: no object per message. */
import type { Mix } from './plan.ts';

/** Dialogues remembered at once; a number is used again after this many others. */
const SLOTS = 1 << 21;

/** Texts of one script at most. */
const STEPS = 15;

export interface Turn {
  readonly kind: number;
  readonly step: number;
}

export class Dialogues {
  readonly #mix: Mix;
  readonly #due = new Float64Array(SLOTS);
  /** 0: nothing awaited; else 1 + kind * 16 + step. */
  readonly #awaits = new Uint16Array(SLOTS);
  readonly #codes = new Map<number, string>();
  #open = 0;

  constructor(mix: Mix) {
    if (mix.some(({ script }) => script.length > STEPS)) throw new RangeError(`a dialogue has at most ${STEPS} texts`);
    this.#mix = mix;
  }

  /** Dialogues that wait for an answer. */
  get open(): number {
    return this.#open;
  }

  begin(number: number, kind: number, due: number): void {
    const slot = number % SLOTS;
    if (this.#awaits[slot] === 0) this.#open++;
    this.#awaits[slot] = 1 + kind * 16;
    this.#due[slot] = due;
  }

  /** The turn that `number` waits in; undefined when it waits for nothing. */
  turn(number: number): Turn | undefined {
    const awaits = (this.#awaits[number % SLOTS] ?? 0) - 1;
    return awaits < 0 ? undefined : { kind: awaits >> 4, step: awaits & 15 };
  }

  dueOf(number: number): number {
    return this.#due[number % SLOTS] ?? 0;
  }

  /** Begins the next text of the dialogue; undefined at its end. */
  advance(number: number, { kind, step }: Turn, now: number): string | undefined {
    const slot = number % SLOTS;
    const text = this.#mix[kind]?.script[step + 1];
    if (text === undefined) {
      this.drop(number);
      return undefined;
    }
    this.#awaits[slot] = 2 + kind * 16 + step;
    this.#due[slot] = now;
    return text === '{code}' ? this.#takeCode(number) : text;
  }

  wantsCode({ kind, step }: Turn): boolean {
    return this.#mix[kind]?.script[step + 1] === '{code}';
  }

  keepCode(number: number, code: string): void {
    this.#codes.set(number, code);
  }

  drop(number: number): void {
    const slot = number % SLOTS;
    if (this.#awaits[slot] === 0) return;
    this.#awaits[slot] = 0;
    this.#open--;
  }

  #takeCode(number: number): string {
    const code = this.#codes.get(number) ?? '0';
    this.#codes.delete(number);
    return code;
  }
}
