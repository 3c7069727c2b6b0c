import { ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { reasoned } from '../reasoned.ts';

export const COMPLAIN: Command = {
  usage: 'complain ORDER',
  does: "counts a subscriber's complaint about an order against its provider; needs --why TEXT",
  options: WHY,
  run: reasoned(async ({ api, args: [id = ''] }, why) => {
    const path = `/api/v1/orders/${encodeURIComponent(id)}/complain`;
    const done = await post<{ readonly order: string }>(api, path, { why });
    if (!done.ok) return done;
    return ok({ data: done.value, text: `the complaint about ${done.value.order} is recorded`, fine: true });
  }),
};
