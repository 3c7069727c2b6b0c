/** When the next subscriber texts: as soon as a place in the window is free, or on a schedule that waits for nobody. */
import { performance } from 'node:perf_hooks';
import type { LoadSmsc } from './smsc.ts';
import { startTicker } from './ticker.ts';

export type Pace =
  | { readonly kind: 'window'; readonly size: number }
  /** Open loop: dialogues per second, however slow the answers are. */
  | { readonly kind: 'rate'; readonly perSecond: number };

export interface Pacing {
  /** Nobody begins any more; dialogues under way go on. */
  stop(): Promise<void>;
}

/** Receipts fall due without anybody's turn. */
const LOOK_EVERY_MS = 2;

/** Ticks closer than this would be one. */
const SHORTEST_MS = 0.1;

export function startPace(smsc: LoadSmsc, pace: Pace): Pacing {
  const looks = setInterval(() => smsc.turn(), LOOK_EVERY_MS);
  const pacing = pace.kind === 'window' ? keepWindow(smsc, pace.size) : keepRate(smsc, pace.perSecond);
  return {
    async stop() {
      smsc.onTurn = () => undefined;
      await pacing.stop();
      // Receipts must still go out; the process ends when they have.
      looks.unref();
    },
  };
}

/** The window is over unanswered texts; receipts have their own, and while they are held back nobody new begins. */
function keepWindow(smsc: LoadSmsc, size: number): Pacing {
  smsc.onTurn = () => {
    if (smsc.receivers === 0 || smsc.receiptsHeldBack) return;
    const now = performance.now();
    while (smsc.dialogues.open < size) smsc.begin(now);
  };
  smsc.turn();
  return { stop: () => Promise.resolve() };
}

/** A text that could not leave in time keeps the time at which it was due: that wait is latency too. */
function keepRate(smsc: LoadSmsc, perSecond: number): Pacing {
  const gap = 1000 / perSecond;
  const start = performance.now() + 5;
  let begun = 0;
  let over = false;
  const tick = (): void => {
    if (over) return;
    const now = performance.now();
    for (; start + begun * gap <= now; begun++) smsc.begin(start + begun * gap);
    smsc.sendReceipts(now);
    smsc.flush();
    ticker.wakeAt(Math.max(start + begun * gap, performance.now() + SHORTEST_MS));
  };
  const ticker = startTicker(tick);
  ticker.wakeAt(start);
  return {
    stop() {
      over = true;
      return ticker.stop();
    },
  };
}
