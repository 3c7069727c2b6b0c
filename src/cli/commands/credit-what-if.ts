import { fault } from '../../lib/result.ts';
import type { WhatIfView } from '../../noc/api/credit.ts';
import type { Asked, Command } from '../command.ts';
import { view } from '../command.ts';
import { clock, table } from '../table.ts';

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };
const SPAN = /^(\d{1,4})([hd])$/;

/** `7d` or `12h` before now, as ISO 8601. */
function before(span: string): string {
  const [, count = '0', unit = 'h'] = SPAN.exec(span) ?? [];
  return new Date(Date.now() - Number(count) * (UNITS[unit] ?? 0)).toISOString();
}

const score = (value: string): string | undefined =>
  /^\d{1,3}$/.test(value) && Number(value) <= 100 ? undefined : '--score is a whole number from 0 to 100';

/** `orderctl credit what-if --provider P --score 70 --since 7d`: changes nothing. */
export const CREDIT_WHAT_IF: Command = {
  usage: 'credit what-if',
  does: 'what stored orders would have met under another score or policy',
  options: {
    provider: { value: 'P', does: 'id of the provider; needed' },
    since: {
      value: 'SPAN',
      does: 'orders of the last hours or days, such as 12h or 7d',
      default: '7d',
      fault: (value) => (SPAN.test(value) ? undefined : '--since is a span such as 12h or 7d'),
    },
    score: { value: 'N', does: 'score in place of the one that was read', fault: score },
    once: { value: 'INTERACTION', does: 'floor for services paid once' },
    recurring: { value: 'INTERACTION', does: 'floor for subscriptions' },
    'first-order': { value: 'INTERACTION', does: 'asked of a first order' },
    bands: { value: 'LIMITS', does: 'lower limits of bands, such as trusted:85,known:40' },
  },
  more: 'Replays the decisions of stored orders; nothing is ordered, charged or changed.',
  run: (asked) =>
    asked.options['provider'] === undefined
      ? Promise.resolve(fault({ kind: 'misuse', text: 'credit what-if needs --provider P' }))
      : view<WhatIfView>(path, whatIfText)(asked),
};

function path({ options }: Asked): string {
  const { provider = '', since = '7d', once, recurring, bands } = options;
  const asked = { score: options['score'], once, recurring, firstOrder: options['first-order'], bands };
  const given = Object.entries(asked).filter((one): one is [string, string] => one[1] !== undefined);
  return `/api/v1/credit/what-if?${new URLSearchParams([['provider', provider], ['since', before(since)], ...given]).toString()}`;
}

function whatIfText({ provider, from, orders, changed, moves, because }: WhatIfView): string {
  const head = `${orders} orders of ${provider} since ${clock(from)} UTC: ${changed} would be answered otherwise`;
  if (orders === 0) return head;
  const rows = moves.map((move) => [move.from, move.to, String(move.orders), move.from === move.to ? '' : 'changed']);
  const why = because.map(({ rule, orders: count }) => `${count} by ${rule}`).join(', ');
  return [head, table(['WAS', 'WOULD BE', 'ORDERS', ''], rows), ...(why === '' ? [] : [`because: ${why}`])].join('\n');
}
