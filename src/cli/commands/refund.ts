import { ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHO, WHY } from '../options.ts';
import { reasoned } from '../reasoned.ts';

/** Money back through the OCS; the subscriber is told, and who and why are kept. */
export const REFUND: Command = {
  usage: 'refund ORDER',
  does: 'pays a placed order back through the OCS; needs --why TEXT',
  options: { ...WHY, ...WHO },
  run: reasoned(async ({ api, args: [id = ''], options: { who } }, why) => {
    const path = `/api/v1/orders/${encodeURIComponent(id)}/refund`;
    const body = { why, ...(who === undefined ? {} : { who }) };
    const done = await post<{ readonly order: string; readonly state: string }>(api, path, body);
    if (!done.ok) return done;
    return ok({ data: done.value, text: `${done.value.order} is ${done.value.state}`, fine: true });
  }),
};
