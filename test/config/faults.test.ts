import { describe, expect, it } from 'vitest';
import { BASE, faultsIn, spoil } from './base.ts';

/** Each class of fault, in its exact words: what an operator reads at three in the morning. */
const SINGLE_VALUES: readonly (readonly [string, string, string])[] = [
  [
    'an unknown key close to a known one',
    spoil('password: secret', 'pasword: secret'),
    'config.yaml:7:7 smpp.links[0].pasword: unknown key (its value is a text of 6 characters); did you mean password?',
  ],
  [
    'an unknown key far from any',
    spoil('language:', 'colour: { shade: 3 }\nlanguage:'),
    'config.yaml:32:1 colour: unknown key (its value is a map of 1 key); known keys are instance, redis, smpp, diameter, catalogue, policy, credit, language, challenge, channels, ussd, mail, dedupe, lease, charging, subscriptions, settle, say, answers, keep, keys, noc, log, cdr, evidence',
  ],
  [
    'a missing key',
    spoil('      systemId: orderd\n', ''),
    'config.yaml:4:7 smpp.links[0].systemId: is missing; expected the SMPP system_id of 1 to 15 ASCII characters',
  ],
  [
    'a key without a value',
    spoil('systemId: orderd', 'systemId:'),
    'config.yaml:6:16 smpp.links[0].systemId: is empty; expected the SMPP system_id of 1 to 15 ASCII characters',
  ],
  [
    'a secret of the wrong kind, its value unseen',
    spoil('password: secret', 'password: 12345678'),
    'config.yaml:7:17 smpp.links[0].password: is a number of 8 characters; expected the SMPP password, or { file: PATH }, { env: NAME } or { credential: NAME }',
  ],
  [
    'a secret in an unknown place',
    spoil('password: secret', 'password: { fil: x }'),
    'config.yaml:7:17 smpp.links[0].password: is a map of 1 key; expected the SMPP password, or { file: PATH }, { env: NAME } or { credential: NAME }',
  ],
  [
    'a number out of bounds',
    spoil('host: 127.0.0.1\n', 'host: 127.0.0.1\n      port: 70000\n'),
    'config.yaml:6:13 smpp.links[0].port: is a number of 5 characters; expected a whole number from 1 to 65535',
  ],
  [
    'a number with a fraction',
    spoil('host: 127.0.0.1\n', 'host: 127.0.0.1\n      window: 1.5\n'),
    'config.yaml:6:15 smpp.links[0].window: is a number of 3 characters; expected a whole number from 1 to 1000',
  ],
  [
    'a duration without a unit',
    spoil('host: 127.0.0.1\n', 'host: 127.0.0.1\n      responseTimeout: 30\n'),
    'config.yaml:6:24 smpp.links[0].responseTimeout: is a number of 2 characters; expected a duration from 100ms to 5m, such as 30s, 5m or 24h',
  ],
  [
    'a duration out of bounds',
    spoil('host: 127.0.0.1\n', 'host: 127.0.0.1\n      responseTimeout: 1h\n'),
    'config.yaml:6:24 smpp.links[0].responseTimeout: is a text of 2 characters; expected a duration from 100ms to 5m, such as 30s, 5m or 24h',
  ],
  [
    'a name out of a list, misspelt',
    spoil('period: day', 'period: dya'),
    'config.yaml:26:15 catalogue.services[0].period: is a text of 3 characters; expected one of once, day, week, month (day is the nearest)',
  ],
  [
    'a short code that YAML reads as a number',
    spoil("      shortCodes: ['5000']\n      countryCode", '      shortCodes: [5000]\n      countryCode'),
    "config.yaml:8:20 smpp.links[0].shortCodes[0]: is a number of 4 characters; expected a short code of 1 to 15 digits in quotes, such as '5000'",
  ],
  [
    'a calling code that no country has',
    spoil("countryCode: '254'", "countryCode: '210'"),
    "config.yaml:9:20 smpp.links[0].countryCode: is a text of 3 characters; expected a country calling code of 1 to 3 digits in quotes, such as '254'",
  ],
  [
    'an unknown currency',
    spoil('KES 5.00', 'KSH 5.00'),
    'config.yaml:25:14 catalogue.services[0].price: is a text of 8 characters; expected an ISO 4217 currency and an amount with all its decimals, such as KES 5.00 or JPY 500',
  ],
  [
    'too few decimals',
    spoil('KES 5.00', 'KES 5'),
    'config.yaml:25:14 catalogue.services[0].price: is a text of 5 characters; expected an ISO 4217 currency and an amount with all its decimals, such as KES 5.00 or JPY 500',
  ],
  [
    'a list where a map belongs',
    spoil('keys: generated', 'keys: generated\nnoc: [127.0.0.1]'),
    'config.yaml:35:6 noc: is a list of 1 entry; expected a map with host, port, hosts, proxies, tls, users, tokens, sessionFor',
  ],
  [
    'a network that holds nearly everybody',
    spoil('keys: generated', 'keys: generated\nnoc: { proxies: [10.0.0.0/7] }'),
    'config.yaml:35:18 noc.proxies[0]: is a text of 10 characters; expected an IP address, or a network such as 10.0.0.0/24',
  ],
  [
    'an unknown way to Redis',
    spoil('redis: embedded', 'redis: emebdded'),
    'config.yaml:1:8 redis: is a text of 8 characters; expected `embedded`, or { url: redis://... }',
  ],
  [
    'a misspelt key inside an alternative',
    spoil('redis: embedded', 'redis: { url: redis://localhost, prefx: x }'),
    'config.yaml:1:34 redis.prefx: unknown key (its value is a text of 1 character); did you mean prefix?',
  ],
  [
    'a system_id that is no ASCII',
    spoil('systemId: orderd', 'systemId: caf\u00e9'),
    'config.yaml:6:17 smpp.links[0].systemId: is a text of 4 characters; expected the SMPP system_id of 1 to 15 ASCII characters',
  ],
  [
    'a key of the wrong form over a value that is right',
    spoil("countryCode: '254'", "countryCode: '254'\n      ussd: { codes: { '384': '5000' } }"),
    "config.yaml:10:24 smpp.links[0].ussd.codes.384: is no key that can stand here; expected a code as it is dialled, in quotes, such as '*384#'",
  ],
  [
    'keys by half',
    spoil('keys: generated', 'keys: { msisdn: x, dedupe: y, evidence: z, codes: {} }'),
    'config.yaml:34:7 keys.currentCode: is missing; expected a name of 1 to 64 letters, digits, dots, dashes or underscores',
  ],
];

describe('a value that is wrong by itself', () => {
  it.each(SINGLE_VALUES)('%s', async (_, config, expected) => {
    expect(await faultsIn(config)).toEqual([expected]);
  });

  it('all faults are told at once', async () => {
    const config = spoil('countryCode', 'contryCode', spoil('period: day', 'period: 7'));
    expect(await faultsIn(config)).toEqual([
      'config.yaml:9:7 smpp.links[0].contryCode: unknown key (its value is a text of 3 characters); did you mean countryCode?',
      'config.yaml:26:15 catalogue.services[0].period: is a number of 1 character; expected one of once, day, week, month',
    ]);
  });

  it('the base itself is right', async () => {
    expect(await faultsIn(BASE)).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  it('is not there', async () => {
    expect(await faultsIn(spoil('messages/en.yaml', 'messages/eo.yaml'))).toEqual([
      'config.yaml:33:11 (messages/eo.yaml) language.files[0]: cannot be read (ENOENT)',
    ]);
  });

  it('is no YAML', async () => {
    expect(await faultsIn(spoil('keys: generated', 'keys: [generated'))).toEqual([
      'config.yaml:35:1: is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ]);
  });

  it('says one key twice', async () => {
    expect(await faultsIn(`${BASE}keys: generated\n`)).toEqual([
      'config.yaml:35:1: is no YAML: Map keys must be unique',
    ]);
  });

  it('holds a second document', async () => {
    const text = 'is no YAML: a second document (---) has no place here';
    expect(await faultsIn(`${BASE}---\nkeys: generated\n`)).toEqual([`config.yaml:35:1: ${text}`]);
    expect(await faultsIn(`---\n${BASE}`)).toEqual([]);
  });

  it.each([
    ['Latin-1', Buffer.from(spoil('Planet Media', 'Caf\u00e9'), 'latin1'), 17],
    ['cut within a character', Buffer.from(`${BASE}# caf\u00e9`).subarray(0, -1), 35],
    ['UTF-16', Buffer.from(`\ufeff${BASE}`, 'utf16le'), 1],
  ])('is no UTF-8: %s', async (_, config, line) => {
    expect(await faultsIn(config)).toEqual([`config.yaml:${line}: is no UTF-8`]);
  });

  it('is no UTF-8 in an included file or a secret', async () => {
    const latin = Buffer.from('providers: [] # Caf\u00e9\n', 'latin1');
    const config = spoil('password: secret', 'password: { file: pass }');
    expect(await faultsIn(config, { pass: latin })).toEqual([
      expect.stringMatching(/smpp\.links\[0\]\.password\.file: pass is no UTF-8$/),
    ]);
    const apart = BASE.replace(/catalogue:[^]*?(?=policy:)/, 'catalogue: { file: shop.yaml }\n');
    expect(await faultsIn(apart, { 'shop.yaml': latin })).toEqual(['shop.yaml:1 catalogue: is no UTF-8']);
  });

  it('is empty', async () => {
    expect((await faultsIn(''))[0]).toMatch(/^config\.yaml:1:1: is empty; expected a map with instance, redis, /);
  });

  it('is broken inside an included file: the fault is told there', async () => {
    const config = spoil('catalogue:\n', 'catalogue: { file: shop.yaml }\nunused:\n');
    const [first] = await faultsIn(config.replace(/unused:[^]*?(?=policy:)/, ''), { 'shop.yaml': 'providers: [\n' });
    expect(first).toMatch(/^shop\.yaml:2:1 catalogue: is no YAML: /);
  });

  it('holds a wrong value in an included file: the fault is located there', async () => {
    const config = BASE.replace(/catalogue:[^]*?(?=policy:)/, 'catalogue: { file: shop.yaml }\n');
    const shop = 'providers:\n  - { id: a, name: A, startingPoints: 101 }\nservices: []\n';
    expect(await faultsIn(config, { 'shop.yaml': shop })).toEqual([
      'shop.yaml:2:39 catalogue.providers[0].startingPoints: is a number of 3 characters; expected a whole number from 0 to 100',
      'shop.yaml:3:11 catalogue.services: is a list of 0 entries; expected a list of at least one service',
    ]);
  });
});
