import type { SmppEnv } from '../env.ts';
import type { MoAnswer } from '../handlers.ts';
import { ACK_STATUS } from '../handlers.ts';
import { STATUS } from '../pdu.ts';
import type { Reply } from '../reply.ts';
import { retryStatus } from '../reply.ts';
import type { LinkSettings } from '../settings.ts';

/** One PDU that waits for its answer. */
export interface Pending {
  readonly settings: LinkSettings;
  readonly sequence: number;
  readonly reply: Reply;
}

/**
 * Milliseconds from a PDU to its fate above which nothing more is taken while FEW wait: half of what a step may take, so that
 * under overload what was taken is still done, and what comes on top is refused at once instead of done for nothing.
 */
const PATIENCE = 1000;
const FEW = 64;
/** Longer than a step may take, milliseconds: what was timed before that says nothing of the store as it is now. */
const STALE = 3 * PATIENCE;

/** What waits for the store, counted and bounded: each PDU is answered only when its fate is known. */
export class Unanswered {
  readonly #env: SmppEnv;
  readonly #most: number;
  #count = 0;
  /** How long the one that was answered last had waited, milliseconds. */
  #lately = 0;
  /** When that was, monotonic milliseconds. */
  #timedAt = 0;
  #whenIdle: (() => void)[] = [];

  constructor(env: SmppEnv, most: number) {
    this.#env = env;
    this.#most = most;
  }

  get full(): boolean {
    const slow = this.#lately > PATIENCE && this.#env.clock.monotonic() - this.#timedAt < STALE;
    return this.#count >= this.#most || (this.#count >= FEW && slow);
  }

  hold(): void {
    this.#count += 1;
  }

  release(count: number): void {
    this.#count -= count;
    this.#settleIdle();
  }

  /** Resolves when every PDU was answered. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settleIdle();
    });
  }

  /** Hands something over, and answers `all` the PDUs that it came in once its fate is known. */
  hand(
    { settings, sequence }: Pending,
    run: () => Promise<MoAnswer>,
    all: (stored: boolean) => readonly Pending[],
  ): void {
    const began = this.#env.clock.monotonic();
    const timed = () => {
      this.#timedAt = this.#env.clock.monotonic();
      this.#lately = this.#timedAt - began;
    };
    settled(run).then(
      (answer) => {
        timed();
        const pending = all(answer.ack === 'stored');
        if (answer.ack === 'temporary-error') this.giveUp(pending, 'pushed-back');
        else this.#answer(pending, answer);
      },
      (error: unknown) => {
        timed();
        this.#env.note('mo.store-failed', { link: settings.name, sequence, reason: String(error) });
        this.giveUp(all(false), 'store-failed');
      },
    );
  }

  /** Answers all PDUs of one MO; when the last response is with its socket, what the flow has yet to do may run. */
  #answer(pending: readonly Pending[], answer: MoAnswer): void {
    let left = pending.length;
    let written = true;
    for (const { settings, sequence, reply } of pending) {
      const status = ACK_STATUS[answer.ack];
      reply(status, (ok) => {
        written &&= ok;
        left -= 1;
        if (left > 0) return;
        this.#env.note(written ? 'mo.acknowledged' : 'mo.unacknowledged', { link: settings.name, sequence, status });
        answer.after?.();
      });
    }
    this.release(pending.length);
  }

  /** For a PDU that shall come again, and is not held (any more). */
  refuse({ settings, sequence, reply }: Pending, why: string, usual: number): void {
    const status = retryStatus(settings, usual);
    this.#env.note('mo.refused', { link: settings.name, sequence, status, why });
    reply(status, nothing);
  }

  giveUp(pending: readonly Pending[], why: string): void {
    for (const each of pending) this.refuse(each, why, STATUS.temporaryAppError);
    this.release(pending.length);
  }

  #settleIdle(): void {
    if (this.#count > 0 || this.#whenIdle.length === 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

export function nothing(): void {
  // The response needs no follow-up.
}

/** A handler that throws is a handler that rejects. */
export async function settled<Value>(run: () => Promise<Value>): Promise<Value> {
  return await run();
}
