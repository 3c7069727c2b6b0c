import { createHmac } from 'node:crypto';
import type { Mt, SubmitOutcome } from '../../../src/domain/message.ts';
import type { Hashing, Later, Speaker, Words } from '../../../src/flow/ports/ports.ts';
import { WORDS } from '../../request-words.ts';

/** What the SMSC does with the next submits; whatever comes after them is accepted. */
export class Smsc {
  /** Every text that reached the wire, in order. */
  readonly heard: Mt[] = [];
  readonly #outcomes: SubmitOutcome[] = [];
  #count = 0;

  plays(...outcomes: readonly SubmitOutcome[]): void {
    this.#outcomes.push(...outcomes);
  }

  speaker(): Speaker {
    return {
      submit: (mt) => {
        const id = String(++this.#count);
        const outcome = this.#outcomes.shift() ?? { kind: 'accepted', smsc: 'smsc-1', messageIds: [id] };
        if (outcome.kind === 'accepted' || outcome.kind === 'unknown') this.heard.push(mt);
        return Promise.resolve(outcome);
      },
    };
  }
}

export interface Job {
  readonly kind: 'order' | 'mt';
  readonly id: string;
  readonly fence: number;
  readonly dueAt: number;
  readonly reason: string;
  readonly route?: string | undefined;
}

/** The Later port: jobs hold ids only, and a job whose id waits already is ignored, as BullMQ does it (E24). */
export function createLater(jobs: Job[], now: () => number): Later {
  const idOf = ({ id, kind, fence }: Job): string => `${id}-${kind}-${fence}`;
  const add = (job: Job): Promise<void> => {
    if (idOf(job).includes(':')) throw new Error(`BullMQ refuses ${idOf(job)}`);
    if (!jobs.some((waiting) => idOf(waiting) === idOf(job))) jobs.push(job);
    return Promise.resolve();
  };
  return {
    settle: (id, fence, delayMs, reason) => add({ kind: 'order', id, fence, dueAt: now() + delayMs, reason }),
    say: ({ id, route }, fence, delayMs, reason) =>
      add({ kind: 'mt', id, fence, dueAt: now() + delayMs, reason, route }),
    telling: () => Promise.resolve([]),
  };
}

/** Texts that a test can read: "kind name=value ...". */
export const PLAIN_WORDS: Words = {
  render: (kind, language, args) =>
    [kind, ...Object.entries(args).map(([name, value]) => `${name}=${value}`), `(${language})`].join(' | '),
  request: WORDS,
  languages: [
    { id: 'en', name: 'English' },
    { id: 'fr', name: 'Français' },
  ],
  version: 'texts-1',
};

/** HMAC-SHA-256 as in production; code keys can be rotated and lost. */
export class Keys implements Hashing {
  currentCodeKey = 'code-1';
  readonly lost = new Set<string>();

  mac(purpose: 'dedupe' | 'msisdn', text: string): Uint8Array {
    return createHmac('sha256', purpose).update(text).digest();
  }

  codeMac(keyId: string, challengeId: string): Uint8Array | undefined {
    return this.lost.has(keyId) ? undefined : createHmac('sha256', keyId).update(challengeId).digest();
  }
}
