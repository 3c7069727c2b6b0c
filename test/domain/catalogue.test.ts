import { expect, it } from 'vitest';
import type { Catalogue, Service } from '../../src/domain/catalogue.ts';
import { findService, isRecurring, servicesOn } from '../../src/domain/catalogue.ts';
import { CATALOGUE, SERVICES } from '../catalogues.ts';

function idsOn(shortCode: string): readonly string[] {
  return servicesOn(CATALOGUE, shortCode).map(({ id }: Service) => id);
}

it('a keyword names a service only on the short codes that sell it', () => {
  expect(findService(CATALOGUE, '5000', 'news')).toBe(SERVICES.news);
  expect(findService(CATALOGUE, '5000', 'headlines')).toBe(SERVICES.news);
  expect(findService(CATALOGUE, '6000', 'news')).toBeUndefined();
  expect(findService(CATALOGUE, '5000', 'nothing')).toBeUndefined();
});

it('a keyword whose service is gone names none', () => {
  const torn: Catalogue = { ...CATALOGUE, services: new Map() };
  expect(findService(torn, '5000', 'news')).toBeUndefined();
});

it('lists what a short code sells', () => {
  expect(idsOn('6000')).toEqual(['joke']);
  expect(idsOn('7000')).toEqual([]);
});

it('every period but once recurs', () => {
  expect((['once', 'day', 'week', 'month'] as const).map((period) => isRecurring({ period }))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
