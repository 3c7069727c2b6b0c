import { describe, expect, it } from 'vitest';
import { BASE, faultsIn, pem, spoil } from './base.ts';

const SECOND_SERVICE = `
    - id: sport
      provider: quizzo
      keywords: [SPORT]
      shortCodes: ['5000']
      title: Sport
      price: KES 5.00
      period: once
      serviceIdentifier: 2
policy:`;

const TWO = spoil('\npolicy:', SECOND_SERVICE);

/** The second service on a short code of its own. */
const TWO_CODES = spoil(
  "['5000']\n      countryCode",
  "['5000', '6000']\n      countryCode",
  spoil("keywords: [SPORT]\n      shortCodes: ['5000']", "keywords: [SPORT]\n      shortCodes: ['6000']", TWO),
);

const service = (line: string): string =>
  spoil('      title: Daily News\n', `      title: Daily News\n      ${line}\n`);
const top = (lines: string): string => `${BASE}${lines}\n`;
const policy = (lines: string): string => spoil('policy:\n', `policy:\n  ${lines}\n`);

const FAULTS: readonly (readonly [string, string, string])[] = [
  [
    'a service of a provider that does not exist',
    spoil('provider: planet', 'provider: plannet'),
    'config.yaml:21:17 catalogue.services[0].provider: names no provider; did you mean planet?',
  ],
  [
    'a service of a provider that nothing resembles',
    spoil('provider: planet', 'provider: zyx'),
    'config.yaml:21:17 catalogue.services[0].provider: names no provider; providers are planet, quizzo',
  ],
  [
    'one keyword for two services',
    spoil('keywords: [SPORT]', 'keywords: [SPORT, News]', TWO),
    'config.yaml:30:25 catalogue.services[1].keywords[1]: orders news on 5000 already',
  ],
  [
    'a keyword that is an answer',
    spoil('keywords: [NEWS]', 'keywords: [NEWS, Yes]'),
    'config.yaml:22:24 catalogue.services[0].keywords[1]: is a reserved word: it means confirm',
  ],
  [
    'a keyword that stops',
    spoil('keywords: [NEWS]', 'keywords: [END]'),
    'config.yaml:22:18 catalogue.services[0].keywords[0]: is a reserved word: it means stop',
  ],
  [
    'a keyword that reads as a code',
    spoil('keywords: [NEWS]', "keywords: ['2026']"),
    'config.yaml:22:18 catalogue.services[0].keywords[0]: is a reserved word: it means code',
  ],
  [
    'a keyword of two words',
    spoil('keywords: [NEWS]', 'keywords: [NEWS NOW]'),
    'config.yaml:22:18 catalogue.services[0].keywords[0]: must be one word with at least one letter or digit',
  ],
  [
    'a short code that no link serves',
    spoil("shortCodes: ['5000']\n      title", "shortCodes: ['5001']\n      title"),
    'config.yaml:23:20 catalogue.services[0].shortCodes[0]: no link serves 5001; links serve 5000',
  ],
  [
    'a free service with a price',
    service('charge: free'),
    'config.yaml:26:14 catalogue.services[0].price: must be 0 for a service with charge: free',
  ],
  [
    'a service that is reserved, and given unpaid on silence (E7)',
    service('charge: reserve\n      grantOnUnknown: true'),
    'config.yaml:26:23 catalogue.services[0].grantOnUnknown: goes only with charge: event; nothing else can be given unpaid',
  ],
  [
    'a service that is given unpaid on silence, and only if its provider says yes (E10)',
    service(
      'grantOnUnknown: true\n      provision: { mode: before-notice, url: "https://sp.example/hook", secret: 0123456789abcdef0123456789abcdef }',
    ),
    'config.yaml:25:23 catalogue.services[0].grantOnUnknown: goes not with provision before-notice: its provider would never be asked',
  ],
  [
    'a price of nothing that is not called free',
    spoil('KES 5.00', 'KES 0.00'),
    'config.yaml:25:14 catalogue.services[0].price: is 0; then say charge: free',
  ],
  [
    'a code that outlives its window',
    service('challengeWindow: 1m\n      codeLife: 2m'),
    'config.yaml:26:17 catalogue.services[0].codeLife: must not be longer than its challenge window',
  ],
  [
    'a window that the profile does not allow',
    service('challengeWindow: 2h'),
    'config.yaml:25:24 catalogue.services[0].challengeWindow: must not be longer than policy.profile.windowAtMost',
  ],
  [
    'a service id twice',
    spoil('id: sport', 'id: news', TWO),
    'config.yaml:28:11 catalogue.services[1].id: is the same as entry 0; each must be its own',
  ],
  [
    'a provider id twice',
    spoil('id: quizzo', 'id: planet'),
    'config.yaml:18:13 catalogue.providers[1].id: is the same as entry 0; each must be its own',
  ],
  [
    'orders that are forgotten while their subscription goes on, whose provider is to be told of its end',
    service(
      'provision: { mode: after-notice, url: "https://sp.example/hook", secret: 0123456789abcdef0123456789abcdef }',
    )
      .replace('period: day', 'period: month')
      .replace('  profile:', '  profile:\n    retention: { orders: 44d }'),
    'config.yaml:31:26 policy.profile.retention.orders: must be at least a month and the last of subscriptions.retries, 45d: by its last order the provider of catalogue.services[0] (period) is told that a subscription has ended',
  ],
  [
    'a webhook at a port that fetch never calls',
    service(
      'provision: { mode: after-notice, url: "https://sp.example:10080/hook", secret: 0123456789abcdef0123456789abcdef }',
    ),
    'config.yaml:25:45 catalogue.services[0].provision.url: has port 10080, which webhooks cannot be sent to (Fetch, port blocking)',
  ],
  [
    'a lease shorter than an answer may take',
    top('lease: { time: 10s }'),
    'config.yaml:35:16 lease.time: must be at least diameter.tx and 2s more, or an order is taken over while its answer is awaited',
  ],
  [
    'an instance whose name makes no DiameterIdentity',
    top('instance: { name: orderd_1 }'),
    'config.yaml:11:3 diameter.originHost: is missing, and instance.name with originRealm, orderd_1.lab.example, is no DiameterIdentity',
  ],
  [
    'a Tx longer than the request timeout',
    spoil('  peers:', '  tx: 20s\n  requestTimeout: 15s\n  peers:'),
    'config.yaml:13:7 diameter.tx: must not be longer than diameter.requestTimeout',
  ],
  [
    'a challenge code longer than the window',
    top('challenge: { window: 4m, codeLife: 5m }'),
    'config.yaml:35:36 challenge.codeLife: must not be longer than challenge.window',
  ],
  [
    'a challenge window longer than the profile allows',
    top('challenge: { window: 2h }'),
    'config.yaml:35:22 challenge.window: must not be longer than policy.profile.windowAtMost',
  ],
  [
    'a backoff that begins above its cap',
    top('say: { first: 20m }'),
    'config.yaml:35:15 say.first: must not be longer than cap',
  ],
  [
    'a backoff that outlives its age limit',
    top('settle: { maxAge: 1m }'),
    'config.yaml:35:9 settle.cap: must not be longer than maxAge',
  ],
  [
    'bands in the wrong order',
    policy(
      'bands: [{ name: a, from: 10, interaction: notice }, { name: b, from: 20, interaction: otp }, { name: c, from: 0, interaction: refuse }]',
    ),
    'config.yaml:29:72 policy.bands[1].from: must be lower than the band above it',
  ],
  [
    'bands that do not reach 0',
    policy('bands: [{ name: a, from: 10, interaction: notice }, { name: b, from: 5, interaction: otp }]'),
    'config.yaml:29:72 policy.bands[1].from: the lowest band must start at 0',
  ],
  [
    'a lower band that is milder',
    policy('bands: [{ name: a, from: 10, interaction: otp }, { name: b, from: 0, interaction: notice }]'),
    'config.yaml:29:85 policy.bands[1].interaction: is milder than the band above it',
  ],
  [
    'clear text to another machine',
    spoil('host: 127.0.0.1\n', 'host: smsc.example.net\n'),
    'config.yaml:5:13 smpp.links[0].host: is not on this machine and there is no tls; add tls, or clearText: true when the line is protected otherwise (VPN, IPsec)',
  ],
  [
    'an ear for outbinds of other machines, in clear',
    spoil(
      "countryCode: '254'\n",
      "countryCode: '254'\n      outbind: { host: 0.0.0.0, port: 2776, systemId: SMSC, password: x }\n",
    ),
    'config.yaml:10:24 smpp.links[0].outbind.host: is not on this machine and there is no tls; add tls, or clearText: true when the line is protected otherwise (VPN, IPsec)',
  ],
  [
    'an ear for outbinds over TLS, without a certificate of ours',
    spoil(
      "countryCode: '254'\n",
      "countryCode: '254'\n      outbind: { port: 2776, systemId: SMSC, password: x }\n      tls: {}\n",
    ),
    'config.yaml:10:16 smpp.links[0].outbind: listens with TLS as the link does: tls.cert and tls.key are missing',
  ],
  [
    'a certificate without its key',
    spoil('host: 127.0.0.1\n', `host: smsc.example.net\n      tls: { cert: ${pem('cert')} }\n`),
    'config.yaml:6:12 smpp.links[0].tls: cert and key go together: one of them is missing',
  ],
  [
    'the NOC off this machine without a token',
    top('noc: { host: 0.0.0.0 }'),
    'config.yaml:35:14 noc.host: is not a loopback address; off this machine noc.users or noc.tokens, noc.tls, noc.hosts must be set',
  ],
  [
    'the NOC behind a proxy, and nobody asked who they are',
    top('noc: { hosts: [localhost, noc.example.net] }'),
    'config.yaml:35:27 noc.hosts[1]: is not this machine; then noc.users or noc.tokens must be set',
  ],
  [
    'a password line that no login could try',
    top(`noc: { users: [{ name: a, role: viewer, password: 'scrypt:17:8:1:${'s'.repeat(16)}:${'k'.repeat(43)}' }] }`),
    'config.yaml:35:51 noc.users[0].password: is no line of orderctl hash-password',
  ],
  [
    'a token that could be guessed',
    top('noc: { tokens: [{ name: a, role: viewer, token: hello }] }'),
    'config.yaml:35:49 noc.tokens[0].token: is shorter than 20 characters',
  ],
  [
    'a token that no header can hold',
    top("noc: { tokens: [{ name: a, role: viewer, token: 'twenty characters and a space' }] }"),
    'config.yaml:35:49 noc.tokens[0].token: is no token: 20 to 4096 ASCII characters, no space',
  ],
  [
    'a name of the NOC with a port',
    top(
      'noc: { hosts: [NOC.example.net, noc.example.net:8443], tokens: [{ name: a, role: viewer, token: abcdefghijklmnopqrstuvw }] }',
    ),
    'config.yaml:35:33 noc.hosts[1]: is a text of 20 characters; expected a host name or an IP address, without a port',
  ],
  [
    'a Redis that is none',
    spoil('redis: embedded', 'redis: { url: http://localhost }'),
    'config.yaml:1:15 redis.url: must begin with redis://, rediss:// or unix://',
  ],
  [
    'two tokens with one secret',
    top(
      'noc: { tokens: [{ name: a, role: viewer, token: abcdefghijklmnopqrstuvw }, { name: b, role: operator, token: abcdefghijklmnopqrstuvw }] }',
    ),
    'config.yaml:35:110 noc.tokens[1].token: is the same as entry 0; each must be its own',
  ],
  [
    'a Redis without a host',
    spoil('redis: embedded', 'redis: { url: redis:///0 }'),
    'config.yaml:1:15 redis.url: names no host and no socket',
  ],
  [
    'a Redis with a login alone',
    spoil('redis: embedded', "redis: { url: 'redis://:hunter2@' }"),
    'config.yaml:1:15 redis.url: names no host and no socket',
  ],
  [
    'a Redis database that is no number',
    spoil('redis: embedded', 'redis: { url: redis://redis.lan/orders }'),
    'config.yaml:1:15 redis.url: the database in the Redis url is not a number',
  ],
  [
    'a Redis password with a % of its own',
    spoil('redis: embedded', "redis: { url: 'redis://:hunter%2@redis.lan' }"),
    'config.yaml:1:15 redis.url: a % in the Redis url begins no octet; one of a login or path is written %25',
  ],
  [
    'a Redis database where nobody reads it',
    spoil('redis: embedded', "redis: { url: 'redis://redis.lan?db=3' }"),
    'config.yaml:1:15 redis.url: the Redis url takes no ? and no #; the database is its path, as in redis://HOST/3',
  ],
  [
    'a short key',
    spoil(
      'keys: generated',
      `keys: { msisdn: abcd, dedupe: ${'ab'.repeat(32)}, evidence: ${'ab'.repeat(32)}, currentCode: k1, codes: { k1: ${'ab'.repeat(32)} } }`,
    ),
    'config.yaml:34:17 keys.msisdn: is no key of at least 32 octets in hex or base64 (openssl rand -hex 32 makes one)',
  ],
  [
    'a current code key that is not there',
    spoil(
      'keys: generated',
      `keys: { msisdn: ${'ab'.repeat(32)}, dedupe: ${'ab'.repeat(32)}, evidence: ${'ab'.repeat(32)}, currentCode: k2, codes: { k1: ${'ab'.repeat(32)} } }`,
    ),
    'config.yaml:34:246 keys.currentCode: names none of keys.codes (k1)',
  ],
  [
    'a default language without texts',
    spoil('language:\n', 'language:\n  default: sw\n'),
    'config.yaml:33:12 language.default: names none of the languages in language.files (en)',
  ],
  [
    'a language twice',
    spoil('[messages/en.yaml]', '[messages/en.yaml, messages/en.yaml]'),
    'messages/en.yaml:18:11 language.files[1].language: stands in another message file already',
  ],
  [
    'two peers of one name',
    spoil(
      '    - { name: ocs, host: 127.0.0.1 }\n',
      '    - { name: ocs, host: 127.0.0.1 }\n    - { name: ocs, host: 127.0.0.2 }\n',
    ),
    'config.yaml:15:15 diameter.peers[1].name: is the same as entry 0; each must be its own',
  ],
  [
    'two bands of one name',
    policy('bands: [{ name: a, from: 10, interaction: notice }, { name: a, from: 0, interaction: otp }]'),
    'config.yaml:29:63 policy.bands[1].name: is the same as entry 0; each must be its own',
  ],
  [
    'two links of one name',
    BASE.replace(/( {4}- name: lab\n[^]*?)(?=diameter:)/, '$1$1'),
    'config.yaml:10:13 smpp.links[1].name: is the same as entry 0; each must be its own',
  ],
  [
    'one keyword for two services on the second short code of both',
    spoil(
      "shortCodes: ['5000']\n      title: Daily",
      "shortCodes: ['5000', '6000']\n      title: Daily",
      TWO_CODES.replace('keywords: [SPORT]', 'keywords: [NEWS]'),
    ),
    'config.yaml:30:18 catalogue.services[1].keywords[0]: orders news on 6000 already',
  ],
  [
    'two bands from one score',
    policy(
      'bands: [{ name: a, from: 10, interaction: notice }, { name: b, from: 10, interaction: otp }, { name: c, from: 0, interaction: otp }]',
    ),
    'config.yaml:29:72 policy.bands[1].from: must be lower than the band above it',
  ],
  [
    'a second retry of a renewal before the first',
    top('subscriptions: { retries: [2d, 1d], grace: 1d }'),
    'config.yaml:35:32 subscriptions.retries[1]: must be later than the one before it',
  ],
  [
    'a copy without an id that is known for longer than one with an id',
    top('dedupe: { window: 2h, windowWithId: 1h }'),
    'config.yaml:35:19 dedupe.window: must not be longer than dedupe.windowWithId',
  ],
  [
    'mail in clear text to another machine',
    top('mail: { host: mail.example.net, from: a@lab.example, security: none }'),
    'config.yaml:35:64 mail.security: none is not on this machine; use starttls or tls, or clearText: true',
  ],
  [
    'a mail login without its password',
    top('mail: { host: localhost, from: a@lab.example, user: orderd }'),
    'config.yaml:35:53 mail.user: and password go together: one of them is missing',
  ],
];

describe('values that do not fit each other', () => {
  it.each(FAULTS)('%s', async (_, config, expected) => {
    expect(await faultsIn(config)).toEqual([expected]);
  });

  it.each([
    ['clear text that somebody vouches for', spoil('host: 127.0.0.1\n', 'host: 10.0.0.7\n      clearText: true\n')],
    ['TLS to another machine', spoil('host: 127.0.0.1\n', 'host: smsc.example.net\n      tls: {}\n')],
    [
      'mail in clear text that somebody vouches for',
      top('mail: { host: mail.example.net, from: a@lab.example, security: none, clearText: true }'),
    ],
    ['a keyword of one digit, as of an item of a list', spoil('keywords: [NEWS]', "keywords: ['7']")],
    ['one keyword on two short codes', TWO_CODES.replace('keywords: [SPORT]', 'keywords: [NEWS]')],
    [
      'the NOC off this machine with a token and TLS',
      top(
        `noc: { host: 10.0.0.1, tls: { cert: ${pem('cert')}, key: ${pem('key')} }, tokens: [{ name: a, role: viewer, token: abcdefghijklmnopqrstuvw }] }`,
      ),
    ],
    [
      'the NOC behind a proxy with a token',
      top('noc: { hosts: [noc.example.net], tokens: [{ name: a, role: viewer, token: abcdefghijklmnopqrstuvw }] }'),
    ],
  ])('accepts %s', async (_, config) => {
    expect(await faultsIn(config)).toEqual([]);
  });
});
