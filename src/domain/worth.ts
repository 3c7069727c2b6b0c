import type { Zone } from './calendar.ts';
import { dayEnd } from './calendar.ts';
import type { NoticeKind, OwedMt } from './notice.ts';

/** What asks, or tells how things stood just then. Whatever else is said tells what was done, and stays true. */
const OF_ITS_TIME: readonly NoticeKind[] = [
  'confirm', 'code', 'which', 'confirm-with', 'code-later', 'code-limit', 'waiting', 'stop-which', 'stop-requested',
  'list', 'list-empty', 'status', 'status-empty', 'spend-prompt',
]; // prettier-ignore

interface Anew {
  readonly now: number;
  /** How long a new text is worth saying; milliseconds. */
  readonly maxAge: number;
  readonly zone: Zone;
}

/**
 * Until when (epoch ms) a text is worth saying that a person says again: as long as a new one, while what it says stays true. A
 * challenge's is its challenge's (E16), and a day that the text names must not be over.
 */
export function worthAnew({ kind, args, notAfter }: OwedMt, { now, maxAge, zone }: Anew): number {
  if (OF_ITS_TIME.includes(kind)) return notAfter;
  const ends = [args['next'], args['until']].flatMap((day) => (typeof day === 'string' ? [dayEnd(day, zone)] : []));
  return Math.max(notAfter, Math.min(now + maxAge, ...ends));
}
