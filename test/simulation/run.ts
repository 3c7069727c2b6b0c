import type { Catalogue, Service } from '../../src/domain/catalogue.ts';
import type { Signal } from '../../src/domain/credit-rule.ts';
import { SIGNALS } from '../../src/domain/credit-rule.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { LedgerEntry } from '../../src/flow/ports/outbox.ts';
import type { CreditRules } from '../../src/outbox/credit.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import type { Network } from './credit.ts';
import { startNetwork } from './credit.ts';
import type { Crowd } from './people.ts';
import { createPeople, KINDS, PROVIDERS } from './people.ts';

export interface Run {
  readonly seed: number;
  /** Score of each provider at the end of each day; the first is before the first day. */
  readonly scores: ReadonlyMap<string, readonly number[]>;
  /** The bands of each provider in the order in which it came into them, with the day (from 1). */
  readonly bands: ReadonlyMap<string, readonly { readonly band: string; readonly day: number }[]>;
  readonly ledgers: ReadonlyMap<string, readonly LedgerEntry[]>;
  /** What each provider's orders told of it, all days together: what the rules measure is made of these. */
  readonly signals: ReadonlyMap<string, Readonly<Record<Signal, number>>>;
}

export interface RunSettings extends Crowd {
  readonly days: number;
  readonly policy: Policy;
  readonly rules: CreditRules;
  /** Told at the end of each simulated day. */
  readonly eachDay?: (day: number, scores: Run['scores']) => void;
}

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HOURS = 24;
const DAY = 86_400_000;

export async function simulate(handle: RedisHandle, seed: number, settings: RunSettings): Promise<Run> {
  const dice = seeded(seed);
  const network = await startNetwork({ handle, catalogue: CATALOGUE, dice, ...settings });
  const people = createPeople(network, settings, dice);
  const began = network.clock.now();
  const scores = new Map<string, number[]>(PROVIDERS.map(({ id, startingPoints }) => [id, [startingPoints]]));
  for (let hour = 0; hour < settings.days * HOURS; hour++) {
    await people.hour(hour);
    if (hour % HOURS !== HOURS - 1) continue;
    for (const [id, days] of scores) {
      const reading = await network.credit.read(id);
      days.push(reading.kind === 'unknown' ? Number.NaN : reading.score);
    }
    settings.eachDay?.((hour + 1) / HOURS, scores);
  }
  const bandsOf = (id: string) =>
    network.bands
      .filter(({ provider }) => provider === id)
      .map(({ to, at }) => ({ band: to, day: Math.floor((at - began) / DAY) + 1 }));
  const ledgers = await Promise.all(PROVIDERS.map(async ({ id }) => [id, await network.ledger(id)] as const));
  const signals = await Promise.all(PROVIDERS.map(async ({ id }) => [id, await signalsOf(network, id)] as const));
  const bands = new Map(PROVIDERS.map(({ id }) => [id, bandsOf(id)]));
  return { seed, scores, bands, ledgers: new Map(ledgers), signals: new Map(signals) };
}

const LONGEST = 30 * DAY;

async function signalsOf({ credit, clock }: Network, id: string): Promise<Readonly<Record<Signal, number>>> {
  const all = SIGNALS.map((counts) => ({ ...ANY_RULE, counts }));
  const count = await credit.counts(id, all, clock.now());
  return Object.fromEntries(SIGNALS.map((signal) => [signal, count(signal, LONGEST)])) as Record<Signal, number>;
}

const ANY_RULE = { name: 'any', least: 1, window: LONGEST, points: 0, coolDown: 0, lasts: 0 };

function service(providerId: string, kind: keyof typeof KINDS, index: number): Service {
  return {
    id: `${providerId}-${kind}`,
    providerId,
    keywords: [`${providerId}${kind}`],
    shortCodes: ['5000'],
    title: `${providerId} ${kind}`,
    price: { minor: 500, currency: 'KES', decimals: 2 },
    period: KINDS[kind],
    charge: 'event',
    serviceIdentifier: index,
    grantOnUnknown: false,
    challengeWindow: undefined,
    codeLife: undefined,
  };
}

const SERVICES = PROVIDERS.flatMap(({ id }) =>
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => [id, kind] as const),
).map(([id, kind], index) => service(id, kind, index + 1));

const CATALOGUE: Catalogue = {
  version: 'simulated',
  providers: new Map(
    PROVIDERS.map(({ id, name, startingPoints }) => [id, { id, name, startingPoints, suspended: false }]),
  ),
  services: new Map(SERVICES.map((one) => [one.id, one])),
  keywords: new Map(SERVICES.map((one) => [`5000 ${one.keywords[0] ?? ''}`, one.id])),
};
