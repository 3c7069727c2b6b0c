import type { FrozenOrder } from '../../domain/order.ts';
import type { Ports } from '../ports/ports.ts';

/** What the note of a placed order tells: `ms` since it was opened, a person's time to answer included. */
export function placedFields({ clock }: Pick<Ports, 'clock'>, { id, decision, openedAt }: FrozenOrder) {
  return { order: id, interaction: decision.interaction, ms: clock.now() - openedAt };
}
