import { z } from 'zod';
import { zoneOf } from '../zone.ts';
import { duration } from './fields.ts';

/** How subscriptions are renewed (E11), and whose calendar tells the day. */
export const subscriptionsSchema = z
  .strictObject({
    zone: z
      .string()
      .refine((name) => zoneOf(name) !== undefined)
      .default('UTC')
      .meta({ expected: 'a time zone of the IANA database, such as Africa/Nairobi' }),
    reminder: z
      .strictObject({
        day: duration('0s', '23h').prefault('0s'),
        week: duration('0s', '6d').prefault('1d'),
        month: duration('0s', '27d').prefault('3d'),
      })
      .prefault({}),
    priceNotice: duration('0s', '365d').prefault('7d'),
    retries: z
      .array(duration('1m', '60d'))
      .min(1)
      .max(50)
      .prefault(['6h', '1d', '3d', '7d', '14d'])
      .meta({ expected: 'a rising list of 1 to 50 durations' }),
    grace: duration('0s', '60d').prefault('1d'),
  })
  .prefault({});
