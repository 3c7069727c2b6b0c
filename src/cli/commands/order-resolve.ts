import { fault, ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';
import { WHO, WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';

/** A person's word on a disputed order; who and why are kept with it. */
export const ORDER_RESOLVE: Command = {
  usage: 'order resolve ID OUTCOME',
  does: 'settles a disputed order: placed, uncharged or refund; needs --why TEXT',
  options: { ...WHY, ...WHO },
  run: act<{ readonly order: string; readonly state: string }>(
    verbPath('orders', 'resolve'),
    ({ order, state }) => `${order} is ${state}`,
    ({ args: [, outcome = ''], options: { who } }) =>
      ['placed', 'uncharged', 'refund'].includes(outcome)
        ? ok({ outcome, who })
        : fault({ kind: 'misuse', text: `${outcome} is none of placed, uncharged, refund` }),
  ),
};
