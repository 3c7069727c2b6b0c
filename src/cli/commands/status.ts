import type { StatusView, StoreFigures } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { facts, since } from '../table.ts';
import { linksText } from './links.ts';
import { peersText } from './peers.ts';

export const STATUS: Command = {
  usage: 'status',
  does: 'everything on one screen; exit code 1 while the daemon is not ready',
  run: view<StatusView>(
    () => '/api/v1/status',
    statusText,
    (status) => status.ready.ok && hasFigures(status),
  ),
};

function statusText(status: StatusView): string {
  const { name, version, startedAt, now, ready } = status;
  return [
    `${name} ${version}, up ${since(startedAt, now)}, ${ready.ok ? 'ready' : 'NOT READY'}`,
    ...ready.reasons.map((reason) => `  ${reason}`),
    '',
    linksText(status),
    '',
    peersText(status),
    '',
    hasFigures(status) ? figuresText(status) : NO_FIGURES,
  ].join('\n');
}

const NO_FIGURES = 'the store does not answer: how many orders, jobs and dead letters there are is not known';

/** All come from the store, so one tells of the others. */
function hasFigures(status: StatusView): status is StatusView & StoreFigures {
  return status.orders !== undefined;
}

function figuresText({ orders, backlog, queues, deadLetters }: StoreFigures): string {
  const counted = Object.entries(orders).filter(([, count]) => count > 0);
  const jobs = Object.entries(queues).map(
    ([queue, { waiting, delayed, failed }]) => `${queue} ${waiting + delayed} waiting, ${failed} failed`,
  );
  return facts([
    ['orders', counted.map(([state, count]) => `${count} ${state}`).join(', ') || 'none'],
    ['backlog', `${backlog.waiting}, the oldest overdue for ${backlog.overdueSeconds} s`],
    ['queues', jobs.join('; ')],
    ['dead letters', deadLetters],
  ]);
}
