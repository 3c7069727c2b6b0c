import { fault, ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHO } from '../options.ts';
import type { OptionSpec } from '../options.ts';

const REASON: Readonly<Record<'reason', OptionSpec>> = {
  reason: {
    value: 'TEXT',
    does: 'why, kept in the audit record',
    fault: (value) =>
      value.trim().length >= 3 && value.length <= 300 ? undefined : '--reason is a text of 3 to 300 characters',
  },
};

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
