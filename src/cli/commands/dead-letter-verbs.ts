import { fault, ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { reasoned } from '../reasoned.ts';

const KINDS = ['text', 'settle', 'say', 'provision'];

function verb(name: 'retry' | 'discard', does: string): Command {
  return {
    usage: `dead-letter ${name} WHAT ID`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    more: 'WHAT is text, or the queue of a job (settle, say, provision); ID is as dead-letter list shows it.',
    run: reasoned(async ({ api, args: [what = '', id = ''] }, why) => {
      if (!KINDS.includes(what)) return fault({ kind: 'misuse', text: `${what} is none of ${KINDS.join(', ')}` });
      const done = await post<{ readonly id: string; readonly now: string }>(api, `/api/v1/dead-letters/${name}`, {
        what,
        id,
        why,
      });
      return done.ok ? ok({ data: done.value, text: `${done.value.id} is ${done.value.now}`, fine: true }) : done;
    }),
  };
}

export const DEAD_LETTER_VERBS: readonly Command[] = [
  verb('retry', 'tries a dead letter again'),
  verb('discard', 'gives a dead letter up for good'),
];
