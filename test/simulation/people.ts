import type { Network } from './credit.ts';

/** How a provider's customers come, and how they take it. Rates are of one order. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly startingPoints: number;
  /** Share of all orders. */
  readonly share: number;
  /** Orders whose subscriber never wanted them: a trick page, a misleading advertisement, a child. */
  readonly unwanted: number;
  /** SIMs of its own that order in bursts, to climb its rankings. */
  readonly ownSims: number;
}

export const PROVIDERS: readonly Provider[] = [
  { id: 'planet', name: 'Planet', startingPoints: 90, share: 0.35, unwanted: 0.02, ownSims: 0 },
  { id: 'karat', name: 'Karat', startingPoints: 88, share: 0.25, unwanted: 0.03, ownSims: 0 },
  { id: 'quizzo', name: 'Quizzo', startingPoints: 85, share: 0.17, unwanted: 0.04, ownSims: 0 },
  { id: 'tiny', name: 'Tiny Tunes', startingPoints: 85, share: 0.03, unwanted: 0.04, ownSims: 0 },
  { id: 'lucky', name: 'Lucky Seven', startingPoints: 90, share: 0.2, unwanted: 0.45, ownSims: 10 },
];

/** What each provider sells: a keyword is the provider's id and one of these. */
export const KINDS = { daily: 'day', weekly: 'week', clip: 'once', game: 'once', vote: 'once' } as const;
type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** What people do, by what they are asked. */
const WANTED = { early: 0.02, complains: 0.002, answers: 0.88, guesses: 0.01 };
const UNWANTED = { early: 0.4, complains: 0.12, answers: 0.08, guesses: 0.04 };

export interface Crowd {
  readonly subscribers: number;
  /** Orders of one subscriber per day. */
  readonly perDay: number;
}

interface Visit {
  readonly msisdn: string;
  readonly provider: Provider;
  readonly keyword: string;
  readonly wanted: boolean;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** One simulated hour: people order, answer a few minutes later, and some stop or complain within the day. */
export function createPeople(network: Network, { subscribers, perDay }: Crowd, dice: () => number) {
  const later = new Map<number, (() => Promise<void>)[]>();
  const chance = (rate: number): boolean => dice() < rate;
  const msisdnOf = (index: number): string => `2547${String(10_000_000 + index)}`;

  function visit(): Visit {
    let at = dice();
    const found = PROVIDERS.find(({ share }) => (at -= share) < 0) ?? PROVIDERS[0];
    if (found === undefined) throw new RangeError('nobody sells anything');
    const provider = found;
    const msisdn = msisdnOf(Math.floor(dice() * subscribers));
    const keyword = `${provider.id}${KIND_NAMES[Math.floor(dice() * KIND_NAMES.length)] ?? 'clip'}`;
    return { msisdn, provider, keyword, wanted: !chance(provider.unwanted) };
  }

  /** A provider's own SIMs order and answer at once, whatever they are asked. */
  function ownVisits(provider: Provider): readonly Visit[] {
    const sims = Array.from({ length: provider.ownSims }, (_, index) => msisdnOf(subscribers + index));
    return sims.flatMap((msisdn) =>
      Array.from({ length: 6 }, () => ({ msisdn, provider, keyword: `${provider.id}vote`, wanted: true })),
    );
  }

  async function answer({ msisdn, wanted }: Visit): Promise<void> {
    const text = network.heard(msisdn);
    const right = answerTo(text);
    const { answers, guesses } = wanted ? WANTED : UNWANTED;
    if (right === undefined) return;
    if (chance(answers)) await network.text(msisdn, right);
    else if (text.startsWith('code') && chance(guesses)) await guess(msisdn);
  }

  async function guess(msisdn: string): Promise<void> {
    for (let i = 0; i < 3; i++) await network.text(msisdn, String(100_000 + Math.floor(dice() * 900_000)));
  }

  function regret({ msisdn, wanted, keyword }: Visit, hour: number): void {
    const { early, complains } = wanted ? WANTED : UNWANTED;
    if (!network.heard(msisdn).startsWith('ordered')) return;
    const at = hour + 1 + Math.floor(dice() * 20);
    const acts: (() => Promise<void>)[] = [];
    if (chance(complains)) acts.push(() => network.text(msisdn, `COMPLAIN ${keyword}`));
    if (chance(early)) acts.push(() => network.text(msisdn, `STOP ${keyword}`));
    later.set(at, [...(later.get(at) ?? []), ...acts]);
  }

  async function serve(visits: readonly Visit[], hour: number): Promise<void> {
    await Promise.all(distinct(visits).map((one) => network.text(one.msisdn, one.keyword)));
    network.clock.advance(3 * MINUTE);
    for (const one of distinct(visits)) await answer(one);
    for (const one of distinct(visits)) regret(one, hour);
  }

  return {
    async hour(hour: number): Promise<void> {
      for (const act of later.get(hour) ?? []) await act();
      later.delete(hour);
      const expected = (subscribers * perDay) / 24;
      const count = Math.floor(expected) + (chance(expected % 1) ? 1 : 0);
      await serve(Array.from({ length: count }, visit), hour);
      // Every third day at ten, from the fourth on.
      if (hour % 72 === 10 && hour > 72) for (const provider of PROVIDERS) await burst(provider);
      await network.pass(HOUR - (network.clock.now() % HOUR));
    },
  };

  async function burst(provider: Provider): Promise<void> {
    const visits = ownVisits(provider);
    for (let round = 0; round < 6; round++) {
      const once = visits.filter((_, index) => index % 6 === round);
      await Promise.all(once.map((one) => network.text(one.msisdn, one.keyword)));
      for (const one of once) await answer({ ...one, wanted: true });
    }
  }
}

/** One order of a subscriber per hour: what it hears then is about that order. */
function distinct(visits: readonly Visit[]): readonly Visit[] {
  return [...new Map(visits.map((one) => [one.msisdn, one])).values()];
}

/** What a challenge asks for; undefined when the text asks for nothing. */
function answerTo(text: string): string | undefined {
  if (text.startsWith('confirm |')) return 'YES';
  return text.startsWith('code |') ? /code=(\d+)/.exec(text)?.[1] : undefined;
}
