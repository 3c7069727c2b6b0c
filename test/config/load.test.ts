import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { findService } from '../../src/domain/catalogue.ts';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import type { FlowSettings } from '../../src/flow/ports/settings.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { BASE, configOf, faultsIn, folderWith, spoil } from './base.ts';

const KEY = 'ab'.repeat(32);

describe('what a config becomes', () => {
  it('fits the adapters and flows, durations in milliseconds', async () => {
    const config = await configOf(BASE);
    const link: LinkSettings | undefined = config.links[0];
    const node: NodeSettings = config.node;
    const flow: FlowSettings = { ...config.flow, channels: ['sms'] };
    expect(link).toMatchObject({
      name: 'lab',
      smsc: 'lab',
      port: 2775,
      password: 'secret',
      responseTimeout: 10_000,
      moIdTlv: undefined,
      tls: undefined,
    });
    expect(node).toMatchObject({ originHost: 'orderd.lab.example', destinationHost: undefined, tx: 10_000 });
    expect(node.peers[0]).toMatchObject({ port: 3868, tw: 30_000, identity: undefined });
    expect(flow).toMatchObject({
      partitions: 16,
      language: 'en',
      dedupeWindow: 60_000,
      leaseFor: 30_000,
      challenge: {
        windows: { sms: 3_600_000, flash: 3_600_000, ussd: 120_000, email: 1_800_000 },
        codeLife: 300_000,
        digits: 6,
        maxTries: 3,
        codes: { perOrder: 3, perDay: 5, coolDown: 60_000, perProvider: { limit: 1000, window: 3_600_000 } },
      },
      say: { first: 5000, cap: 600_000, maxAge: 86_400_000, again: 2 },
    });
  });

  it('holds the catalogue as the rules read it', async () => {
    const { catalogue } = await configOf(spoil('[NEWS]', '[NEWS, ＨＥＡＤＬＩＮＥＳ]'));
    expect(catalogue.providers.get('quizzo')).toEqual({
      id: 'quizzo',
      name: 'Quizzo',
      suspended: false,
      startingPoints: 10,
    });
    expect(findService(catalogue, '5000', 'headlines')).toMatchObject({
      id: 'news',
      providerId: 'planet',
      price: { minor: 500, currency: 'KES', decimals: 2 },
      charge: 'event',
      grantOnUnknown: false,
      codeLife: undefined,
    });
  });

  it.each([
    ['JPY 500', { minor: 500, currency: 'JPY', decimals: 0 }],
    ['KWD 1.250', { minor: 1250, currency: 'KWD', decimals: 3 }],
    ['KES 0.05', { minor: 5, currency: 'KES', decimals: 2 }],
  ])('reads the price %s', async (price, money) => {
    const { catalogue } = await configOf(spoil('KES 5.00', price));
    expect(catalogue.services.get('news')?.price).toEqual(money);
  });

  it('names its catalogue and policy by their content', async () => {
    const [one, same, dearer, stricter] = await Promise.all([
      configOf(BASE),
      configOf(`${BASE}# a remark\n`),
      configOf(spoil('KES 5.00', 'KES 6.00')),
      configOf(spoil('recurring: notice', 'recurring: confirm')),
    ]);
    expect(same.catalogue.version).toBe(one.catalogue.version);
    expect(dearer.catalogue.version).not.toBe(one.catalogue.version);
    expect(dearer.policy.version).toBe(one.policy.version);
    expect(stricter.policy.version).not.toBe(one.policy.version);
  });

  it('puts the embedded Redis and generated keys into the state folder', async () => {
    const config = await configOf(`${BASE}instance: { stateDir: /srv/orderd }\ncdr: { folder: records }\n`);
    expect(config.redis).toEqual({ kind: 'embedded', folder: '/srv/orderd/redis', prefix: 'orderd' });
    expect(config.keys).toEqual({ kind: 'generated', folder: '/srv/orderd/keys' });
    expect(config.cdr).toEqual({ folder: '/srv/orderd/records' });
  });

  it('takes keys as hex or base64', async () => {
    const base64 = Buffer.alloc(32, 7).toString('base64');
    const { keys } = await configOf(
      spoil(
        'keys: generated',
        `keys: { msisdn: ${KEY}, dedupe: ${base64}, evidence: ${KEY}, currentCode: k1, codes: { k1: ${KEY} } }`,
      ),
    );
    expect(keys).toMatchObject({ kind: 'given', keys: { currentCode: 'k1', dedupe: new Uint8Array(32).fill(7) } });
  });
});

describe('the finer points of a link', () => {
  it('have defaults, and are left out where the link wants them left out', async () => {
    const [link] = (await configOf(BASE)).links;
    expect(link).toMatchObject({ interfaceVersion: 0x34, queue: 1000, statusClasses: new Map() });
    expect(link).not.toHaveProperty('rate');
    expect(link).not.toHaveProperty('national');
    expect(link).not.toHaveProperty('moRetryStatus');
  });

  it('are read as the protocol names them', async () => {
    const lines = [
      'host: 127.0.0.1',
      "interfaceVersion: '3.3'",
      'rate: 20',
      'moIdTlv: 0x1403',
      'statusClasses: { 0x400: temporary, 88: throttled }',
      'national: { language: 1 }',
      'receiptId: strip-zeros',
      'moRetryStatus: ESME_RMSGQFUL',
    ];
    const [link] = (await configOf(spoil('host: 127.0.0.1', lines.join('\n      ')))).links;
    expect(link).toMatchObject({
      interfaceVersion: 0x33,
      rate: 20,
      moIdTlv: 0x1403,
      statusClasses: new Map([
        [0x400, 'temporary'],
        [0x58, 'throttled'],
      ]),
      national: { language: 1, locking: false, single: true },
      receiptId: 'strip-zeros',
      moRetryStatus: 0x14,
    });
  });
});

describe('secrets', () => {
  const file = spoil('password: secret', 'password: { file: smsc.password }');

  it('come from a file beside the config, without its last newline', async () => {
    const { links } = await configOf(file, { 'smsc.password': 'from a file\n' });
    expect(links[0]?.password).toBe('from a file');
  });

  it('come from the environment', async () => {
    const { links } = await configOf(spoil('password: secret', 'password: { env: SMSC }'), {}, { SMSC: 'from env' });
    expect(links[0]?.password).toBe('from env');
  });

  it('come from a systemd credential', async () => {
    const folder = await folderWith(spoil('password: secret', 'password: { credential: smsc }'), {
      'creds/smsc': 'x1',
    });
    const loaded = await loadConfig(join(folder, 'config.yaml'), { CREDENTIALS_DIRECTORY: join(folder, 'creds') });
    expect(loaded.ok && loaded.value.links[0]?.password).toBe('x1');
  });

  it('are read from beside the file that names them', async () => {
    const config = BASE.replace(/policy:[^]*?(?=language:)/, 'policy:\n  profile: { file: rules/profile.yaml }\n');
    const profile = 'name: p\nfloor: { once: notice, recurring: { file: x } }\n';
    expect(await faultsIn(config, { 'rules/profile.yaml': profile, 'rules/x': 'confirm' })).toEqual([
      'rules/profile.yaml:2:35 policy.profile.floor.recurring: is a map of 1 key; expected one of notice, confirm, otp, refuse',
    ]);
  });

  it.each([
    [file, /^config\.yaml:7:25 smpp\.links\[0\]\.password\.file: cannot read .*smsc\.password \(ENOENT\)$/],
    [
      spoil('password: secret', 'password: { env: SMSC }'),
      /^config\.yaml:7:24 smpp\.links\[0\]\.password\.env: the environment has no SMSC$/,
    ],
    [
      spoil('password: secret', 'password: { credential: smsc }'),
      /^config\.yaml:7:31 smpp\.links\[0\]\.password\.credential: no CREDENTIALS_DIRECTORY in the environment/,
    ],
  ])('that cannot be had are a fault %#', async (config, expected) => {
    expect(await faultsIn(config)).toEqual([expect.stringMatching(expected)]);
  });

  it('that cannot be had are not told to be empty, too', async () => {
    const secret = '{ credential: key }';
    const own = `msisdn: ${secret}, dedupe: ${secret}, evidence: ${secret}, currentCode: k1, codes: { k1: ${secret} }`;
    const faults = await faultsIn(spoil('keys: generated', `keys: { ${own} }`));
    expect(faults.map((fault) => fault.split(' ')[1])).toEqual(
      ['msisdn', 'dedupe', 'evidence', 'codes.k1'].map((key) => `keys.${key}.credential:`),
    );
  });

  it('are never in a fault, wherever they stand', async () => {
    const wrong = spoil(
      'password: secret',
      'pass: hunter2hunter2',
      spoil('countryCode: ', 'countryCode: hunter2hunter2 #'),
    );
    const faults = await faultsIn(
      wrong,
      {},
      { ORDERD_SMPP__LINKS__0__PORT: 'hunter2hunter2', ORDERD_X__Y: 'hunter2hunter2' },
    );
    expect(faults.length).toBeGreaterThan(3);
    expect(faults.join('\n')).not.toContain('hunter2');
  });
});

type Env = Readonly<Record<string, string>>;

/** What each variable changes. */
const OVERRIDES: readonly (readonly [string, Env, (config: Config) => unknown, unknown])[] = [
  ['a number', { ORDERD_NOC__PORT: '9090' }, (c) => c.noc.port, 9090],
  ['a key of several words', { ORDERD_SMPP__LINKS__0__SYSTEM_ID: 'esme1' }, (c) => c.links[0]?.systemId, 'esme1'],
  ['a key without underscores', { ORDERD_SMPP__LINKS__0__SYSTEMID: 'esme1' }, (c) => c.links[0]?.systemId, 'esme1'],
  ['a password of digits', { ORDERD_SMPP__LINKS__0__PASSWORD: '12345678' }, (c) => c.links[0]?.password, '12345678'],
  ['true and false', { ORDERD_SMPP__LINKS__0__NAGLE: 'true' }, (c) => c.links[0]?.nagle, true],
  [
    'a list',
    { ORDERD_SMPP__LINKS__0__SHORT_CODES: "['5000', '6000']" },
    (c) => c.links[0]?.shortCodes,
    ['5000', '6000'],
  ],
  [
    'an entry beyond the last',
    { ORDERD_SMPP__LINKS__0__SHORT_CODES__1: '6000' },
    (c) => c.links[0]?.shortCodes,
    ['5000', '6000'],
  ],
  ['a section that the file leaves out', { ORDERD_LOG__LEVEL: 'debug' }, (c) => c.log.level, 'debug'],
  [
    'REDIS_URL',
    { REDIS_URL: 'redis://r:6379' },
    (c) => c.redis,
    { kind: 'url', url: 'redis://r:6379', prefix: 'orderd' },
  ],
  [
    'our own name before REDIS_URL',
    { REDIS_URL: 'redis://r:6379', ORDERD_REDIS__URL: 'redis://s:6379' },
    (c) => c.redis,
    { kind: 'url', url: 'redis://s:6379', prefix: 'orderd' },
  ],
  ['a section as a whole', { ORDERD_REDIS: 'embedded', REDIS_URL: 'redis://r:6379' }, (c) => c.redis.kind, 'embedded'],
];

it.each([
  ['ORDERD_SMPP__LINKS__3__PORT', 'smpp.links: has no part for 3; it is a list, whose next entry is 1'],
  ['ORDERD_NOC__USERS__1__NAME', 'noc.users: has no part for 1; it is a list, whose next entry is 0'],
  ['ORDERD_NOC__PORT__X', 'noc.port: has no part for X; it has no parts at all'],
])('%s names nothing', async (variable, text) => {
  expect(await faultsIn(BASE, {}, { [variable]: '1' })).toEqual([`env ${variable} ${text}`]);
});

describe('the environment', () => {
  it.each(OVERRIDES)('sets %s', async (_, env, read, expected) => {
    expect(read(await configOf(BASE, {}, env))).toEqual(expected);
  });

  it('may hold every key', async () => {
    const env = {
      ORDERD_KEYS__MSISDN: KEY,
      ORDERD_KEYS__DEDUPE: KEY,
      ORDERD_KEYS__EVIDENCE: KEY,
      ORDERD_KEYS__CURRENT_CODE: 'k1',
      ORDERD_KEYS__CODES__K1: KEY,
    };
    const { keys } = await configOf(BASE, {}, env);
    expect(keys).toMatchObject({ kind: 'given', keys: { currentCode: 'k1' } });
  });

  it('names other files, each read from beside the config', async () => {
    const english = readFileSync('config/messages/en.yaml', 'utf8');
    const services = /^catalogue:\n([^]*?)(?=policy:)/m.exec(BASE)?.[1]?.replaceAll(/^ {2}/gm, '') ?? '';
    const config = BASE.replace(/^catalogue:\n[^]*?(?=policy:)/m, 'catalogue: { file: absent.yaml }\n');
    const files = {
      'mine.yaml': services.replace('Daily News', 'My News'),
      'words/sw.yaml': english.replace(/^language: en$/m, 'language: sw'),
      'strict.yaml': 'name: strict\nfloor: { once: otp, recurring: otp }\n',
    };
    const env = {
      ORDERD_CATALOGUE__FILE: 'mine.yaml',
      ORDERD_LANGUAGE__FILES__0: 'words/sw.yaml',
      ORDERD_LANGUAGE__DEFAULT: 'sw',
      ORDERD_POLICY__PROFILE: '{ file: strict.yaml }',
    };
    const { catalogue, languages, policy } = await configOf(config, files, env);
    expect(catalogue.services.get('news')?.title).toBe('My News');
    expect([languages[0].language, policy.profile.name]).toEqual(['sw', 'strict']);
    expect(await faultsIn(config, { ...files, 'strict.yaml': 'name: strict\nfloor: 7\n' }, env)).toEqual([
      expect.stringMatching(/^strict\.yaml:2:8 policy\.profile\.floor: /),
    ]);
    expect(await faultsIn(config, {}, { ...env, ORDERD_CATALOGUE__FILE: 'gone.yaml' })).toContainEqual(
      expect.stringMatching(/^env ORDERD_CATALOGUE__FILE \(gone\.yaml\) catalogue: cannot be read \(ENOENT\)$/),
    );
  });

  it('is left alone where a container platform writes into it', async () => {
    const config = await configOf(BASE, {}, { ORDERD_PORT: 'tcp://10.0.0.1:80', ORDERD_SERVICE_HOST: '10.0.0.1' });
    expect(config.noc.port).toBe(8080);
  });

  it.each([
    [{ ORDERD_SMP__LINKS: 'x' }, 'env ORDERD_SMP__LINKS: has no part for SMP; did you mean smpp?'],
    [
      { ORDERD_NOC__COLOUR: 'red' },
      'env ORDERD_NOC__COLOUR noc: has no part for COLOUR; known keys are host, port, hosts, proxies, tls, users, tokens, sessionFor',
    ],
    [
      { ORDERD_NOC__PORT: 'eighty' },
      'env ORDERD_NOC__PORT noc.port: is a text of 6 characters; expected a whole number from 0 to 65535',
    ],
    [
      { ORDERD_NOC__HOST: '0.0.0.0' },
      'env ORDERD_NOC__HOST noc.host: is not a loopback address; off this machine noc.users or noc.tokens, noc.tls, noc.hosts must be set',
    ],
  ])('has faults of its own %#', async (env, expected) => {
    expect(await faultsIn(BASE, {}, env as unknown as Env)).toEqual([expected]);
  });

  it('cannot leave a gap in a list', async () => {
    const [first] = await faultsIn(BASE, {}, { ORDERD_SMPP__LINKS__7__PORT: '1' });
    expect(first).toMatch(/^env ORDERD_SMPP__LINKS__7__PORT smpp\.links: has no part for 7; /);
  });
});
