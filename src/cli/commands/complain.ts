import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';

export const COMPLAIN: Command = {
  usage: 'complain ORDER',
  does: "counts a subscriber's complaint about an order against its provider; needs --why TEXT",
  options: WHY,
  run: act<{ readonly order: string }>(
    verbPath('orders', 'complain'),
    ({ order }) => `the complaint about ${order} is recorded`,
  ),
};
