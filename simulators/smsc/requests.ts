// What the HTTP control port accepts, checked strictly: a misspelt key is an error that names itself.
import { z } from 'zod';
import { isCommand } from '../smpp/commands.ts';
import type { Command } from '../smpp/commands.ts';
import { CARRIERS } from '../smpp/compose.ts';
import { parseStatus } from '../smpp/status.ts';
import { LANGUAGES } from '../smpp/national.ts';
import { isMessageState } from '../smpp/receipt.ts';
import type { MessageState } from '../smpp/receipt.ts';
import type { Action, FaultRule } from './faults.ts';
import { ACTIONS } from './faults.ts';

const address = z.string().regex(/^\+?[0-9A-Za-z*#]{1,20}$/, 'an address of 1 to 20 digits or letters');
const octet = z.number().int().min(0).max(255);
const waitMs = z.coerce.number().int().min(0).max(600_000);

/** National Language Identifiers: 1 Turkish, 2 Spanish, 3 Portuguese. */
const language = z.literal(LANGUAGES);

export const moBody = z.strictObject({
  from: address,
  to: address,
  text: z.string(),
  account: z.string().optional(),
  dataCoding: octet.optional(),
  carrier: z.enum(CARRIERS).optional(),
  shift: z.strictObject({ locking: language.optional(), single: language.optional() }).optional(),
  order: z.array(octet.min(1)).min(1).optional(),
  queue: z.boolean().optional(),
  waitMs: waitMs.default(60_000),
});

export const messagesQuery = z.strictObject({
  to: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitMs: waitMs.default(0),
});

export const moQuery = z.strictObject({ from: z.string().optional() });

export const pdusQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });

export const rawBody = z.strictObject({
  account: z.string(),
  hex: z.string().regex(/^([0-9a-fA-F]{2}\s*)+$/, 'pairs of hex digits'),
});

const status = z.union([z.string(), z.number()]).transform((value, context) => {
  const parsed = parseStatus(value);
  if (parsed !== undefined) return parsed;
  context.addIssue('a command_status: a number, 0x58 or ESME_RTHROTTLED');
  return z.NEVER;
});
const pattern = z.string().refine((text) => {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}, 'a regular expression');
const command = z.custom<Command>(
  (name) => typeof name === 'string' && isCommand(name),
  'an SMPP command such as submit_sm',
);
const actions = Object.keys(ACTIONS) as [Action, ...Action[]];

const ruleBody = z.strictObject({
  on: z.union([z.literal('bind'), command]),
  action: z.enum(actions),
  status: status.optional(),
  delayMs: z.number().int().min(0).max(3_600_000).optional(),
  count: z.number().int().min(1).optional(),
  skip: z.number().int().min(0).default(0),
  matchTo: pattern.optional(),
  matchFrom: pattern.optional(),
  matchText: pattern.optional(),
  account: z.string().optional(),
});

const BINDS: readonly Command[] = ['bind_transceiver', 'bind_transmitter', 'bind_receiver'];
const SYSTEM_ERROR = 0x08;
const DELAY_MS = 1_000;

/** `on: 'bind'` stands for the three bind commands, so one body may make three rules. */
export const faultBody = ruleBody.transform((body): Omit<FaultRule, 'id'>[] => {
  const delayMs = body.delayMs ?? (body.action === 'delay' ? DELAY_MS : 0);
  const commands = body.on === 'bind' ? BINDS : [body.on];
  return commands.map((on) => ({ ...body, on, delayMs, status: body.status ?? SYSTEM_ERROR }));
});

export const fateBody = z.strictObject({
  state: z.custom<MessageState>((name) => typeof name === 'string' && isMessageState(name), 'a state such as UNDELIV'),
  error: z.number().int().min(0).max(999).default(0),
  afterMs: z.number().int().min(0).max(86_400_000).default(0),
  count: z.number().int().min(1).optional(),
  matchTo: pattern.optional(),
});

export const outbindBody = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(1).max(65_535),
  systemId: z.string().max(15).optional(),
  password: z.string().max(8),
  waitMs: waitMs.default(10_000),
});

export const limitsBody = z.strictObject({ rate: z.number().int().min(0).max(1_000_000) });

export const powerBody = z.strictObject({ power: z.enum(['on', 'off']) });

/** The value, or every problem in one line, each with its path. */
export function check<T>(schema: z.ZodType<T>, input: unknown): { value: T } | { error: string } {
  const result = schema.safeParse(input ?? {});
  if (result.success) return { value: result.data };
  return {
    error: result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '),
  };
}
