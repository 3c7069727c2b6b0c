import { fault, ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { act } from '../reasoned.ts';

const KINDS = ['text', 'settle', 'say', 'provision'];

function verb(name: 'retry' | 'discard', does: string): Command {
  return {
    usage: `dead-letter ${name} WHAT ID`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    more: 'WHAT is text, or the queue of a job (settle, say, provision); ID is as dead-letter list shows it.',
    run: act<{ readonly id: string; readonly now: string }>(
      () => `/api/v1/dead-letters/${name}`,
      ({ id, now }) => `${id} is ${now}`,
      ({ args: [what = '', id = ''] }) =>
        KINDS.includes(what)
          ? ok({ what, id })
          : fault({ kind: 'misuse', text: `${what} is none of ${KINDS.join(', ')}` }),
    ),
  };
}

export const DEAD_LETTER_VERBS: readonly Command[] = [
  verb('retry', 'tries a dead letter again'),
  verb('discard', 'gives a dead letter up for good'),
];
