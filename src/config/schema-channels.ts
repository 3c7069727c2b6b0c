import { z } from 'zod';
import { CHANNELS } from '../domain/channel.ts';
import { emailAddress } from '../domain/email-address.ts';
import { duration, host, oneOf, port, secret, text, whole, yesNo } from './fields.ts';
import { tlsSchema } from './schema-links.ts';

const order = () =>
  z
    .array(oneOf(CHANNELS))
    .max(CHANNELS.length)
    .meta({ expected: `a list of ${CHANNELS.join(', ')}` });

export const channelsSchema = z
  .strictObject({
    fallback: z
      .strictObject({
        sms: order().default([]),
        flash: order().default(['sms']),
        ussd: order().default(['sms']),
        email: order().default(['sms']),
      })
      .prefault({}),
    patience: z
      .strictObject({
        flash: duration('1s', '24h').prefault('10m'),
        ussd: duration('1s', '24h').prefault('30s'),
        email: duration('1s', '24h').prefault('1m'),
      })
      .prefault({}),
  })
  .prefault({});

/** The email channel: how to reach the operator's mail server (RFC 5321, submission RFC 6409). */
export const mailSchema = z
  .strictObject({
    host: host(),
    port: port().default(587),
    security: oneOf(['starttls', 'tls', 'none']).default('starttls'),
    clearText: yesNo().default(false),
    tls: tlsSchema,
    user: text(256, 'a user name').optional(),
    password: secret('the password of user').optional(),
    from: z
      .string()
      .refine((value) => emailAddress(value) !== undefined)
      .meta({ expected: 'an email address such as orders@example.net' }),
    connections: whole(1, 100).default(2),
    queue: whole(1, 100_000).default(1000),
    perSecond: whole(1, 10_000).default(20),
    perAddressAndDay: whole(1, 10_000).default(20),
    connectTimeout: duration('100ms', '5m').prefault('10s'),
    responseTimeout: duration('100ms', '10m').prefault('30s'),
  })
  .optional();

export type MailInput = NonNullable<z.output<typeof mailSchema>>;
