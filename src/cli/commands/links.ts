import type { StatusView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { since, table } from '../table.ts';

export const LINKS: Command = {
  usage: 'links',
  does: 'SMPP links; exit code 1 when one is not bound',
  run: view<StatusView>(
    () => '/api/v1/status',
    linksText,
    ({ links }) => links.every(({ bound }) => bound),
  ),
};

export function linksText({ links, now }: StatusView): string {
  return table(
    ['LINK', 'SMSC', 'STATE', 'SINCE', 'WINDOW', 'QUEUED', 'LAST ERROR'],
    links.map((link) => [
      link.name,
      link.smsc,
      link.state,
      since(link.since, now),
      `${link.windowInUse}/${link.windowSize}`,
      link.queued,
      link.lastError,
    ]),
  );
}
