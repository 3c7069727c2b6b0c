import { z } from 'zod';
import { SIGNALS } from '../domain/credit-rule.ts';
import { duration, name, oneOf, whole } from './fields.ts';

const ruleSchema = z.strictObject({
  name: name(),
  counts: oneOf(SIGNALS),
  of: oneOf(SIGNALS).optional(),
  percent: whole(1, 100).optional(),
  least: whole(1, 1_000_000),
  window: duration('1h', '30d'),
  points: whole(-100, 100),
  coolDown: duration('1h', '365d'),
  lasts: duration('1h', '3650d'),
});

export const DEFAULT_RULES = [
  {
    name: 'complaints',
    counts: 'complaint',
    of: 'ordered',
    percent: 2,
    least: 3,
    window: '7d',
    points: -8,
    coolDown: '12h',
    lasts: '90d',
  },
  {
    name: 'early-stops',
    counts: 'early-stop',
    of: 'ordered',
    percent: 15,
    least: 5,
    window: '24h',
    points: -6,
    coolDown: '24h',
    lasts: '60d',
  },
  {
    name: 'refunds',
    counts: 'refund',
    of: 'ordered',
    percent: 5,
    least: 5,
    window: '7d',
    points: -8,
    coolDown: '24h',
    lasts: '90d',
  },
  {
    name: 'failed-challenges',
    counts: 'failed-challenge',
    of: 'challenged',
    percent: 10,
    least: 5,
    window: '24h',
    points: -4,
    coolDown: '24h',
    lasts: '30d',
  },
  {
    name: 'abandoned-challenges',
    counts: 'abandoned-challenge',
    of: 'challenged',
    percent: 30,
    least: 10,
    window: '24h',
    points: -6,
    coolDown: '24h',
    lasts: '30d',
  },
  {
    name: 'undelivered',
    counts: 'undelivered',
    of: 'ordered',
    percent: 5,
    least: 5,
    window: '24h',
    points: -4,
    coolDown: '24h',
    lasts: '30d',
  },
  {
    name: 'self-consumption',
    counts: 'burst',
    of: 'ordered',
    percent: 10,
    least: 10,
    window: '24h',
    points: -15,
    coolDown: '24h',
    lasts: '180d',
  },
] as const;

export const creditSchema = z
  .strictObject({
    maxAge: duration('1s', '1h').prefault('60s'),
    suspendServiceFor: duration('1h', '365d').prefault('90d'),
    burstOrders: whole(1, 1000).default(3),
    rules: z
      .array(ruleSchema)
      .max(100)
      .prefault(DEFAULT_RULES.map((rule) => ({ ...rule })))
      .meta({ expected: 'a list of credit rules' }),
  })
  .prefault({});
