import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';

function verb(name: string, does: string): Command {
  return {
    usage: `link ${name} NAME`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    run: act<{ readonly link: string; readonly state: string }>(
      verbPath('links', name),
      ({ link, state }) => `${link} is ${state}`,
    ),
  };
}

export const LINK_VERBS: readonly Command[] = [
  verb('suspend', 'unbinds a link until it is resumed or the daemon restarts'),
  verb('resume', 'binds a suspended link again'),
  verb('rebind', 'unbinds a link and binds it again'),
];
