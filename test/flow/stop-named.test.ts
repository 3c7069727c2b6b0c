import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import { SERVICES } from '../catalogues.ts';
import { isSilent } from './fakes/ocs.ts';
import { UssdWorld } from './ussd-world.ts';
import type { World } from './world.ts';
import { ALICE } from './world.ts';

/** One word on two short codes: a keyword is its service's on its own short code only. */
const A = SERVICES.news;
const B = { ...A, id: 'b-news', providerId: 'fun', shortCodes: ['6000'], title: 'Other News' };

function twice({ services, keywords, ...rest }: Catalogue): Catalogue {
  return {
    ...rest,
    services: new Map(services).set('b-news', B),
    keywords: new Map(keywords).set('6000 news', 'b-news').set('6000 headlines', 'b-news'),
  };
}

const on = (digits: string) => ({ destination: { ton: 0, npi: 0, digits } });

const titles = (w: World): readonly string[] => [...w.memory.subscriptionsOf(ALICE).values()].map(({ title }) => title);

async function withBoth(): Promise<UssdWorld> {
  const w = new UssdWorld();
  w.catalogue = twice(w.catalogue);
  await w.mo('NEWS');
  await w.mo('NEWS', on('6000'));
  expect(titles(w)).toEqual(['Daily News', 'Other News']);
  return w;
}

describe('a keyword that two short codes sell', () => {
  it.each([
    ['5000', ['Other News']],
    ['6000', ['Daily News']],
  ])('STOP NEWS to %s ends what that one sells', async (digits, left) => {
    const w = await withBoth();
    await w.mo('STOP NEWS', on(digits));
    expect(titles(w)).toEqual(left);
  });

  it('still does when the catalogue sells it no more', async () => {
    const w = await withBoth();
    w.catalogue = { ...w.catalogue, keywords: new Map(), services: new Map() };
    await w.mo('STOP NEWS', on('6000'));
    expect(titles(w)).toEqual(['Daily News']);
  });

  it.each(['6000', '7000'])('STOP NEWS to %s ends the only one there is', async (digits) => {
    const w = await withBoth();
    await w.mo('STOP NEWS', on('6000'));
    await w.mo('STOP NEWS', on(digits));
    expect(titles(w)).toEqual([]);
  });

  it('reaches the order that is being charged there, and leaves the subscription of the other one', async () => {
    const w = new UssdWorld();
    w.catalogue = twice(w.catalogue);
    await w.mo('NEWS');
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS', on('6000'));
    await w.mo('STOP NEWS', on('6000'));
    await w.work();
    expect(titles(w)).toEqual(['Daily News']);
    expect(w.states()).toEqual(['placed', 'refunded']);
  });

  it('NO NEWS refuses the order that was asked about on that short code', async () => {
    const w = new UssdWorld({ acme: 50, fun: 50 });
    w.catalogue = twice(w.catalogue);
    await w.mo('NEWS');
    await w.mo('NEWS', on('6000'));
    await w.mo('NO NEWS', on('6000'));
    expect(w.states()).toEqual(['challenged', 'cancelled']);
  });

  it.each([
    ['1', ['Other News']],
    ['2', ['Daily News']],
  ])('"Stop it" on the screen of subscription %s ends that one, whatever the menu sells', async (key, left) => {
    const w = await withBoth();
    await w.dial();
    await w.type('3', key, '1');
    expect(titles(w)).toEqual(left);
  });
});

describe('services named somewhere behind the word', () => {
  async function withThree(): Promise<World> {
    const w = new UssdWorld();
    const weekly = { ...SERVICES.game, period: 'week' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('game', weekly) };
    for (const word of ['NEWS', 'GAME', 'STARS']) await w.mo(word);
    return w;
  }

  it.each([
    ['STOP the NEWS', ['Snake', 'Horoscope']],
    ['STOP sending me that NEWS', ['Snake', 'Horoscope']],
    ['STOP NEWS and GAME', ['Horoscope']],
    ['please stop the game and also the headlines', ['Horoscope']],
    ['STOP NEWS, FILM', ['Snake', 'Horoscope']],
  ])('"%s" ends them, each once', async (text, left) => {
    const w = await withThree();
    await w.mo(text);
    expect(titles(w)).toEqual(left);
    expect(w.heard().at(-1)).toBe('stopped');
  });

  it.each(['COMPLAIN about NEWS', 'complain that the headlines are late, not GAME', 'complain: stop that NEWS'])(
    '"%s" is about the first',
    async (text) => {
      const w = await withThree();
      await w.mo('TONE');
      await w.mo(text);
      expect(w.memory.complaints).toMatchObject([{ providerId: 'acme', serviceId: 'news' }]);
    },
  );
});
