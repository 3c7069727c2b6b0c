import type { Money } from './money.ts';

export type Period = 'once' | 'day' | 'week' | 'month';

/** How a service is charged: one debit, reserve then commit, or nothing. */
export type ChargeKind = 'event' | 'reserve' | 'free';

/** E10: the provider's webhook is asked before the subscriber is told, or told after it. */
export type Provision = 'before-notice' | 'after-notice';

export interface Provider {
  readonly id: string;
  /** As subscribers read it. */
  readonly name: string;
  /** By hand: no order of this provider is placed, open challenges included (E17). */
  readonly suspended: boolean;
  /** Points a provider starts with, 0 to 100. */
  readonly startingPoints: number;
}

export interface Service {
  readonly id: string;
  readonly providerId: string;
  /** Words that order it, folded as `foldWord` does; the first is the one shown. */
  readonly keywords: readonly string[];
  /** Short codes on which it is sold. */
  readonly shortCodes: readonly string[];
  readonly title: string;
  readonly price: Money;
  readonly period: Period;
  readonly charge: ChargeKind;
  /** Service-Identifier AVP (RFC 8506 8.28). */
  readonly serviceIdentifier: number;
  /** Place the service when the OCS stays silent (E7). */
  readonly grantOnUnknown: boolean;
  /** Milliseconds; in place of the general windows of E16. */
  readonly challengeWindow: number | undefined;
  readonly codeLife: number | undefined;
  readonly provision?: Provision | undefined;
}

export interface Catalogue {
  readonly version: string;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly services: ReadonlyMap<string, Service>;
  /** `shortCode` + space + folded keyword to service id. */
  readonly keywords: ReadonlyMap<string, string>;
}

export function findService(catalogue: Catalogue, shortCode: string, keyword: string): Service | undefined {
  const id = catalogue.keywords.get(`${shortCode} ${keyword}`);
  return id === undefined ? undefined : catalogue.services.get(id);
}

export function servicesOn(catalogue: Catalogue, shortCode: string): readonly Service[] {
  return [...catalogue.services.values()].filter((service) => service.shortCodes.includes(shortCode));
}

/** Letters that the GSM alphabet (TS 23.038 6.2.1) has small only: their capitals take a text to UCS2, and to more SMS. */
const SMALL_ONLY = /[àèìòù]/;

/** The word by which a service is named to subscribers. */
export function keywordOf({ keywords, id }: Pick<Service, 'keywords' | 'id'>): string {
  const word = keywords[0] ?? id;
  return SMALL_ONLY.test(word) ? word : word.toUpperCase();
}

export function isRecurring<Sold extends { readonly period: Period }>(
  sold: Sold,
): sold is Sold & { readonly period: Exclude<Period, 'once'> } {
  return sold.period !== 'once';
}

const byProvider = new WeakMap<Catalogue, ReadonlyMap<string, readonly string[]>>();

/** Ids of the provider's services; sorted out once per catalogue. */
export function servicesOf(catalogue: Catalogue, providerId: string): readonly string[] {
  const known = byProvider.get(catalogue) ?? sortedOut(catalogue);
  byProvider.set(catalogue, known);
  return known.get(providerId) ?? [];
}

function sortedOut({ services }: Catalogue): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, providerId } of services.values()) {
    const ids = found.get(providerId);
    if (ids === undefined) found.set(providerId, [id]);
    else ids.push(id);
  }
  return found;
}

/** Left out of an order where its service has no webhook. */
export function provisionOf({ provision }: Service): { readonly provision?: Provision } {
  return provision === undefined ? {} : { provision };
}
