// The last PDUs carried, for whoever wants to look beneath a message.
import type { Direction } from './journal.ts';
import type { Topic } from './topic.ts';
import { topic } from './topic.ts';

export interface CarriedPdu {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly direction: Direction;
  readonly bind: string;
  readonly hex: string;
}

export interface Traffic {
  add(direction: Direction, frame: Buffer, bind: string): void;
  after(id: number): CarriedPdu[];
  find(id: number): CarriedPdu | undefined;
  readonly carried: Topic<CarriedPdu>;
}

interface Kept {
  readonly id: number;
  readonly at: number;
  readonly direction: Direction;
  readonly bind: string;
  readonly frame: Buffer;
}

const KEPT = 5_000;

/** Frames are turned to hex only when somebody looks. */
const shown = ({ frame, at, ...rest }: Kept): CarriedPdu => ({
  ...rest,
  at: new Date(at).toISOString(),
  hex: frame.toString('hex'),
});

export function traffic(): Traffic {
  const ring: Kept[] = [];
  const carried = topic<CarriedPdu>();
  let last = 0;
  return {
    add(direction, frame, bind) {
      last += 1;
      const kept = { id: last, at: Date.now(), direction, bind, frame };
      ring[last % KEPT] = kept;
      if (carried.isHeard()) carried.tell(shown(kept));
    },
    after: (id) =>
      ring
        .filter((kept) => kept.id > id)
        .sort((a, b) => a.id - b.id)
        .map(shown),
    find(id) {
      const kept = ring[id % KEPT];
      return kept?.id === id ? shown(kept) : undefined;
    },
    carried,
  };
}
