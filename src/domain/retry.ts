/** Backoff of what waits, as config gives it. All in milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly cap: number;
}

/**
 * The next wait: doubling from `first` up to `cap`, of which the last fifth is jitter so that what failed together does
 * not return together. `attempt` counts from 0; `random` is in [0, 1).
 */
export function nextWait({ first, cap }: Backoff, attempt: number, random: number): number {
  const grown = Math.min(cap, first * 2 ** Math.min(attempt, 30));
  return Math.round(grown * (0.8 + 0.2 * random));
}
