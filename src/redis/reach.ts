import type { Redis } from 'ioredis';
import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';

/** What is known of a connection. */
export interface Reach {
  /** The last error, which says more than "the connection is closed". */
  lastError(): unknown;
  /** Why no command may be sent, for people; undefined while one may. */
  trouble(): string | undefined;
}

/**
 * One note per change; a server that is there again and refuses us (NOAUTH, WRONGPASS) is a change too. `silence`: milliseconds after
 * which a connection on which nothing comes was given up, so that one which lasts as long has answered, and cannot be used yet.
 */
export function watchReach(redis: Redis, silence: number, note: Note): Reach {
  let [up, wasUp] = [false, false];
  let last: unknown;
  let refusal: string | undefined;
  let loads = false;
  let soon: NodeJS.Timeout | undefined;
  redis.on('connect', () => {
    soon = setTimeout(() => {
      loads = true;
      note('redis.loads');
    }, silence).unref();
  });
  redis.on('ready', () => {
    clearTimeout(soon);
    loads = false;
    up = wasUp = true;
    last = refusal = undefined;
    note('redis.up');
  });
  redis.on('error', (error: unknown) => {
    last = error;
    const said = isReply(error) ? reasonOf(error) : undefined;
    // At the start it is what the start is refused with.
    if (said !== undefined && said !== refusal && wasUp) note('redis.down', { reason: said });
    refusal = said;
  });
  redis.on('close', () => {
    clearTimeout(soon);
    loads = false;
    // A server that stops or is killed ends the connection without an error; one comes only with the next try.
    if (up) note('redis.down', { reason: last === undefined ? 'the server closed the connection' : textOf(last) });
    up = false;
  });
  return {
    lastError: () => last,
    trouble() {
      if (redis.status === 'ready') return undefined;
      if (refusal !== undefined) return `Redis refuses us: ${refusal}`;
      return loads ? 'Redis is there and still loads its data' : 'Redis does not answer';
    },
  };
}

/** An error that Redis answered. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Several addresses of one name that all refuse: the message is empty. */
export function textOf(error: unknown): string {
  return error instanceof Error && error.message === '' && 'code' in error ? String(error.code) : reasonOf(error);
}
