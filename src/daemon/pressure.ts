import type { OrderState } from '../domain/order.ts';
import type { Note } from '../lib/note.ts';
import type { OrderIndex } from '../redis/orders/views.ts';

/** Orders that wait for the OCS, whatever of it. */
const WAITING: readonly OrderState[] = [
  'confirmed',
  'charging',
  'charge-unknown',
  'reserved',
  'committing',
  'refunding',
];

/** Back-pressure to the MO side (E24): so much waits for the OCS, or the store is so unwell, that nothing more is taken in. */
export interface Pressure {
  overloaded(): boolean;
  /** Looks at the store again. */
  measure(): Promise<void>;
}

/** Asked at each use. */
export interface PressureBounds {
  /** Orders that may wait for the OCS. */
  readonly limit: () => number;
  /** The store has troubles of its own: what room it has left is for what is under way. */
  readonly unwell: () => boolean;
}

/** It lets go at nine tenths of the limit, so that it does not flutter. Renewals wait for days, for money: they are no pressure. */
export function createPressure(
  orders: Pick<OrderIndex, 'census' | 'retrying'>,
  bounds: PressureBounds,
  note: Note,
): Pressure {
  let overloaded = false;
  return {
    overloaded: () => overloaded || bounds.unwell(),
    async measure() {
      const [counts, retrying] = await Promise.all([orders.census(), orders.retrying()]);
      const limit = bounds.limit();
      const waiting = WAITING.reduce((sum, state) => sum + counts[state], -retrying);
      const now = waiting > (overloaded ? limit * 0.9 : limit);
      if (now !== overloaded) note(now ? 'pressure.on' : 'pressure.off', { waiting, limit });
      overloaded = now;
    },
  };
}
