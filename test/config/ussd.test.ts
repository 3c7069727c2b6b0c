import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';
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

  it('is all that a link may carry', async () => {
    const only = (config: string): string =>
      spoil("countryCode: '254'\n", "countryCode: '254'\n      channels: []\n", config);
    expect(await faults(only(WHOLE))).toEqual([]);
    expect(await faults(only(BASE))).toEqual([expect.stringMatching(/smpp\.links\[0\]\.channels: is empty/)]);
  });

  it('is needed where a link speaks USSD', async () => {
    expect(await faults(SPEAKS)).toEqual([expect.stringMatching(/smpp\.links\[0\]\.ussd: needs a menu/)]);
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
      'es: Estamos completamente saturados.',
      /labels\.busy\.es: is longer than a screen/,
    ],
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
