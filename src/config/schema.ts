import { z } from 'zod';
import { CODE_DIGITS } from '../domain/challenge.ts';
import { MOST_PARTITIONS } from '../domain/ids.ts';
import { duration, host, name, network, oneOf, secret, text, whole, yesNo } from './fields.ts';
import { channelsSchema, mailSchema } from './schema-channels.ts';
import { creditSchema } from './schema-credit.ts';
import { chargingSchema } from './schema-charging.ts';
import { catalogueSchema, languageSchema, policySchema } from './schema-catalogue.ts';
import { diameterSchema, linkSchema, tlsSchema } from './schema-links.ts';
import { subscriptionsSchema } from './schema-subscriptions.ts';
import { ussdSchema } from './schema-ussd.ts';

function backoff(first: string, cap: string) {
  return z.strictObject({
    first: duration('10ms', '1h').prefault(first),
    cap: duration('10ms', '24h').prefault(cap),
    maxAge: duration('1s', '30d').prefault('24h'),
  });
}

const keysSchema = z
  .union([
    z.literal('generated'),
    z.strictObject({
      msisdn: secret('a key of at least 32 octets in hex or base64'),
      dedupe: secret('a key of at least 32 octets in hex or base64'),
      evidence: secret('a key of at least 32 octets in hex or base64'),
      currentCode: name(),
      codes: z
        .record(name(), secret('a key of at least 32 octets in hex or base64'))
        .meta({ expected: 'code keys by their names' }),
    }),
  ])
  .meta({ expected: '`generated`, or a map of msisdn, dedupe, evidence, currentCode and codes', secret: true });

const role = () => oneOf(['viewer', 'operator']);
const userSchema = z.strictObject({
  name: name(),
  role: role(),
  password: secret('a line that orderctl hash-password wrote'),
});
const tokenSchema = z.strictObject({
  name: name(),
  role: role(),
  token: secret('a bearer token of at least 20 characters'),
});

/** Every key of the config file. Defaults stand here once; config/default.yaml shows them and a test compares. */
export const configSchema = z.strictObject({
  instance: z
    .strictObject({
      name: name().default('orderd'),
      stateDir: text(1000, 'a folder').default('var'),
      partitions: whole(1, MOST_PARTITIONS).default(16),
      drainWithin: duration('1s', '5m').prefault('10s'),
      outboxThread: yesNo().default(true),
    })
    .prefault({}),
  redis: z
    .union([
      z.literal('embedded'),
      z.strictObject({
        url: secret('a redis://, rediss:// or unix:// URL'),
        prefix: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,32}$/)
          .default('orderd')
          .meta({ expected: 'a key prefix of 1 to 32 letters, digits, dashes or underscores' }),
        tls: tlsSchema,
      }),
    ])
    .meta({ expected: '`embedded`, or { url: redis://... }' }),
  smpp: z.strictObject({
    links: z.array(linkSchema).min(1).max(64).meta({ expected: 'a list of 1 to 64 links' }),
  }),
  diameter: diameterSchema,
  catalogue: catalogueSchema,
  policy: policySchema,
  credit: creditSchema,
  language: z.strictObject({
    default: languageSchema.shape.language.default('en'),
    allowUnreviewed: yesNo().default(false),
    files: z.array(languageSchema).min(1).max(50).meta({ expected: 'a list of message files' }),
  }),
  challenge: z
    .strictObject({
      window: duration('1s', '24h').prefault('60m'),
      codeLife: duration('1s', '10m').prefault('5m'),
      digits: whole(CODE_DIGITS.least, CODE_DIGITS.most).default(6),
      maxTries: whole(1, 10).default(3),
      emailWindow: duration('1s', '24h').prefault('30m'),
      ussdWindow: duration('1s', '1h').prefault('2m'),
      codesPerOrder: whole(1, 10).default(3),
      codesPerDay: whole(1, 1000).default(5),
      codeCoolDown: duration('1s', '1h').prefault('60s'),
      codesPerProvider: whole(1, 10_000_000).default(1000),
      codesPerProviderWindow: duration('1m', '24h').prefault('1h'),
    })
    .prefault({}),
  channels: channelsSchema,
  ussd: ussdSchema,
  mail: mailSchema,
  dedupe: z
    .strictObject({
      window: duration('1s', '24h').prefault('60s'),
      windowWithId: duration('1s', '7d').prefault('24h'),
    })
    .prefault({}),
  lease: z
    .strictObject({
      time: duration('1s', '10m').prefault('30s'),
      sweepEvery: duration('100ms', '10m').prefault('5s'),
    })
    .prefault({}),
  charging: chargingSchema,
  subscriptions: subscriptionsSchema,
  settle: backoff('2s', '5m').prefault({}),
  say: backoff('5s', '10m')
    .extend({ again: whole(0, 20).default(2), unanswered: whole(0, 20).default(4) })
    .prefault({}),
  answers: z.strictObject({ perHour: whole(1, 1000).default(10) }).prefault({}),
  keep: z
    .strictObject({
      texts: duration('1m', '365d').prefault('1d'),
      receipts: duration('1m', '365d').prefault('3d'),
      deadLetters: duration('1m', '365d').prefault('30d'),
    })
    .prefault({}),
  keys: keysSchema,
  noc: z
    .strictObject({
      host: host().default('127.0.0.1'),
      port: whole(0, 65_535).default(8080),
      hosts: z.array(host()).max(20).default([]).meta({ expected: 'a list of host names' }),
      proxies: z.array(network()).max(20).default([]).meta({ expected: 'a list of IP addresses and networks' }),
      tls: z
        .strictObject({ cert: secret('PEM text of the certificate'), key: secret('PEM text of its key') })
        .optional(),
      users: z.array(userSchema).max(1000).default([]).meta({ expected: 'a list of users' }),
      tokens: z.array(tokenSchema).max(100).default([]).meta({ expected: 'a list of tokens' }),
      sessionFor: duration('5m', '30d').prefault('12h'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: oneOf(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
      pretty: oneOf(['auto', 'always', 'never']).default('auto'),
    })
    .prefault({}),
  cdr: z.strictObject({ enabled: yesNo().default(true), folder: text(1000, 'a folder').default('cdr') }).prefault({}),
  evidence: z
    .strictObject({
      enabled: yesNo().default(true),
      folder: text(1000, 'a folder').default('evidence'),
      heads: text(1000, 'a folder').default('evidence-heads'),
    })
    .prefault({}),
});

export type ConfigInput = z.output<typeof configSchema>;

/** What faults, env names and the documentation test read of a schema: zod's JSON Schema of the input, with our hints. */
export interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly expected?: string;
  readonly secret?: boolean;
}

export const configTree = z.toJSONSchema(configSchema, {
  io: 'input',
  unrepresentable: 'any',
  reused: 'inline',
}) as SchemaNode;
