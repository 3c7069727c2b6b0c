import type { Redis } from 'ioredis';
import type { SubmitOutcome } from '../domain/message.ts';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import type { RedisHandle } from './connection.ts';

/** How one process asks another to say an owed text in a dialogue that it holds (E23). Only ids travel, never words (E15). */
export interface DialogueCalls {
  /** Undefined when nobody of that name listens, or no answer comes in time. Never rejects. */
  call(process: string, mtId: string): Promise<SubmitOutcome | undefined>;
  close(): void;
}

interface CallSettings {
  /** Names this process. */
  readonly process: string;
  readonly say: (mtId: string) => Promise<SubmitOutcome>;
  readonly clock: Clock;
  readonly note: Note;
}

/** A dialogue does not wait longer for us anyway; milliseconds. */
const ANSWER_WITHIN = 5_000;

type Message =
  | { readonly kind: 'say'; readonly id: number; readonly from: string; readonly mtId: string }
  | { readonly kind: 'said'; readonly id: number; readonly outcome: SubmitOutcome };

/** Over publish and subscribe: what nobody hears is worth nothing a moment later, for then the dialogue is over. */
export function createDialogueCalls({ redis, prefix }: RedisHandle, settings: CallSettings): DialogueCalls {
  const { process, say, clock, note } = settings;
  const waiting = new Map<number, (outcome: SubmitOutcome | undefined) => void>();
  const channelOf = (name: string): string => `{${prefix}:ussd}:${name}`;
  const tell = (to: string, message: Message): Promise<number> => redis.publish(channelOf(to), JSON.stringify(message));
  let last = 0;

  async function hear(message: Message): Promise<void> {
    if (message.kind === 'said') waiting.get(message.id)?.(message.outcome);
    else await tell(message.from, { kind: 'said', id: message.id, outcome: await say(message.mtId) });
  }

  const ears = listenTo(redis, channelOf(process), {
    onText: async (text) => hear(JSON.parse(text) as Message),
    onFault: (error) => note('ussd.call-failed', { reason: String(error) }),
  });

  return {
    async call(to, mtId) {
      const id = ++last;
      const answer = new Promise<SubmitOutcome | undefined>((resolve) => waiting.set(id, resolve));
      const cancel = clock.after(ANSWER_WITHIN, () => waiting.get(id)?.(undefined));
      try {
        const heard = await tell(to, { kind: 'say', id, from: process, mtId });
        return heard === 0 ? undefined : await answer;
      } catch {
        return undefined;
      } finally {
        cancel();
        waiting.delete(id);
      }
    },
    close: () => ears.close(),
  };
}

interface Hearing {
  readonly onText: (text: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** What is published on the channel, over a connection of its own that comes back as the store's does. */
function listenTo(redis: Redis, channel: string, { onText, onFault }: Hearing): { close(): void } {
  // ioredis listens again by itself, but to a promise that nobody waits for: a Redis that goes just then would end the process.
  const ears = redis.duplicate({ lazyConnect: false, autoResubscribe: false });
  let over = false;
  ears.on('error', () => undefined); // the store's own connection notes the outage
  ears.on('message', (_channel, text) => void onText(text).catch(onFault));
  ears.on('ready', () => {
    ears.subscribe(channel).catch((error: unknown) => {
      if (over) return;
      onFault(error);
      // Unheard it would stay: whoever does not listen is not called. A connection that is gone already comes back all the same.
      ears.disconnect(true);
    });
  });
  return {
    close() {
      over = true;
      ears.disconnect();
    },
  };
}
