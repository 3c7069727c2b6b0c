/** What a subscriber does in a USSD dialogue, and sees of it. */
import { z } from 'zod';
import type { Verb } from './grammar.ts';
import { oneGroup, pattern, text, verb, within } from './grammar.ts';
import type { Leaving } from './step.ts';

const seeing = {
  value: pattern,
  within,
  ends: z.boolean().optional(),
  keep: z.record(text, oneGroup).default({}),
};

const code = z.string().regex(/^[*#\d]{2,20}$/, "a code such as '*384#', in quotes");

const leaving = (key: RegExp, usage: string, how: Leaving): Verb =>
  verb(key, usage, { value: z.null() }, (who) => ({ kind: 'leaves', who, how }));

export const USSD_VERBS: readonly Verb[] = [
  verb(/^(\S+) dials$/, "A dials: '*384#'", { value: code }, (who, { value }) => ({ kind: 'dials', who, code: value })),
  verb(/^(\S+) sees$/, 'A sees: /Choose/', seeing, (who, { value, ends, ...rest }) => ({
    kind: 'sees',
    who,
    pattern: value,
    ends,
    ...rest,
  })),
  verb(/^(\S+) chooses$/, 'A chooses: Order', { value: pattern }, (who, { value }) => ({
    kind: 'chooses',
    who,
    option: value,
  })),
  verb(/^(\S+) replies$/, "A replies: '1'", { value: text }, (who, { value }) => ({
    kind: 'replies',
    who,
    text: value,
  })),
  leaving(/^(\S+) hangs up$/, 'A hangs up', 'hangs-up'),
  leaving(/^(\S+) does not reply$/, 'A does not reply', 'timeout'),
];
