import { fault, ok } from '../../lib/result.ts';
import type { ProviderBook, ProviderSummary } from '../../noc/provider-view.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { LIMIT, WHY } from '../options.ts';
import { act, verbPath } from '../reasoned.ts';
import { clock, facts, table } from '../table.ts';

const PROVIDER_LIST: Command = {
  usage: 'provider list',
  does: 'providers with their credit; exit code 1 when one is suspended',
  run: view<{ readonly providers: readonly ProviderSummary[] }>(
    () => '/api/v1/providers',
    ({ providers }) =>
      table(
        ['PROVIDER', 'NAME', 'SERVICES', 'SCORE', 'BAND', 'ASKS FOR', 'SUSPENDED'],
        providers.map((one) => [one.id, one.name, one.services, one.score, one.band, one.interaction, stopped(one)]),
      ),
    ({ providers }) => providers.every((one) => one.suspended === undefined),
  ),
};

function suspended({ suspended: is }: ProviderSummary): string | undefined {
  return is === undefined ? undefined : (is.who ?? is.by);
}

/** In a list: what a fall of its credit suspended, too. */
function stopped(one: ProviderSummary): string | undefined {
  const services = one.suspendedServices.map(({ service }) => service).join(', ');
  return suspended(one) ?? (services === '' ? undefined : `only ${services}`);
}

const PROVIDER_SHOW: Command = {
  usage: 'provider show ID',
  does: "one provider's credit book, newest entries first",
  options: LIMIT,
  run: (asked) =>
    view<ProviderBook>(
      ({ args: [id = ''] }) => `/api/v1/providers/${encodeURIComponent(id)}`,
      (book) => bookText(book, Number(asked.options['limit'])),
    )(asked),
};

function bookText({ summary, startingPoints, entries }: ProviderBook, limit: number): string {
  const head = facts([
    ['provider', `${summary.id} (${summary.name})`],
    ['credit', `${summary.score ?? 'unknown'}, band ${summary.band ?? 'unknown'}, ${summary.reading}`],
    ['asks for', summary.interaction],
    ['starts with', startingPoints],
    ['suspended', suspended(summary) ?? 'no'],
    ...summary.suspendedServices.map(
      ({ service, until }) => [`  ${service}`, `by credit until ${clock(new Date(until).toISOString())}`] as const,
    ),
  ]);
  if (entries.length === 0) return `${head}\n\nno entries`;
  const lines = table(
    ['WHEN (UTC)', 'POINTS', 'REASON', 'WHO', 'ABOUT', 'UNTIL'],
    entries
      .slice(0, limit)
      .map(({ at, points, reason, who, evidence, expiresAt }) => [
        clock(new Date(at).toISOString()),
        points,
        reason,
        who,
        evidence,
        expiresAt === undefined ? 'for good' : clock(new Date(expiresAt).toISOString()),
      ]),
  );
  return `${head}\n\n${lines}`;
}

const PROVIDER_ADJUST: Command = {
  usage: 'provider adjust ID POINTS',
  does: "adds points to a provider's credit, or takes some; needs --why TEXT",
  options: {
    ...WHY,
    days: {
      value: 'N',
      does: 'that it counts, 1 to 3650; left out: for good',
      fault: (value) =>
        /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3650
          ? undefined
          : '--days is a whole number from 1 to 3650',
    },
  },
  more: 'POINTS is a whole number from -100 to 100, other than 0. Put -- before a negative one: orderctl provider adjust --why TEXT -- ID -5',
  run: act<{ readonly provider: string; readonly score?: number }>(
    verbPath('providers', 'adjust'),
    ({ provider, score }) => `${provider} has ${score ?? 'unknown'} points`,
    ({ args: [, points = ''], options: { days } }) =>
      /^[+-]?\d{1,3}$/.test(points) && Number(points) !== 0
        ? ok({ points: Number(points), ...(days === undefined ? {} : { days: Number(days) }) })
        : fault({ kind: 'misuse', text: 'POINTS is a whole number other than 0' }),
  ),
};

interface Suspended {
  readonly provider: string;
  readonly service?: string;
  readonly suspended: boolean;
}

const suspendedText = ({ provider, service, suspended }: Suspended): string =>
  `${service === undefined ? provider : `${service} of ${provider}`} is ${suspended ? '' : 'not '}suspended`;

const PROVIDER_SUSPEND: Command = {
  usage: 'provider suspend ID',
  does: 'suspends a provider: no order of it is placed, open ones included; needs --why TEXT',
  options: WHY,
  run: act<Suspended>(verbPath('providers', 'suspend'), suspendedText),
};

const PROVIDER_RESUME: Command = {
  usage: 'provider resume ID',
  does: 'ends a suspension; needs --why TEXT',
  options: {
    ...WHY,
    service: { value: 'SERVICE', does: 'the one that a fall of the credit suspended; left out: the provider' },
  },
  more: 'provider show ID names the services that its credit suspended, and until when.',
  run: act<Suspended>(verbPath('providers', 'resume'), suspendedText, ({ options: { service } }) =>
    ok(service === undefined ? {} : { service }),
  ),
};

export const PROVIDER_COMMANDS: readonly Command[] = [
  PROVIDER_LIST,
  PROVIDER_SHOW,
  PROVIDER_ADJUST,
  PROVIDER_SUSPEND,
  PROVIDER_RESUME,
];
