import { expect, it } from 'vitest';
import type { Catalogue, Service } from '../../src/domain/catalogue.ts';
import { findService, isRecurring, keywordOf, servicesOn } from '../../src/domain/catalogue.ts';
import { foldWord } from '../../src/domain/fold.ts';
import { septetsOf } from '../../src/smpp/text/gsm7.ts';
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

it('shows a keyword in capitals, unless only its small letters are in the GSM alphabet', () => {
  const shown = ['news', 'città', 'perù', 'año', 'garçon'].map((keyword) => keywordOf({ keywords: [keyword], id: '' }));
  expect(shown).toEqual(['NEWS', 'città', 'perù', 'AÑO', 'GARÇON']);
});

it('shows no keyword that is spelt with the GSM alphabet outside of it, and each as it is heard', () => {
  const letters = Array.from({ length: 0x2000 }, (_, code) => foldWord(String.fromCharCode(code)));
  const keywords = letters.filter((letter) => /^\p{L}$/u.test(letter) && septetsOf(letter) !== undefined);
  expect(keywords).toEqual(expect.arrayContaining(Array.from('aéèùìòàøåæäöñü')));
  const shown = keywords.map((keyword) => keywordOf({ keywords: [keyword], id: '' }));
  expect(shown.filter((keyword) => septetsOf(keyword) === undefined)).toEqual([]);
  expect(shown.map(foldWord)).toEqual(keywords);
});

it('every period but once recurs', () => {
  expect((['once', 'day', 'week', 'month'] as const).map((period) => isRecurring({ period }))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
