/** The verbs of the scenario language: how each is written, what may stand beside it, and what it means. */
import { z } from 'zod';
import type { Action, Pattern, Side } from './step.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `500ms`, `10s`, `2m`. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m)$/, 'a time such as 500ms, 10s or 2m')
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.replace(/^\d+/, '')] ?? 1));

const WITHIN_MS = 10_000;
const within = duration.default(WITHIN_MS);
const text = z.string().min(1);
const amount = z.int().min(0);
const record = z.record(z.string(), z.unknown());

const compiles = (source: string, flags: string): boolean => {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
};

const pattern = text
  .transform((written): Pattern => {
    const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(written) ?? [];
    return source === undefined ? { kind: 'part', text: written } : { kind: 'expression', source, flags: flags ?? '' };
  })
  .refine((one) => one.kind === 'part' || compiles(one.source, one.flags), 'a regular expression between slashes');

const oneGroup = text.refine(
  (source) => compiles(source, '') && new RegExp(`${source}|`).exec('')?.length === 2,
  'an expression with one (group)',
);

/** A verb: the key that it is written as, and the fields beside it. */
interface Verb {
  readonly key: RegExp;
  readonly usage: string;
  /** `value` stands for what follows the colon; `who` for the first word of the key. */
  read(who: string, fields: object): Action | z.ZodError;
}

function verb<S extends z.ZodRawShape>(
  key: RegExp,
  usage: string,
  shape: S,
  make: (who: string, fields: z.output<z.ZodObject<S>>) => Action,
): Verb {
  const schema = z.strictObject(shape);
  return {
    key,
    usage,
    read: (who, fields) => {
      const parsed = schema.safeParse(fields);
      return parsed.success ? make(who, parsed.data) : parsed.error;
    },
  };
}

const hearing = {
  value: pattern,
  within,
  via: z.enum(['sms', 'flash']).optional(),
  keep: z.record(text, oneGroup).default({}),
};
const booking = {
  value: z.union([
    amount.transform((one) => ({ amount: one, times: one === 0 ? 0 : 1 })),
    z.strictObject({ amount: amount.optional(), times: amount }),
  ]),
  within,
};

export const VERBS: readonly Verb[] = [
  verb(/^(\S+) texts$/, 'A texts: NEWS', { value: text, to: text.optional() }, (who, { value, to }) => ({
    kind: 'texts',
    who,
    text: value,
    to,
  })),
  verb(/^(\S+) hears nothing$/, 'A hears nothing: 3s', { value: duration }, (who, { value }) => ({
    kind: 'hears-nothing',
    who,
    during: value,
  })),
  verb(/^(\S+) hears$/, 'A hears: /ordered/', hearing, (who, { value, ...rest }) => ({
    kind: 'hears',
    who,
    pattern: value,
    eventually: false,
    ...rest,
    via: rest.via,
  })),
  verb(/^(\S+) eventually hears$/, 'A eventually hears: /ordered/', hearing, (who, { value, ...rest }) => ({
    kind: 'hears',
    who,
    pattern: value,
    eventually: true,
    ...rest,
    via: rest.via,
  })),
  verb(/^(\S+) has$/, 'A has: { balance: 100 }', { value: record }, (who, { value }) => ({
    kind: 'has',
    who,
    account: value,
  })),
  verb(/^(\S+) is debited$/, 'A is debited: 5000', booking, (who, { value, within: limit }) =>
    booked(who, 'debited', value, limit),
  ),
  verb(/^(\S+) is refunded$/, 'A is refunded: 5000', booking, (who, { value, within: limit }) =>
    booked(who, 'refunded', value, limit),
  ),
  verb(
    /^(ocs|smsc) fault$/,
    'ocs fault: { action: silence, count: 1 }',
    { value: record, of: text.optional() },
    (side, { value, of }) => ({ kind: 'fault', side: side as Side, rule: value, of }),
  ),
  verb(/^(ocs) is$/, 'ocs is: away', { value: z.enum(['away', 'back', 'mended']) }, (_side, { value }) =>
    value === 'mended' ? { kind: 'mended', side: 'ocs' } : { kind: 'listening', on: value === 'back' },
  ),
  verb(/^(smsc) is$/, 'smsc is: mended', { value: z.literal('mended') }, () => ({ kind: 'mended', side: 'smsc' })),
  verb(
    /^(ocs) receives$/,
    'ocs receives: { of: A, times: 2, retransmit: true }',
    {
      value: z.strictObject({ of: text, times: amount.default(1), retransmit: z.boolean().optional() }),
      within,
    },
    (_side, { value, within: limit }) => ({
      kind: 'receives',
      of: value.of,
      times: value.times,
      retransmit: value.retransmit,
      within: limit,
    }),
  ),
  verb(/^(wait)$/, 'wait: 2s', { value: duration }, (_who, { value }) => ({ kind: 'wait', during: value })),
  verb(/^(note)$/, 'note: what comes now', { value: text }, (_who, { value }) => ({ kind: 'note', text: value })),
  verb(/^(run)$/, 'run: a shell command', { value: text }, (_who, { value }) => ({ kind: 'run', command: value })),
];

function booked(
  who: string,
  what: 'debited' | 'refunded',
  value: { amount?: number | undefined; times: number },
  limit: number,
): Action {
  return { kind: 'booked', who, what, amount: value.amount, times: value.times, within: limit };
}
