import { createRecent } from '../lib/recent.ts';
import type { SmppEnv } from './env.ts';

/** Destinations remembered at once. */
const MOST = 10_000;

/**
 * Concatenation references, counted per destination so that two long messages to one handset never share one before
 * 256 (or 65536) others went there; the first is random, for handsets that remember across our restarts.
 */
export class References {
  readonly #last = createRecent<string, number>(MOST);
  readonly #random: SmppEnv['random'];

  constructor(random: SmppEnv['random']) {
    this.#random = random;
  }

  next(destination: string): number {
    const last = this.#last.get(destination);
    const [high = 0, low = 0] = last === undefined ? this.#random(2) : [];
    const reference = last === undefined ? high * 256 + low : (last + 1) % 65536;
    this.#last.set(destination, reference);
    return reference;
  }
}
