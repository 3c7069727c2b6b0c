import type { ProviderBook } from '../provider-view.ts';
import { scoreHistory } from '../provider-view.ts';
import type { NocSources, ProviderSource } from '../sources.ts';
import type { Asked, Route } from './route.ts';
import { change, read, refuse } from './route.ts';
import { list, oneOf, record, text, WHY, whole } from './shape.ts';

const SUSPENDED = record(
  { by: oneOf(['config', 'person'], 'who did'), who: text('person'), why: text('reason'), at: whole('epoch ms') },
  ['who', 'why', 'at'],
);

const SUMMARY = record(
  {
    id: text('provider'),
    name: text('as subscribers read it'),
    services: whole('in the catalogue'),
    score: whole('0 to 100'),
    band: text('of the score'),
    interaction: text('that the band asks for'),
    reading: oneOf(['known', 'stale', 'unknown'], 'whether the score may be trusted (E18)'),
    suspended: SUSPENDED,
    suspendedServices: list(
      record({ service: text('service'), until: whole('epoch ms') }),
      'by a fall of the credit, not by a person',
    ),
  },
  ['score', 'band', 'interaction', 'suspended'],
);

const LINE = record(
  {
    id: text('entry'),
    points: whole('either sign'),
    reason: text('rule, or why'),
    who: text('rule, or person'),
    evidence: text('order that it is about'),
    at: whole('epoch ms'),
    expiresAt: whole('epoch ms; without it: for good'),
  },
  ['evidence', 'expiresAt'],
);

const BOOK = record({
  summary: SUMMARY,
  startingPoints: whole('of the book'),
  bands: list(record({ name: text('band'), from: whole('lowest score'), interaction: text('asked for') })),
  entries: list(LINE, 'newest first'),
  history: list(record({ at: whole('epoch ms'), score: whole('0 to 100') }), 'wherever the score changed in 30 days'),
});

const HISTORY_MS = 30 * 86_400_000;

const ID = record({ id: text('provider') });
type ById<Body = unknown> = Asked<{ readonly id: string }, unknown, Body>;
const unknown = () => refuse(404, 'no-provider', 'no provider has this id');

export function providerRoutes({ providers }: NocSources, now: () => number): readonly Route[] {
  if (providers === undefined) return [];
  return [
    read({
      path: '/api/v1/providers',
      tag: 'providers',
      role: 'viewer',
      does: 'Providers with their credit',
      answer: record({ providers: list(SUMMARY) }),
      handle: async () => ({ providers: await providers.list() }),
    }),
    read({
      path: '/api/v1/providers/:id',
      tag: 'providers',
      role: 'viewer',
      does: "One provider's credit book",
      params: ID,
      answer: BOOK,
      async handle({ params: { id } }: ById) {
        const book = await providers.book(id);
        return book === undefined ? unknown() : withHistory(book, now());
      },
    }),
    adjustRoute(providers),
    ...suspensionRoutes(providers),
  ];
}

function withHistory(book: ProviderBook, now: number): object {
  return { ...book, history: scoreHistory(book, now - HISTORY_MS, now) };
}

interface Adjustment {
  readonly points: number;
  readonly why: string;
  readonly days?: number;
}

function adjustRoute(providers: ProviderSource): Route {
  return change({
    path: '/api/v1/providers/:id/adjust',
    tag: 'providers',
    role: 'operator',
    does: "Adds an entry to a provider's credit book",
    params: ID,
    body: record(
      {
        points: whole('either sign, not 0', { minimum: -100, maximum: 100 }),
        why: WHY,
        days: whole('that it counts; left out: for good', { minimum: 1, maximum: 3650 }),
      },
      ['days'],
    ),
    answer: record({ provider: text('provider'), score: whole('now') }, ['score']),
    async handle({ params: { id }, body: { points, why, days }, who }: ById<Adjustment>) {
      if (points === 0) return refuse(400, 'no-points', 'points is a whole number other than 0');
      const before = await providers.book(id);
      if (before === undefined) return unknown();
      await providers.adjust(id, { points, why, who: who.name, days });
      // They are given: whoever heard that it failed would give them again.
      const after = await providers.book(id).catch(() => undefined);
      const score = after?.summary.score;
      const scores = { before: { score: before.summary.score }, after: { score, points, days } };
      const deed = { what: 'provider.adjust', subject: id, ...scores, why };
      return { view: { provider: id, score }, deed };
    },
  });
}

function suspensionRoutes(providers: ProviderSource): readonly Route[] {
  return [
    change({
      path: '/api/v1/providers/:id/suspend',
      tag: 'providers',
      role: 'operator',
      does: 'Suspends a provider: no order of it is placed, open ones included (E17)',
      params: ID,
      body: record({ why: WHY }),
      answer: record({ provider: text('provider'), suspended: { type: 'boolean' } }),
      async handle({ params: { id }, body: { why }, who }: ById<{ readonly why: string }>) {
        if ((await providers.book(id)) === undefined) return unknown();
        if (!(await providers.suspend(id, { why, who: who.name })))
          return refuse(409, 'as-it-is', `provider ${id} is suspended by a person`);
        const deed = { before: { suspended: false }, after: { suspended: true }, why };
        return { view: { provider: id, suspended: true }, deed: { what: 'provider.suspend', subject: id, ...deed } };
      },
    }),
    resumeRoute(providers),
  ];
}

interface Resumption {
  readonly service?: string;
  readonly why: string;
}

function resumeRoute(providers: ProviderSource): Route {
  return change({
    path: '/api/v1/providers/:id/resume',
    tag: 'providers',
    role: 'operator',
    does: "Ends a person's suspension of a provider, or that of one service by a fall of the credit",
    params: ID,
    body: record({ service: text('suspended by a fall of credit; left out: the provider'), why: WHY }, ['service']),
    answer: record({ provider: text('provider'), service: text('service'), suspended: { type: 'boolean' } }, [
      'service',
    ]),
    async handle({ params: { id }, body: { service, why } }: ById<Resumption>) {
      if ((await providers.book(id)) === undefined) return unknown();
      if (!(await providers.resume(id, service))) return refuse(409, 'as-it-is', notSuspended(id, service));
      const about = service === undefined ? {} : { service };
      const deed = { before: { ...about, suspended: true }, after: { ...about, suspended: false }, why };
      return {
        view: { provider: id, ...about, suspended: false },
        deed: { what: 'provider.resume', subject: id, ...deed },
      };
    },
  });
}

function notSuspended(id: string, service: string | undefined): string {
  return service === undefined
    ? `provider ${id} is not suspended by a person`
    : `service ${service} of provider ${id} is not suspended`;
}
