import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';

function verb(name: 'hold' | 'release', does: string): Command {
  return {
    usage: `${name} ORDER`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    more: 'Files of evidence and CDR go at the end of their retention all the same: export a held order in time.',
    run: act<{ readonly order: string; readonly held: boolean }>(
      verbPath('orders', name),
      ({ order, held }) => `${order} is ${held ? '' : 'not '}held`,
    ),
  };
}

export const HOLD_VERBS: readonly Command[] = [
  verb('hold', 'keeps an order from erasure and beyond its retention'),
  verb('release', 'lets a held order go'),
];
