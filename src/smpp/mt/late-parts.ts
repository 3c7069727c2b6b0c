import { createRecent } from '../../lib/recent.ts';
import type { OutPart } from './submission.ts';

/** Parts of one bind whose response may still come. */
const MOST = 5000;

/** What was given up unanswered, by sequence number: an SMSC that is slow, not silent, still says which id it gave. */
export class LateParts {
  readonly #parts = createRecent<number, OutPart>(MOST);

  keep(part: OutPart): void {
    this.#parts.set(part.sequence, part);
  }

  take(sequence: number): OutPart | undefined {
    const part = this.#parts.get(sequence);
    this.#parts.delete(sequence);
    return part;
  }

  /** The session went, and its sequence numbers with it. */
  clear(): void {
    this.#parts.clear();
  }
}
