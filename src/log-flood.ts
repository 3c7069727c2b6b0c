/** Lines of one event that are read in one second; who has read so many knows what the next one says. */
const MOST = 10;

/** What was not logged. */
export interface HeldBack {
  readonly of: string;
  readonly lines: number;
}

const NONE: readonly HeldBack[] = [];

export interface Flood {
  /** Whether one more line of that event is logged now. */
  admits(event: string): boolean;
  /** What was held back and not told yet, of seconds that are over; of this one too where it is the last (`isOver`). */
  heldBack(isOver?: boolean): readonly HeldBack[];
}

/** Counts lines of `floods`, others are always admitted. `now`: epoch ms. */
export function createFlood(floods: ReadonlySet<string>, now: () => number): Flood {
  const lines = new Map<string, number>();
  const seconds = (): number => Math.floor(now() / 1000);
  /** Of the lines that are counted. */
  let second = 0;
  return {
    admits(event) {
      if (!floods.has(event)) return true;
      if (lines.size === 0) second = seconds();
      const count = (lines.get(event) ?? 0) + 1;
      lines.set(event, count);
      return count <= MOST;
    },
    heldBack(isOver = false) {
      // Every line asks: without a flood it costs nothing.
      if (lines.size === 0 || (!isOver && seconds() === second)) return NONE;
      const held = [...lines].filter(([, count]) => count > MOST).map(([of, count]) => ({ of, lines: count - MOST }));
      lines.clear();
      return held;
    },
  };
}
