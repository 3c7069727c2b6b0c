/** So many at work at once; the others wait in the order in which they came. */
export type Lane = <Value>(work: () => Promise<Value>) => Promise<Value>;

export interface LaneSettings {
  readonly atOnce: number;
  /** Milliseconds. What has waited for longer when its turn comes is not begun, and rejects. */
  readonly patience: number;
  /** Milliseconds. */
  readonly monotonic: () => number;
}

export const LATE = 'it waited for its turn too long';

/** p-limit has no patience: behind something that hangs, everything would begin in its turn however long ago it was asked for. */
export function createLane({ atOnce, patience, monotonic }: LaneSettings): Lane {
  const waiting: { readonly since: number; readonly begin: (late: boolean) => void }[] = [];
  let atWork = 0;

  async function run<Value>(work: () => Promise<Value>): Promise<Value> {
    atWork += 1;
    try {
      return await work();
    } finally {
      atWork -= 1;
      next();
    }
  }

  function next(): void {
    while (atWork < atOnce) {
      const first = waiting.shift();
      if (first === undefined) return;
      first.begin(monotonic() - first.since > patience);
    }
  }

  return (work) => {
    if (atWork < atOnce) return run(work);
    return new Promise((resolve, reject) => {
      waiting.push({
        since: monotonic(),
        begin: (late) => (late ? reject(new Error(LATE)) : resolve(run(work))),
      });
    });
  };
}
