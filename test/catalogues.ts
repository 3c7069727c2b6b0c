import type { Catalogue, Provider, Service } from '../src/domain/catalogue.ts';

function provider(id: string, name: string): Provider {
  return { id, name, suspended: false, startingPoints: 90 };
}

const BASE = {
  price: { minor: 500, currency: 'KES', decimals: 2 },
  shortCodes: ['5000'],
  charge: 'event',
  serviceIdentifier: 1,
  grantOnUnknown: false,
  challengeWindow: undefined,
  codeLife: undefined,
} as const;

/** One recurring service, two that are bought once, and a free one. */
export const SERVICES = {
  news: {
    ...BASE,
    id: 'news',
    providerId: 'acme',
    keywords: ['news', 'headlines'],
    title: 'Daily News',
    period: 'day',
  },
  game: {
    ...BASE,
    id: 'game',
    providerId: 'fun',
    keywords: ['game'],
    title: 'Snake',
    period: 'once',
    serviceIdentifier: 2,
  },
  tone: {
    ...BASE,
    id: 'tone',
    providerId: 'fun',
    keywords: ['tone'],
    title: 'Ring Tone',
    period: 'once',
    serviceIdentifier: 3,
  },
  /** Charged by session: reserved, provided, committed (E10). */
  film: {
    ...BASE,
    id: 'film',
    providerId: 'acme',
    keywords: ['film'],
    title: 'Film Club',
    period: 'week',
    charge: 'reserve',
    serviceIdentifier: 4,
  },
  /** Given when the OCS stays silent (E7). */
  horoscope: {
    ...BASE,
    id: 'horoscope',
    providerId: 'acme',
    keywords: ['stars'],
    title: 'Horoscope',
    period: 'day',
    serviceIdentifier: 5,
    grantOnUnknown: true,
  },
  joke: {
    ...BASE,
    id: 'joke',
    providerId: 'acme',
    keywords: ['joke'],
    shortCodes: ['5000', '6000'],
    title: 'Free Joke',
    price: { ...BASE.price, minor: 0 },
    period: 'once',
    charge: 'free',
  },
} as const satisfies Readonly<Record<string, Service>>;

export const CATALOGUE: Catalogue = {
  version: 'catalogue-1',
  providers: new Map([
    ['acme', provider('acme', 'Acme')],
    ['fun', provider('fun', 'Fun Ltd')],
  ]),
  services: new Map<string, Service>(Object.entries(SERVICES)),
  keywords: new Map(
    Object.values<Service>(SERVICES).flatMap(({ id, shortCodes, keywords }) =>
      shortCodes.flatMap((code) => keywords.map((word) => [`${code} ${word}`, id] as const)),
    ),
  ),
};
