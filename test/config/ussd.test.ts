import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { screenText } from '../../src/domain/menu.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
import { septetsOf } from '../../src/smpp/text/gsm7.ts';
import { BASE, faultsIn, spoil } from './base.ts';

const SPEAKS = spoil(
  "      countryCode: '254'\n",
  "      countryCode: '254'\n      ussd: { codes: { '*384#': '5000' } }\n",
);
const WHOLE = `${SPEAKS}ussd: { menu: { file: menu.yaml } }\n`;
const MENU = readFileSync('config/ussd-menu.yaml', 'utf8');

const faults = (config: string, menu = MENU): Promise<readonly string[]> => faultsIn(config, { 'menu.yaml': menu });

describe('the menu of USSD', () => {
  it('as it is shipped has no fault', async () => {
    expect(await faults(WHOLE)).toEqual([]);
    expect(await faults(BASE)).toEqual([]);
  });

  it('keeps to the letters of the GSM alphabet, so that its pages hold 182 characters', () => {
    const foreign = MENU.split('\n').flatMap((line) =>
      Array.from(line.replace(/#.*/, '')).some((letter) => septetsOf(letter) === undefined) ? [line.trim()] : [],
    );
    expect(foreign).toEqual([]);
  });

  it('is all that a link may carry', async () => {
    const only = (config: string): string =>
      spoil("countryCode: '254'\n", "countryCode: '254'\n      channels: []\n", config);
    expect(await faults(only(WHOLE))).toEqual([]);
    expect(await faults(only(BASE))).toEqual([expect.stringMatching(/smpp\.links\[0\]\.channels: is empty/)]);
  });

  it('is needed where a link speaks USSD', async () => {
    expect(await faults(SPEAKS)).toEqual([expect.stringMatching(/smpp\.links\[0\]\.ussd: needs a menu/)]);
  });

  it('may tell the price of an order beside its key', async () => {
    const told = MENU.replaceAll('other {{price}', 'other {').replaceAll(
      /label: \{ en: Order, .*do: order \}/g,
      "label: { en: 'Order for {price}' }, do: order }",
    );
    expect((await faults(WHOLE, told)).filter((fault) => fault.includes('items[0]'))).toEqual([]);
  });

  it('tells the price in the rows of a list that orders', async () => {
    const orders = MENU.replace('go: service\n', 'do: order\n');
    expect(await faults(WHOLE, orders)).toEqual([]);
    const silent = orders.replace("en: '{title} {free, select, yes {free} other {{price}}}'", "en: '{title}'");
    expect(await faults(WHOLE, silent)).toEqual([
      expect.stringMatching(/screens\.services\.list\.row: orders, so it must tell \{price\}/),
    ]);
  });

  it.each<[string, string, string, RegExp]>([
    ['a start that is no screen', 'start: home', 'start: hom', /menu\.start: names no screen; screens are home,/],
    ['a go that leads nowhere', 'go: services }', 'go: shop }', /\.go: names no screen/],
    ['keys that are one', "more: '98'", "more: '0'", /keys\.more: must differ from keys\.back/],
    ['a label without the default language', 'goodbye: { en: Goodbye., ', 'goodbye: { ', /goodbye: has no text in en/],
    ['an unknown argument', 'Thank you. The answer', 'Thank you {name}. The answer', /names \{name\}; it may name/],
    ['a text that is no ICU message', 'What would you like?', "'What {would'", /is no ICU message/],
    ['a label of a key that is too long', 'more: { en: More,', `more: { en: ${'More '.repeat(8)},`, /at most 25/],
    [
      'a last word that is longer than a screen',
      'es: Estamos llenos.',
      `es: ${'Estamos completamente saturados. '.repeat(4)}`,
      /labels\.busy\.es: is longer than a screen/,
    ],
    [
      'an order whose screen tells its price in one language of two',
      "sw: '{title} ya {provider}: {free, select, yes {bure} other {{price}",
      "sw: '{title} ya {provider}: {free, select, yes {bure} other {",
      /screens\.service\.items\[0\]: orders, so the title of its screen or its label must tell \{price\}/,
    ],
    [
      'a label of a key that is a letter too long',
      "no: { en: 'No'",
      `no: { en: ${'N'.repeat(26)}`,
      /labels\.no\.en: has 26 characters/,
    ],
    [
      'a last word that is longer than a screen with what it names',
      'en: Thank you. The answer comes by {channel}.',
      `en: '${'x'.repeat(178)}{channel}'`,
      /labels\.sent\.en: is longer than a screen/,
    ],
    ...(['later', 'busy'] as const).map((name): [string, string, string, RegExp] => [
      `${name} on two screens`,
      `${name}:\n    en: `,
      `${name}:\n    en: ${'Please wait a moment more. '.repeat(7)}`,
      new RegExp(`labels\\.${name}\\.en: is longer than a screen`),
    ]),
    [
      'a farewell on two screens',
      'goodbye: { en: Goodbye.',
      `goodbye: { en: ${'Bye '.repeat(50)}`,
      /labels\.goodbye\.en/,
    ],
    ['an unknown code on two screens', 'en: This code is', `en: ${'x'.repeat(180)} This is`, /labels\.unknown\.en/],
    ['an item that names what it cannot', 'en: My services', "en: '{name}'", /items\[1\]\.label\.en: names \{name\}/],
    ['a row that names what it cannot', "row: { en: '{title}", "row: { en: '{name}", /list\.row\.en: names \{name\}/],
    [
      'an empty list that names what it cannot',
      'en: Nothing is sold here.',
      "en: '{name}'",
      /list\.none\.en: names \{name\}/,
    ],
    ['a list whose choice leads nowhere', 'go: subscription\n', 'go: shop\n', /list\.go: names no screen/],
    ['an item that both goes and does', 'go: services }', 'go: services, do: list }', /must say either go or do/],
    ['a channel where nothing is ordered', 'do: stop }', 'do: stop, via: sms }', /via: goes only with do: order/],
  ])('%s is a fault', async (_what, from, to, message) => {
    expect(MENU).toContain(from);
    const found = await faults(WHOLE, MENU.replace(from, to));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(message);
  });
});

it('a row without words of a language has its amounts written as that language does', async () => {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const row = loaded.value.ussd?.menu.screens.get('services')?.list?.row;
  const args = { title: 'Daily Headlines', price: 'KES 5.00' };
  expect(row?.('en', args)).toBe('Daily Headlines KES 5.00');
  expect(row?.('fr', args)).toBe('Daily Headlines 5,00 KES');
});

describe('the screen of an order that waits', () => {
  const args = { title: 'Gold', provider: 'Karat', period: 'week', keyword: 'GOLD' };

  async function pending(asks: 'yes' | 'code', language: string, price = 'KES 20.00'): Promise<string> {
    const loaded = await loadConfig(LAB_CONFIG, {});
    const menu = loaded.ok ? loaded.value.ussd?.menu : undefined;
    if (menu === undefined) throw new Error('no menu');
    const waiting = [{ id: '00-a', args: { ...args, price }, asks }];
    const rows = { services: [], subscriptions: [], waiting, channels: [], languages: [] };
    const place = { screen: 'pending', page: 0, chosen: '00-a', trail: [] };
    return screenText(menu, { language, shortCode: '5000', rows, fits: () => true }, place);
  }

  it('tells all that is consented to, as the screen before an order does', async () => {
    expect(await pending('yes', 'en')).toBe('Order Gold by Karat for KES 20.00 a week?\n1 Yes\n2 No');
    expect(await pending('yes', 'sw')).toMatch(/^Agiza Gold ya Karat kwa KES 20\.00 kwa wiki\?/);
    expect(await pending('yes', 'fr')).toMatch(/^Commander Gold de Karat pour 20,00 KES par semaine \?/);
    expect(await pending('yes', 'es')).toMatch(/^¿Pedir Gold de Karat por 20,00 KES a la semana\?/);
  });

  it('says of a free service that it is free', async () => {
    expect(await pending('yes', 'en', 'KES 0.00')).toMatch(/^Order Gold by Karat free of charge\?/);
  });

  it('asks for the code where only the code is an answer, and for none where a yes is', async () => {
    expect(await pending('code', 'en')).toBe('Order Gold by Karat for KES 20.00 a week?\n1 Enter its code\n2 No');
  });
});

it('a dialogue that outlives its orders is a fault: they could not go on elsewhere', async () => {
  const found = await faults(spoil('ussd: { codes', 'ussd: { userTimeout: 3m, codes', WHOLE));
  expect(found).toEqual([expect.stringMatching(/userTimeout: must not be longer than challenge\.ussdWindow/)]);
});

describe('the codes of a link', () => {
  it('sell only short codes of that link', async () => {
    expect(await faults(spoil("'*384#': '5000'", "'*384#': '6000'", WHOLE))).toEqual([
      expect.stringMatching(/codes\.\*384#: 6000 is no short code of this link/),
    ]);
  });

  it.each([
    ['dialect: pidgin, codes', /dialect/],
    ['userTimeout: 1h, codes', /userTimeout/],
    ['answerWithin: 0s, codes', /answerWithin/],
    ['abortOp: 300, codes', /abortOp/],
    ['sessions: 5, codes', /sessions: unknown key/],
  ])('%s is a fault that names itself', async (line, message) => {
    const found = await faults(spoil('ussd: { codes', `ussd: { ${line}`, WHOLE));
    expect(found[0]).toMatch(message);
  });
});

it('a text promises no more time than the link whose dialogues end soonest', async () => {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const [first] = loaded.value.links.flatMap(({ ussd }) => (ussd === undefined ? [] : [ussd.userTimeout])).sort();
  expect(loaded.value.flow.challenge.ussdAnswer).toBe(first);
  expect(first).toBeDefined();
});
