import { z } from 'zod';
import { RETRY_NAMES } from '../smpp/reply.ts';
import {
  ascii,
  countryCode,
  diameterIdentity,
  duration,
  host,
  name,
  oneOf,
  port,
  secret,
  shortCode,
  text,
  whole,
  yesNo,
} from './fields.ts';
import { linkUssdSchema } from './schema-ussd.ts';
import { avpsSchema, layoutSchema, subscriptionIdsSchema } from './schema-ccr.ts';

export const tlsSchema = z
  .strictObject({
    ca: secret('PEM text of the authorities').optional(),
    cert: secret('PEM text of our certificate').optional(),
    key: secret("PEM text of our certificate's key").optional(),
    serverName: host().optional(),
  })
  .optional();

const ton = whole(0, 6);
const npi = whole(0, 18);

export const linkSchema = z.strictObject({
  name: name(),
  smsc: name().optional(),
  host: host(),
  port: port().default(2775),
  systemId: ascii(15, 'the SMPP system_id'),
  password: secret('the SMPP password'),
  systemType: z.string().max(12).default('').meta({ expected: 'the SMPP system_type, at most 12 characters' }),
  addressTon: ton.default(0),
  addressNpi: npi.default(0),
  addressRange: z.string().max(40).default('').meta({ expected: 'the SMPP address_range, at most 40 characters' }),
  bind: oneOf(['auto', 'trx', 'tx+rx']).default('auto'),
  interfaceVersion: oneOf(['3.3', '3.4', '5.0']).default('3.4'),
  shortCodes: z.array(shortCode()).min(1).max(1000).meta({ expected: "a list of short codes, such as ['5000']" }),
  prefixes: z
    .array(z.string().regex(/^[1-9]\d{0,14}$/))
    .max(1000)
    .default([])
    .meta({ expected: "a list of first digits of E.164 numbers, such as ['25471']" }),
  channels: z
    .array(oneOf(['sms', 'flash']))
    .max(2)
    .default(['sms', 'flash'])
    .meta({ expected: 'a list of sms and flash; empty for a link with ussd only' }),
  countryCode: countryCode(),
  defaultAlphabet: oneOf(['gsm7', 'latin1', 'ascii']).default('gsm7'),
  split: oneOf(['udh8', 'udh16', 'sar', 'payload']).default('udh8'),
  serviceType: z.string().max(5).default('').meta({ expected: 'the SMPP service_type, at most 5 characters' }),
  sourceTon: ton.default(0),
  sourceNpi: npi.default(0),
  destinationTon: ton.default(1),
  destinationNpi: npi.default(1),
  window: whole(1, 1000).default(10),
  queue: whole(1, 1_000_000).default(1000),
  rate: whole(1, 100_000).optional(),
  responseTimeout: duration('100ms', '5m').prefault('10s'),
  enquireLinkEvery: duration('100ms', '1h').prefault('30s'),
  connectTimeout: duration('100ms', '5m').prefault('10s'),
  reconnectFirst: duration('10ms', '10m').prefault('1s'),
  reconnectCap: duration('10ms', '1h').prefault('1m'),
  badPasswordDelay: duration('10ms', '24h').prefault('5m'),
  reassemblyTimeout: duration('1s', '1h').prefault('5m'),
  sendValidity: yesNo().default(true),
  receiptId: oneOf(['as-is', 'hex-to-dec', 'dec-to-hex', 'strip-zeros', 'fold-case']).default('as-is'),
  moRetryStatus: oneOf(RETRY_NAMES).optional(),
  moIdTlv: whole(0x0001, 0xffff).optional(),
  nagle: yesNo().default(false),
  statusClasses: z
    .record(
      z
        .string()
        .regex(/^\d{1,10}$/)
        .meta({ expected: 'a command_status as a whole number' }),
      oneOf(['throttled', 'queue-full', 'temporary', 'session', 'permanent']),
    )
    .default({})
    .meta({ expected: 'a map of command_status values, such as { 0x400: temporary }' }),
  national: z
    .strictObject({ language: whole(1, 13), locking: yesNo().default(false), single: yesNo().default(true) })
    .optional(),
  ussd: linkUssdSchema,
  clearText: yesNo().default(false),
  tls: tlsSchema,
  outbind: z
    .strictObject({
      host: host().default('127.0.0.1'),
      port: port(),
      systemId: ascii(15, "the SMSC's system_id"),
      password: secret("the SMSC's password"),
    })
    .optional(),
});

const peerSchema = z.strictObject({
  name: name(),
  host: host(),
  port: port().default(3868),
  priority: whole(0, 100).default(0),
  weight: whole(1, 1000).default(1),
  identity: diameterIdentity().optional(),
  tw: duration('6s', '10m').prefault('30s'),
  tc: duration('100ms', '1h').prefault('30s'),
  connectTimeout: duration('100ms', '5m').prefault('10s'),
  nagle: yesNo().default(false),
  clearText: yesNo().default(false),
  tls: tlsSchema,
});

export const diameterSchema = z.strictObject({
  originHost: diameterIdentity().optional(),
  originRealm: diameterIdentity(),
  destinationRealm: diameterIdentity(),
  destinationHost: diameterIdentity().optional(),
  productName: text(64).default('orderd'),
  vendorId: whole(0, 0xffff_ffff).default(0),
  serviceContextId: text(128).default('32274@3gpp.org'),
  units: oneOf(['top-level', 'mscc']).default('top-level'),
  subscriptionIds: subscriptionIdsSchema,
  layout: layoutSchema,
  avps: avpsSchema,
  tx: duration('100ms', '2m').prefault('10s'),
  requestTimeout: duration('1s', '1h').prefault('2m'),
  inflight: whole(1, 100_000).default(1000),
  unknownMandatory: oneOf(['tolerate', 'strict']).default('tolerate'),
  duplicateMemory: duration('1s', '30d').prefault('24h'),
  peers: z.array(peerSchema).min(1).max(16).meta({ expected: 'a list of 1 to 16 peers' }),
});

export type LinkInput = z.output<typeof linkSchema>;
export type PeerInput = z.output<typeof peerSchema>;
export type DiameterInput = z.output<typeof diameterSchema>;
export type TlsInput = z.output<typeof tlsSchema>;
