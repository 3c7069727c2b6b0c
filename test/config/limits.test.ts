import { describe, expect, it } from 'vitest';
import { BASE, faultsIn, pem, spoil } from './base.ts';

/** Without where it stands in the file. */
const said = async (config: string) => (await faultsIn(config)).map((fault) => fault.replace(/^\S+ /, ''));

const top = (lines: string): string => `${BASE}${lines}\n`;
const SECRET = '0123456789abcdef0123456789abcdef';
const hook = (url: string, secret = SECRET, mode = 'after-notice'): string =>
  spoil(
    '      title: Daily News\n',
    `      title: Daily News\n      provision: { mode: ${mode}, url: '${url}', secret: ${secret} }\n`,
  );

describe('where a provider is told of its subscribers', () => {
  it.each([
    ['http://sp.example/hook', 'must be an https URL; http goes only to this machine'],
    ['ftp://localhost/hook', 'must be an https URL; http goes only to this machine'],
    ['sp.example/hook', 'is no URL'],
    ['https://orderd@sp.example/hook', 'must hold no user and no password'],
    ['https://:hunter2@sp.example/hook', 'must hold no user and no password'],
  ])('is not %s', async (url, text) => {
    expect(await said(hook(url))).toEqual([`catalogue.services[0].provision.url: ${text}`]);
  });

  it.each(['https://sp.example/hook', 'http://localhost/hook', 'http://127.0.0.1:8081/hook', 'http://[::1]/hook'])(
    'may be %s',
    async (url) => {
      expect(await said(hook(url))).toEqual([]);
    },
  );

  it('is proved by a secret that nobody guesses', async () => {
    expect(await said(hook('https://sp.example/hook', 'a'.repeat(20)))).toEqual([]);
    expect(await said(hook('https://sp.example/hook', 'a'.repeat(19)))).toEqual([
      'catalogue.services[0].provision.secret: is shorter than 20 characters',
    ]);
  });

  it('is told after the notice of what was given on silence', async () => {
    const config = hook('https://sp.example/hook').replace('price:', 'grantOnUnknown: true\n      price:');
    expect(await said(config)).toEqual([]);
  });
});

describe('a service', () => {
  it('that is free costs nothing at all', async () => {
    expect(await said(spoil('KES 5.00', 'KES 0.01\n      charge: free'))).toEqual([
      'catalogue.services[0].price: must be 0 for a service with charge: free',
    ]);
  });

  it('is not ordered by signs alone', async () => {
    expect(await said(spoil('keywords: [NEWS]', "keywords: ['!?']"))).toEqual([
      'catalogue.services[0].keywords[0]: must be one word with at least one letter or digit',
    ]);
  });

  it('has a code no longer than the usual window, where it names none', async () => {
    const config = spoil('period: day', 'period: day\n      codeLife: 6m');
    expect(await said(`${config}challenge: { window: 5m }\n`)).toEqual([
      'catalogue.services[0].codeLife: must not be longer than its challenge window',
    ]);
  });
});

const TOKEN = 'abcdefghijklmnopqrstuvw';
const LINE = `scrypt:15:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;

describe('the NOC', () => {
  it.each([
    [`tokens: [{ name: a, role: viewer, token: ${'t'.repeat(4096)} }]`, []],
    [
      `tokens: [{ name: a, role: viewer, token: ${'t'.repeat(4097)} }]`,
      ['noc.tokens[0].token: is no token: 20 to 4096 ASCII characters, no space'],
    ],
    [
      `users: [{ name: a, role: viewer, password: '${LINE}' }], tokens: [{ name: a, role: viewer, token: ${TOKEN} }]`,
      ['noc.tokens[0].name: is the same as entry 0; each must be its own'],
    ],
    [
      `users: [{ name: a, role: viewer, password: '${LINE}' }, { name: a, role: viewer, password: '${LINE}' }]`,
      ['noc.users[1].name: is the same as entry 0; each must be its own'],
    ],
    [
      'host: "::"',
      ['noc.host: is not a loopback address; off this machine noc.users or noc.tokens, noc.tls, noc.hosts must be set'],
    ],
    [
      `host: 10.0.0.1, tokens: [{ name: a, role: viewer, token: ${TOKEN} }]`,
      ['noc.host: is not a loopback address; off this machine noc.tls must be set'],
    ],
    [
      `host: 10.0.0.1, hosts: [noc.example.net], tls: { cert: ${pem('cert')}, key: ${pem('key')} }`,
      ['noc.host: is not a loopback address; off this machine noc.users or noc.tokens must be set'],
    ],
  ])('{ %s }', async (noc, faults) => {
    expect(await said(top(`noc: { ${noc} }`))).toEqual(faults);
  });
});

const WINDOW = 'must not be longer than policy.profile.windowAtMost';
const KEY = 'ab'.repeat(32);
const keys = (over: Readonly<Record<string, string>>): string => {
  const { msisdn, dedupe, evidence, k1 } = { msisdn: KEY, dedupe: KEY, evidence: KEY, k1: KEY, ...over };
  return spoil(
    'keys: generated',
    `keys: { msisdn: ${msisdn}, dedupe: ${dedupe}, evidence: ${evidence}, currentCode: k1, codes: { k1: ${k1} } }`,
  );
};
const noKey = (path: string): string =>
  `${path}: is no key of at least 32 octets in hex or base64 (openssl rand -hex 32 makes one)`;
const rules = (...more: readonly string[]): string =>
  top(
    `credit: { rules: [${more.map((one) => `{ counts: complaint, points: -1, least: 1, window: 1h, lasts: 1d, coolDown: 1h, ${one} }`).join(', ')}] }`,
  );

const FAULTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['windows of every channel', top('challenge: { emailWindow: 2h }'), [`challenge.emailWindow: ${WINDOW}`]],
  [
    'windows of every channel: ussd',
    spoil('  profile:\n', '  profile:\n    windowAtMost: 30m\n', top('challenge: { window: 30m, ussdWindow: 31m }')),
    [`challenge.ussdWindow: ${WINDOW}`],
  ],
  [
    'reminders',
    spoil('  profile:\n', '  profile:\n    remindAtLeast: 4d\n'),
    ['week', 'month'].map(
      (period) => `subscriptions.reminder.${period}: must not be shorter than policy.profile.remindAtLeast`,
    ),
  ],
  ['reminders that are just long enough', spoil('  profile:\n', '  profile:\n    remindAtLeast: 1d\n'), []],
  [
    'orders that are kept just long enough to tell of the end of their subscription',
    hook('https://sp.example/hook')
      .replace('period: day', 'period: month')
      .replace('  profile:\n', '  profile:\n    retention: { orders: 45d }\n'),
    [],
  ],
  [
    'orders of a service that is paid once, whose end nobody is told',
    hook('https://sp.example/hook')
      .replace('period: day', 'period: once')
      .replace('  profile:\n', '  profile:\n    retention: { orders: 1d }\n'),
    [],
  ],
  [
    'tries to bind',
    spoil('host: 127.0.0.1\n', 'host: 127.0.0.1\n      reconnectFirst: 2m\n'),
    ['smpp.links[0].reconnectFirst: must not be longer than reconnectCap'],
  ],
  ['a lease that is just long enough', top('lease: { time: 12s }'), []],
  [
    'a peer off this machine in clear text',
    spoil('host: 127.0.0.1 }', 'host: ocs.example.net }'),
    [
      'diameter.peers[0].host: is not on this machine and there is no tls; add tls, or clearText: true when the line is protected otherwise (VPN, IPsec)',
    ],
  ],
  [
    'a key without its certificate',
    spoil('host: 127.0.0.1 }', `host: 127.0.0.1, tls: { key: ${pem('key')} } }`),
    ['diameter.peers[0].tls: cert and key go together: one of them is missing'],
  ],
  [
    'a request that is sent again after the OCS forgot it',
    spoil('  peers:', '  requestTimeout: 20m\n  duplicateMemory: 10m\n  peers:'),
    ['diameter.requestTimeout: must not be longer than diameter.duplicateMemory'],
  ],
  ['the first wait of settle', top('settle: { first: 1h, cap: 1m }'), ['settle.first: must not be longer than cap']],
  [
    'retries at the same time',
    top('subscriptions: { retries: [1d, 1d], grace: 1d }'),
    ['subscriptions.retries[1]: must be later than the one before it'],
  ],
  [
    'grace beyond the last retry',
    top('subscriptions: { retries: [1d], grace: 2d }'),
    ['subscriptions.grace: must not be longer than the last of retries'],
  ],
  ['the key of dedupe', keys({ dedupe: 'abcd' }), [noKey('keys.dedupe')]],
  ['the key of evidence', keys({ evidence: 'abcd' }), [noKey('keys.evidence')]],
  ['a key of codes', keys({ k1: 'abcd' }), [noKey('keys.codes.k1')]],
  ['mail on this machine', top('mail: { host: localhost, from: a@lab.example, security: none }'), []],
  [
    'a mail password without its user',
    top('mail: { host: localhost, from: a@lab.example, password: hunter2 }'),
    ['mail.user: and password go together: one of them is missing'],
  ],
  [
    'two bands that ask the same',
    spoil(
      'policy:\n',
      'policy:\n  bands: [{ name: a, from: 10, interaction: otp }, { name: b, from: 0, interaction: otp }]\n',
    ),
    [],
  ],
  ['a rule of a rate', rules('name: a, of: ordered, percent: 5'), []],
  [
    'half a rate',
    rules('name: a, of: ordered', 'name: b, percent: 5'),
    [0, 1].map((at) => `credit.rules[${at}]: of and percent go together: one of them is missing`),
  ],
  [
    'two rules of one name',
    rules('name: a', 'name: a'),
    ['credit.rules[1].name: is the same as entry 0; each must be its own'],
  ],
];

describe('limits that hold between values', () => {
  it.each(FAULTS)('%s', async (_, config, faults) => {
    expect(await said(config)).toEqual(faults);
  });
});
