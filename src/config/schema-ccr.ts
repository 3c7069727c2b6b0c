import { z } from 'zod';
import { TYPES } from '../diameter/dictionary/entries.ts';
import type { LayoutName } from '../diameter/layouts.ts';
import { oneOf, text, whole, yesNo } from './fields.ts';

/** RFC 8506 8.47: the place in the list is the value. */
export const SUBSCRIPTION_ID_TYPES = ['e164', 'imsi', 'sip-uri', 'nai', 'private'] as const;

const LAYOUT_NAMES = ['none', '3gpp-sms', '3gpp-vas'] as const satisfies readonly LayoutName[];

export const subscriptionIdsSchema = z
  .array(z.strictObject({ type: oneOf(SUBSCRIPTION_ID_TYPES), data: text(256, 'the Subscription-Id-Data') }))
  .min(1)
  .max(5)
  .prefault([{ type: 'e164', data: '{msisdn}' }])
  .meta({ expected: 'a list of 1 to 5 maps of type and data' });

/** The tree below the list is read by `readLayout`, which can name the AVP at fault. */
export const layoutSchema = z
  .union([z.enum(LAYOUT_NAMES), z.array(z.unknown()).min(1).max(100)])
  .default('none')
  .meta({ expected: `one of ${LAYOUT_NAMES.join(', ')}, or a list of 1 to 100 AVPs` });

const avpSchema = z.strictObject({
  // RFC 6733 3.2: diameter-name.
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/i)
    .meta({ expected: 'an AVP name of 1 to 64 letters, digits and dashes' }),
  code: whole(1, 0xffff_ffff),
  vendor: whole(0, 0xffff_ffff),
  type: oneOf(TYPES),
  mandatory: yesNo().default(false),
});

export const avpsSchema = z.array(avpSchema).max(200).default([]).meta({ expected: 'a list of at most 200 AVPs' });
