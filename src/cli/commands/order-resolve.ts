import { fault, ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHO, WHY } from '../options.ts';

/** A person's word on a disputed order; who and why are kept with it. */
export const ORDER_RESOLVE: Command = {
  usage: 'order resolve ID OUTCOME',
  does: 'settles a disputed order: placed, uncharged or refund; needs --why TEXT',
  options: { ...WHY, ...WHO },
  run: async ({ api, args: [id = '', outcome = ''], options: { why, who } }) => {
    if (!['placed', 'uncharged', 'refund'].includes(outcome))
      return fault({ kind: 'misuse', text: `${outcome} is none of placed, uncharged, refund` });
    if (why === undefined) return fault({ kind: 'misuse', text: 'order resolve needs --why TEXT' });
    const path = `/api/v1/orders/${encodeURIComponent(id)}/resolve`;
    const body = { outcome, why, ...(who === undefined ? {} : { who }) };
    const done = await post<{ readonly order: string; readonly state: string }>(api, path, body);
    if (!done.ok) return done;
    return ok({ data: done.value, text: `${done.value.order} is ${done.value.state}`, fine: true });
  },
};
