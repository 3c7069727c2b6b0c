/** What a run counts and measures. Times are milliseconds of performance.now(). */
import { build } from 'hdr-histogram-js';
import type { Histogram } from 'hdr-histogram-js';

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Counts since the start; a measured window is the difference of two of these. */
export interface Counts {
  /** Texts sent by handsets, resent ones left out. */
  mos: number;
  moAcks: number;
  /** MOs that the peer refused with a command_status above 0. */
  moRefused: number;
  /** Texts that answered the one before. */
  replies: number;
  /** Texts that nobody waited for. */
  unasked: number;
  /** USSD dialogues that the peer ended before their script, or answered by SMS. */
  brokenOff: number;
  throttled: number;
  receipts: number;
  receiptAcks: number;
  receiptRefused: number;
  dialogues: number;
}

export function noCounts(): Counts {
  return {
    mos: 0,
    moAcks: 0,
    moRefused: 0,
    replies: 0,
    unasked: 0,
    brokenOff: 0,
    throttled: 0,
    receipts: 0,
    receiptAcks: 0,
    receiptRefused: 0,
    dialogues: 0,
  };
}

export function difference(after: Counts, before: Counts): Counts {
  const result = { ...after };
  for (const key of Object.keys(result) as (keyof Counts)[]) result[key] -= before[key];
  return result;
}

/** Microseconds up to a minute, three digits. */
function histogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
}

export class Tally {
  readonly counts: Counts = noCounts();
  readonly #latency: readonly Histogram[];
  /** Latencies of texts that were due within this time are kept. */
  #from = Infinity;
  #until = Infinity;

  constructor(kinds: number) {
    this.#latency = Array.from({ length: kinds }, histogram);
  }

  measure(from: number, until: number): void {
    this.#from = from;
    this.#until = until;
  }

  /** A text due at `due` was answered at `now`. */
  answered(kind: number, due: number, now: number): void {
    this.counts.replies++;
    if (due >= this.#from && due < this.#until) this.#latency[kind]?.recordValue(Math.round((now - due) * 1000));
  }

  latency(kind: number): Percentiles {
    return percentiles(this.#latency[kind] ?? histogram());
  }

  latencyOfAll(): Percentiles {
    const all = histogram();
    for (const one of this.#latency) all.add(one);
    return percentiles(all);
  }
}

/** Milliseconds. */
function percentiles(of: Histogram): Percentiles {
  const at = (percent: number): number => of.getValueAtPercentile(percent) / 1000;
  return {
    count: of.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: of.totalCount === 0 ? 0 : of.maxValue / 1000,
  };
}
