/**
 * Wakes the main thread at exact times. Node's timers are whole milliseconds late or early, which a latency of one
 * millisecond cannot bear; a thread that waits on a futex is not, and costs nothing while it waits.
 */
import { Worker } from 'node:worker_threads';
import { performance } from 'node:perf_hooks';

const WAITER = `
const { workerData, parentPort } = require('node:worker_threads');
const flag = new Int32Array(workerData.flag);
const due = new Float64Array(workerData.due);
for (;;) {
  Atomics.wait(flag, 0, 0);
  Atomics.store(flag, 0, 0);
  const wait = due[0] - performance.timeOrigin - performance.now();
  if (wait > 0) Atomics.wait(flag, 1, 0, wait);
  parentPort.postMessage(0);
}`;

export interface Ticker {
  /** Calls `onTick` once at `time` (of this thread's performance.now()); one call at a time. */
  wakeAt(time: number): void;
  stop(): Promise<void>;
}

export function startTicker(onTick: () => void): Ticker {
  const flag = new SharedArrayBuffer(8);
  const due = new SharedArrayBuffer(8);
  const [flags, times] = [new Int32Array(flag), new Float64Array(due)];
  const worker = new Worker(WAITER, { eval: true, workerData: { flag, due }, execArgv: [] });
  worker.on('message', onTick);
  return {
    wakeAt(time) {
      times[0] = performance.timeOrigin + time;
      Atomics.store(flags, 0, 1);
      Atomics.notify(flags, 0);
    },
    async stop() {
      await worker.terminate();
    },
  };
}
