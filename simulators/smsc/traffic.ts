// The last PDUs carried, for whoever wants to look beneath a message.
import type { Direction } from './journal.ts';

export interface CarriedPdu {
  readonly id: number;
  readonly at: string;
  readonly direction: Direction;
  readonly bind: string;
  readonly hex: string;
}

export interface Traffic {
  add(direction: Direction, frame: Buffer, bind: string): void;
  after(id: number): CarriedPdu[];
}

const KEPT = 5_000;

/** Frames are turned to hex only when somebody looks. */
export function traffic(): Traffic {
  const ring: { id: number; at: number; direction: Direction; bind: string; frame: Buffer }[] = [];
  let last = 0;
  return {
    add(direction, frame, bind) {
      last += 1;
      ring[last % KEPT] = { id: last, at: Date.now(), direction, bind, frame };
    },
    after: (id) =>
      ring
        .filter((entry) => entry.id > id)
        .sort((a, b) => a.id - b.id)
        .map(({ frame, at, ...rest }) => ({ ...rest, at: new Date(at).toISOString(), hex: frame.toString('hex') })),
  };
}
