import { ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';
import { WHO, WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';

/** Money back through the OCS; the subscriber is told, and who and why are kept. */
export const REFUND: Command = {
  usage: 'refund ORDER',
  does: 'pays a placed order back through the OCS; needs --why TEXT',
  options: { ...WHY, ...WHO },
  run: act<{ readonly order: string; readonly state: string }>(
    verbPath('orders', 'refund'),
    ({ order, state }) => `${order} is ${state}`,
    ({ options: { who } }) => ok({ who }),
  ),
};
