/** Lines of one event that are read in one second; who has read so many knows what the next one says. */
const MOST = 10;

/** What was not logged. */
export interface HeldBack {
  readonly of: string;
  readonly lines: number;
}

export interface Flood {
  /** Whether one more line of that event is logged now. */
  admits(event: string): boolean;
  /** What was held back and not told yet, of seconds that are over; of this one too where it is the last (`isOver`). */
  heldBack(isOver?: boolean): readonly HeldBack[];
}

/** Counts lines of `floods`, others are always admitted. `now`: epoch ms. */
export function createFlood(floods: ReadonlySet<string>, now: () => number): Flood {
  const lines = new Map<string, number>();
  let second = 0;
  return {
    admits(event) {
      if (!floods.has(event)) return true;
      const count = (lines.get(event) ?? 0) + 1;
      lines.set(event, count);
      return count <= MOST;
    },
    heldBack(isOver = false) {
      const present = Math.floor(now() / 1000);
      if (present === second && !isOver) return [];
      second = present;
      const held = [...lines].filter(([, count]) => count > MOST).map(([of, count]) => ({ of, lines: count - MOST }));
      lines.clear();
      return held;
    },
  };
}
