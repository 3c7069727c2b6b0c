/** Undoes a timer; harmless when it already ran. */
export type Cancel = () => void;

/** Time as an argument: the process has one real clock, tests have one that they turn by hand. */
export interface Clock {
  /** Wall time, milliseconds since 1970 UTC: for what is stored or shown. */
  now(): number;
  /** Milliseconds that never step back: for timeouts. */
  monotonic(): number;
  /** Runs `run` once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Cancel;
}
