import { ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { reasoned } from '../reasoned.ts';

function verb(name: 'hold' | 'release', does: string): Command {
  return {
    usage: `${name} ORDER`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    more: 'Files of evidence and CDR go at the end of their retention all the same: export a held order in time.',
    run: reasoned(async ({ api, args: [id = ''] }, why) => {
      const path = `/api/v1/orders/${encodeURIComponent(id)}/${name}`;
      const done = await post<{ readonly order: string; readonly held: boolean }>(api, path, { why });
      if (!done.ok) return done;
      const text = `${done.value.order} is ${done.value.held ? '' : 'not '}held`;
      return ok({ data: done.value, text, fine: true });
    }),
  };
}

export const HOLD_VERBS: readonly Command[] = [
  verb('hold', 'keeps an order from erasure and beyond its retention'),
  verb('release', 'lets a held order go'),
];
