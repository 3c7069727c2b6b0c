import { fault, ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { REASON, WHO } from '../options.ts';

/** Money back through the OCS; the subscriber is told, and who and why are kept. */
export const REFUND: Command = {
  usage: 'refund ORDER',
  does: 'pays a placed order back through the OCS; needs --reason TEXT',
  options: { ...REASON, ...WHO },
  run: async ({ api, args: [id = ''], options: { reason, who } }) => {
    if (reason === undefined) return fault({ kind: 'misuse', text: 'refund needs --reason TEXT' });
    const path = `/api/v1/orders/${encodeURIComponent(id)}/refund`;
    const body = { why: reason, ...(who === undefined ? {} : { who }) };
    const done = await post<{ readonly order: string; readonly state: string }>(api, path, body);
    if (!done.ok) return done;
    return ok({ data: done.value, text: `${done.value.order} is ${done.value.state}`, fine: true });
  },
};
