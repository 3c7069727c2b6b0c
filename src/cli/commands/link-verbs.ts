import { ok } from '../../lib/result.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { reasoned } from '../reasoned.ts';

function verb(name: string, does: string): Command {
  return {
    usage: `link ${name} NAME`,
    does: `${does}; needs --why TEXT`,
    options: WHY,
    run: reasoned(async ({ api, args: [link = ''] }, why) => {
      const path = `/api/v1/links/${encodeURIComponent(link)}/${name}`;
      const done = await post<{ readonly link: string; readonly state: string }>(api, path, { why });
      return done.ok ? ok({ data: done.value, text: `${done.value.link} is ${done.value.state}`, fine: true }) : done;
    }),
  };
}

export const LINK_VERBS: readonly Command[] = [
  verb('suspend', 'unbinds a link until it is resumed or the daemon restarts'),
  verb('resume', 'binds a suspended link again'),
  verb('rebind', 'unbinds a link and binds it again'),
];
