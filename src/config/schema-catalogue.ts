import { z } from 'zod';
import { CONSEQUENCES } from '../domain/band.ts';
import { ASK_BEFORE, INTERACTIONS } from '../domain/policy.ts';
import { NOTICES } from '../domain/notice.ts';
import type { NoticeKind } from '../domain/notice.ts';
import { DUTIES } from '../words/duties.ts';
import { WORD_SETS } from '../words/language.ts';
import type { WordSet } from '../words/language.ts';
import {
  currency,
  duration,
  name,
  oneOf,
  price,
  secret,
  shortCode,
  text,
  timeOfDay,
  timeZone,
  whole,
  yesNo,
} from './fields.ts';

const providerSchema = z.strictObject({
  id: name(),
  name: text(40, 'the name that subscribers read'),
  suspended: yesNo().default(false),
  startingPoints: whole(0, 100),
});

const serviceSchema = z.strictObject({
  id: name(),
  provider: name(),
  keywords: z.array(text(20, 'a keyword')).min(1).max(20).meta({ expected: 'a list of 1 to 20 keywords' }),
  shortCodes: z.array(shortCode()).min(1).max(100).meta({ expected: "a list of short codes, such as ['5000']" }),
  title: text(40, 'the title that subscribers read'),
  price: price(),
  period: oneOf(['once', 'day', 'week', 'month']),
  charge: oneOf(['event', 'reserve', 'free']).default('event'),
  grantOnUnknown: yesNo().default(false),
  serviceIdentifier: whole(0, 0xffff_ffff),
  challengeWindow: duration('1s', '24h').optional(),
  codeLife: duration('1s', '10m').optional(),
  provision: z
    .strictObject({
      mode: oneOf(['before-notice', 'after-notice']),
      url: text(2000, 'an https URL'),
      secret: secret('a secret of at least 20 characters'),
      timeout: duration('100ms', '30s').prefault('5s'),
      limit: duration('1s', '7d').prefault('2m'),
      fullMsisdn: yesNo().default(false),
    })
    .optional(),
});

export const catalogueSchema = z.strictObject({
  providers: z.array(providerSchema).min(1).max(10_000).meta({ expected: 'a list of at least one provider' }),
  services: z.array(serviceSchema).min(1).max(100_000).meta({ expected: 'a list of at least one service' }),
});

const interaction = () => oneOf(INTERACTIONS);
const duties = () =>
  z
    .array(oneOf(DUTIES))
    .max(DUTIES.length)
    .meta({ expected: `a list of ${DUTIES.join(', ')}` });

const retentionSchema = z
  .strictObject({
    keep: duration('0s', '3650d').prefault('0s'),
    orders: duration('1m', '3650d').prefault('180d'),
    evidence: duration('1d', '3650d').prefault('730d'),
    cdr: duration('1d', '3650d').prefault('730d'),
  })
  .prefault({});

/** Each currency's caps of one subscriber; a list of the profile and one of the policy, and both hold. */
const spendSchema = z
  .array(
    z
      .strictObject({
        currency: currency(),
        perDay: whole(1, 1_000_000_000).optional(),
        perMonth: whole(1, 1_000_000_000).optional(),
        promptEach: whole(1, 1_000_000_000).optional(),
      })
      .refine((cap) => Object.keys(cap).length > 1)
      .meta({ expected: 'a currency with perDay, perMonth or promptEach' }),
  )
  .max(100)
  .default([])
  .meta({ expected: 'a list of spend caps' });

const profileSchema = z.strictObject({
  name: name(),
  basis: text(400, 'where the rules come from').optional(),
  floor: z.strictObject({ once: interaction(), recurring: interaction() }),
  askBefore: oneOf(ASK_BEFORE).default('none'),
  plainYes: yesNo().default(true),
  windowAtMost: duration('1s', '24h').prefault('60m'),
  ussdWindowAtMost: duration('1s', '24h').optional(),
  remindAtLeast: duration('0s', '6d').optional(),
  retention: retentionSchema,
  spend: spendSchema,
  duties: z
    .strictObject({
      confirm: duties().default(['provider', 'service', 'price', 'period', 'confirm', 'refuse', 'expiry']),
      code: duties().default(['provider', 'service', 'price', 'period', 'code', 'refuse', 'expiry']),
      ordered: duties().default(['service', 'price', 'period', 'stop', 'next']),
      reminder: duties().default(['service', 'price', 'next', 'stop']),
      renewed: duties().default(['service', 'price', 'next', 'stop']),
    })
    .prefault({}),
});

const bandSchema = z.strictObject({
  name: name(),
  from: whole(0, 100),
  interaction: interaction(),
  consequence: oneOf(CONSEQUENCES).default('none'),
});

const hoursSchema = z
  .strictObject({
    zone: timeZone(),
    spans: z
      .array(z.strictObject({ from: timeOfDay(), to: timeOfDay(), atLeast: interaction() }))
      .min(1)
      .max(24)
      .meta({ expected: 'a list of 1 to 24 times of the day' }),
  })
  .optional();

export const policySchema = z.strictObject({
  profile: profileSchema,
  bands: z
    .array(bandSchema)
    .min(1)
    .max(20)
    .default([
      { name: 'trusted', from: 80, interaction: 'notice', consequence: 'none' },
      { name: 'known', from: 30, interaction: 'confirm', consequence: 'service-suspended' },
      { name: 'watched', from: 1, interaction: 'otp', consequence: 'no-new-services' },
      { name: 'barred', from: 0, interaction: 'refuse', consequence: 'no-new-services' },
    ])
    .meta({ expected: 'a list of 1 to 20 bands' }),
  priceSteps: z
    .array(z.strictObject({ currency: currency(), above: whole(0, 1_000_000_000), atLeast: interaction() }))
    .max(100)
    .default([])
    .meta({ expected: 'a list of price steps' }),
  firstOrder: interaction().default('notice'),
  trouble: z
    .strictObject({ window: duration('1h', '365d').prefault('30d'), atLeast: interaction().default('confirm') })
    .prefault({}),
  hours: hoursSchema,
  ordersPerHour: whole(1, 10_000).optional(),
  spend: spendSchema,
  hysteresis: whole(0, 50).default(5),
  unknownCredit: oneOf(['confirm', 'otp', 'refuse']).default('otp'),
});

function record<Key extends string, Value extends z.ZodType>(keys: readonly Key[], of: () => Value) {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, of()])) as Record<Key, Value>);
}

const wordSet = () => z.array(text(20, 'a word')).min(1).max(50).meta({ expected: 'a list of 1 to 50 words' });
const template = () => z.string().min(1).max(2000).meta({ expected: 'an ICU message' });

export const languageSchema = z.strictObject({
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
    .meta({ expected: 'a BCP 47 language such as en, sw or zh-Hans' }),
  name: text(40),
  reviewed: yesNo(),
  words: record<WordSet, ReturnType<typeof wordSet>>(WORD_SETS, wordSet),
  texts: record<NoticeKind, ReturnType<typeof template>>(NOTICES, template),
});

export type CatalogueInput = z.output<typeof catalogueSchema>;
export type PolicyInput = z.output<typeof policySchema>;
