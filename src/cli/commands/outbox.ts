import type { OutboxDepthView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';
import { clock, table } from '../table.ts';

const DEPTH: Command = {
  usage: 'outbox',
  does: 'what is not yet counted, told and written down, by consumer group',
  run: view<OutboxDepthView>(() => '/api/v1/outbox', depthText),
};

function depthText({ oldest, groups }: OutboxDepthView): string {
  const rows = groups.map(({ group, pending, behind }) => [group, pending, behind ?? '']);
  const since = oldest === undefined ? 'nothing waits' : `the oldest was written at ${clock(oldest)}`;
  return `${table(['GROUP', 'PENDING', 'BEHIND'], rows)}\n\n${since}`;
}

const FORGET: Command = {
  usage: 'outbox forget GROUP',
  does: 'drops a group that you know no process to serve any more; needs --why TEXT',
  options: WHY,
  more: 'Only the process at --url looks whether it serves the group itself; of one that another serves, what it has not done may be lost.',
  run: act<{ readonly group: string }>(verbPath('outbox', 'forget'), ({ group }) => `${group} is forgotten`),
};

export const OUTBOX_COMMANDS: readonly Command[] = [DEPTH, FORGET];
