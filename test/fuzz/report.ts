import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  /** Called now and then with the cases done. */
  readonly progress: (done: number) => void;
}

/** What a run found; a run with `failures` has failed. */
export interface FuzzReport {
  readonly cases: number;
  readonly seed: number;
  readonly seconds: number;
  /** How the cases ended, by kind. */
  readonly ends: Readonly<Record<string, number>>;
  /** Batches after which the connection, or its successor, answered. */
  readonly batches: number;
  readonly connections: number;
  /** In processor time: other work on the machine does not count. */
  readonly slowest: { readonly ms: number; readonly hex: string };
  /** Heap after a collection, MiB: after the first tenth of the run and at its end. */
  readonly heap: { readonly early: number; readonly end: number };
  readonly failures: readonly string[];
}

export type Fuzz = (options: FuzzOptions) => Promise<FuzzReport>;

/** A case that takes more processor time than this counts as a hang: far above any collection pause. Milliseconds. */
const HANG = 1_000;
/** Growth of the heap that counts as a leak, MiB. */
export const GROWTH = 32;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export function heapMiB(): number {
  collect();
  return Math.round((process.memoryUsage().heapUsed / 1_048_576) * 10) / 10;
}

/** Keeps count of ends and of the slowest case. */
export class Tally {
  readonly ends: Record<string, number> = {};
  readonly failures: string[] = [];
  slowest = { ms: 0, hex: '' };

  /** Runs one case; whatever it throws is a failure, told with its octets. */
  run(octets: Buffer, one: () => string): void {
    const start = process.cpuUsage();
    try {
      const end = one();
      this.ends[end] = (this.ends[end] ?? 0) + 1;
    } catch (error) {
      this.fail(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)} on ${octets.toString('hex')}`,
      );
    }
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1_000;
    if (ms > this.slowest.ms) this.slowest = { ms, hex: octets.toString('hex').slice(0, 2_000) };
    if (ms > HANG) this.fail(`took ${Math.round(ms)} ms: ${octets.toString('hex')}`);
  }

  fail(why: string): void {
    if (this.failures.length < 20) this.failures.push(why);
  }
}
