import type { Interaction, Policy } from '../../domain/policy.ts';
import { INTERACTIONS } from '../../domain/policy.ts';
import type { WhatIf } from '../../domain/what-if.ts';
import { whatIf } from '../../domain/what-if.ts';
import type { NocSources } from '../sources.ts';
import type { Route } from './route.ts';
import { read, refuse } from './route.ts';
import { DAY_OR_TIME, list, record, text, time, whole } from './shape.ts';

interface Asked {
  readonly provider: string;
  readonly since: string;
  readonly score?: number;
  readonly once?: string;
  readonly recurring?: string;
  readonly firstOrder?: string;
  readonly bands?: string;
}

const QUERY = record(
  {
    provider: text('id'),
    since: DAY_OR_TIME,
    score: whole('in place of the one that was read', { minimum: 0, maximum: 100 }),
    once: text('floor for services paid once'),
    recurring: text('floor for subscriptions'),
    firstOrder: text('asked of a first order'),
    bands: text('lower limits, such as trusted:85,known:40'),
  },
  ['score', 'once', 'recurring', 'firstOrder', 'bands'],
);

const MOVE = record({ from: text('as it was'), to: text('as it would be'), orders: whole('how many') });
const BECAUSE = record({ rule: text('that would win'), orders: whole('that it changed') });

export interface WhatIfView {
  readonly provider: string;
  readonly from: string;
  readonly orders: number;
  readonly changed: number;
  readonly moves: readonly { readonly from: string; readonly to: string; readonly orders: number }[];
  readonly because: readonly { readonly rule: string; readonly orders: number }[];
}

/** Credit: what stored orders would have met under another score or policy. Reads only. */
export function creditRoutes(sources: NocSources, now: () => number): readonly Route[] {
  return [
    read<unknown, Asked>({
      path: '/api/v1/credit/what-if',
      tag: 'credit',
      role: 'viewer',
      does: 'What stored orders of a provider would have met under another score or policy',
      query: QUERY,
      answer: record({
        provider: text('id'),
        from: time('where the list begins'),
        orders: whole('replayed'),
        changed: whole('answered otherwise'),
        moves: list(MOVE),
        because: list(BECAUSE),
      }),
      async handle({ query }) {
        const since = Date.parse(query.since);
        if (!Number.isFinite(since)) return refuse(400, 'bad-since', 'since is a leap second');
        const policy = changed(sources.policy(), query);
        if (typeof policy === 'string') return refuse(400, 'bad-policy', policy);
        const { orders, from } = await sources.orders.between(since, now());
        const own = orders.map(({ frozen }) => frozen).filter(({ providerId }) => providerId === query.provider);
        if (own.length === 0 && (await isUnknown(sources, query.provider)))
          return refuse(404, 'no-provider', 'no provider has this id');
        return viewOf(
          query.provider,
          from,
          whatIf(own, policy, { score: query.score, moved: query.bands !== undefined }),
        );
      },
    }),
  ];
}

/** One that left the catalogue has orders still. */
async function isUnknown({ providers }: NocSources, id: string): Promise<boolean> {
  return providers !== undefined && (await providers.book(id)) === undefined;
}

function viewOf(provider: string, from: number, found: WhatIf): WhatIfView {
  const moves = INTERACTIONS.flatMap((before) =>
    INTERACTIONS.map((after) => ({ from: before, to: after, orders: found.moves[before][after] })),
  );
  return {
    provider,
    from: new Date(from).toISOString(),
    orders: found.orders,
    changed: found.changed,
    moves: moves.filter(({ orders }) => orders > 0),
    because: Object.entries(found.because).map(([rule, orders]) => ({ rule, orders })),
  };
}

/** The policy with what was asked for in its place, or what is wrong with that. */
function changed(policy: Policy, { once, recurring, firstOrder, bands }: Asked): Policy | string {
  const asked = [once, recurring, firstOrder].filter((one) => one !== undefined);
  if (!asked.every(isInteraction)) return `once, recurring and firstOrder are one of ${INTERACTIONS.join(', ')}`;
  const limits = bands === undefined ? new Map<string, number>() : limitsIn(bands);
  const known = policy.bands.map(({ name }) => name);
  if (limits === undefined || [...limits.keys()].some((name) => !known.includes(name)))
    return `bands are name:points from 0 to 100, of ${known.join(', ')}`;
  const { floor } = policy.profile;
  return {
    ...policy,
    profile: { ...policy.profile, floor: { once: or(once, floor.once), recurring: or(recurring, floor.recurring) } },
    firstOrder: or(firstOrder, policy.firstOrder),
    bands: policy.bands.map((band) => ({ ...band, from: limits.get(band.name) ?? band.from })),
  };
}

function isInteraction(text: string): boolean {
  return (INTERACTIONS as readonly string[]).includes(text);
}

function or(asked: string | undefined, otherwise: Interaction): Interaction {
  return INTERACTIONS.find((one) => one === asked) ?? otherwise;
}

function limitsIn(bands: string): ReadonlyMap<string, number> | undefined {
  const pairs = bands.split(',').map((pair) => /^([^:]+):(\d{1,3})$/.exec(pair.trim()));
  if (pairs.some((pair) => pair === null || Number(pair[2]) > 100)) return undefined;
  return new Map(pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2])]));
}
