import type { OrderState } from '../domain/order.ts';
import type { Note } from '../lib/note.ts';

/** Orders that wait for the OCS, whatever of it. */
const WAITING: readonly OrderState[] = [
  'confirmed',
  'charging',
  'charge-unknown',
  'reserved',
  'committing',
  'refunding',
];

/** Back-pressure to the MO side (E24): so much waits for the OCS that nothing more is taken in. */
export interface Pressure {
  overloaded(): boolean;
  /** Looks at the store again. */
  measure(): Promise<void>;
}

/** It lets go at nine tenths of the limit, so that it does not flutter. */
export function createPressure(
  census: () => Promise<Readonly<Record<OrderState, number>>>,
  limitNow: () => number,
  note: Note,
): Pressure {
  let overloaded = false;
  return {
    overloaded: () => overloaded,
    async measure() {
      const counts = await census();
      const limit = limitNow();
      const waiting = WAITING.reduce((sum, state) => sum + counts[state], 0);
      const now = waiting > (overloaded ? limit * 0.9 : limit);
      if (now !== overloaded) note(now ? 'pressure.on' : 'pressure.off', { waiting, limit });
      overloaded = now;
    },
  };
}
