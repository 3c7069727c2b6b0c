/** The verbs of the scenario language: how each is written, what may stand beside it, and what it means. */
import { z } from 'zod';
import type { Verb } from './grammar.ts';
import { amount, duration, oneGroup, pattern, record, text, verb, within } from './grammar.ts';
import type { Action, Side } from './step.ts';
import { USSD_VERBS } from './verbs-ussd.ts';

const octets = z.string().regex(/^([0-9a-fA-F]{2}\s*)+$/, 'pairs of hex digits, in quotes');
const texting = {
  value: text,
  to: text.optional(),
  times: amount.min(1).default(1),
  carrier: z.enum(['udh8', 'udh16', 'sar', 'payload']).optional(),
  order: z.array(amount.min(1)).min(1).optional(),
};
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
  verb(/^(\S+) texts$/, 'A texts: NEWS', texting, (who, { value, ...rest }) => ({
    kind: 'texts',
    who,
    text: value,
    to: rest.to,
    times: rest.times,
    carrier: rest.carrier,
    order: rest.order,
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
  ...USSD_VERBS,
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
  verb(
    /^(smsc) fate$/,
    'smsc fate: { state: UNDELIV, count: 1 }',
    { value: record, of: text.optional() },
    (_side, { value, of }) => ({ kind: 'fate', rule: value, of }),
  ),
  verb(
    /^(smsc) sends$/,
    "smsc sends: '00000010 00000015 00000000 00000001'",
    { value: octets, account: text.default('orderd') },
    (_side, { value, account }) => ({ kind: 'octets', account, hex: value }),
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
