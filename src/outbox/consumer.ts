import type { OutboxStream } from '../flow/ports/outbox.ts';
import { slicesOf } from '../lib/slices.ts';
import type { ConsumerSettings, Work } from './pass.ts';
import { createPasses } from './pass.ts';
import { safely } from './safely.ts';

export type { Consumer } from './pass.ts';

export const CONSUMER_SETTINGS: ConsumerSettings = { every: 500, recoverAfter: 30_000, batch: 200, parts: 4 };

export interface RunningConsumer {
  /** Over all partitions until they are dry; resolves with the number of entries handled. */
  turn(): Promise<number>;
  start(): void;
  /** Finishes the pass at work. */
  stop(): Promise<void>;
}

/** The one engine under every consumer: take over what was left behind, read on, handle, acknowledge, trim (E24). */
export function createConsumer(work: Work): RunningConsumer {
  const { clock, settings } = work;
  let running = false;
  let stopping = false;
  let cancel = (): void => undefined;
  let last: Promise<unknown> = Promise.resolve();
  const parts = partsOf(work, () => stopping);
  let turn = 0;

  /** While a part is behind there is no waiting: the next one, so that none of them keeps the others. */
  function next(): void {
    const wait = parts.some(({ behind }) => behind()) ? 0 : settings.every / parts.length;
    if (running) cancel = clock.after(wait, begin);
  }

  function begin(): void {
    const part = parts[turn++ % parts.length];
    if (part !== undefined) last = part.pass().then(next);
  }

  return {
    async turn() {
      let handled = 0;
      for (const part of parts) {
        do handled += await part.pass();
        while (part.behind() && !stopping);
      }
      return handled;
    },
    start() {
      running = true;
      begin();
    },
    async stop() {
      running = false;
      stopping = true;
      cancel();
      await last;
    },
  };
}

interface Part {
  /** One pass; resolves with the number of entries handled, none where it failed. */
  readonly pass: () => Promise<number>;
  readonly behind: () => boolean;
}

function partsOf(work: Work, isStopping: () => boolean): readonly Part[] {
  const { stream, settings, note, consumer } = work;
  const join = joining(stream);
  const all = Array.from({ length: stream.partitions }, (_, partition) => partition);
  return slicesOf(all, Math.ceil(all.length / settings.parts)).map((partitions) => {
    const passes = createPasses(work, partitions, isStopping);
    const joinedPass = () => join().then(passes.next);
    return { pass: safely(joinedPass, { group: consumer.name, note }), behind: passes.behind };
  });
}

/** Once, and again only where it failed. */
function joining(stream: OutboxStream): () => Promise<void> {
  let joined: Promise<void> | undefined;
  return () =>
    (joined ??= stream.join().catch((error: unknown) => {
      joined = undefined;
      throw error;
    }));
}
