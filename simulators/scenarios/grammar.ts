/** What verbs are made of: times, patterns, and a verb's own form. */
import { z } from 'zod';
import type { Action, Pattern } from './step.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `500ms`, `10s`, `2m`. */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m)$/, 'a time such as 500ms, 10s or 2m')
  .transform((text) => Number.parseInt(text, 10) * (UNITS[text.replace(/^\d+/, '')] ?? 1));

const WITHIN_MS = 10_000;
export const within = duration.default(WITHIN_MS);
export const text = z.string().min(1);
export const amount = z.int().min(0);
export const record = z.record(z.string(), z.unknown());

const compiles = (source: string, flags: string): boolean => {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
};

export const pattern = text
  .transform((written): Pattern => {
    const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(written) ?? [];
    return source === undefined ? { kind: 'part', text: written } : { kind: 'expression', source, flags: flags ?? '' };
  })
  .refine((one) => one.kind === 'part' || compiles(one.source, one.flags), 'a regular expression between slashes');

export const oneGroup = text.refine(
  (source) => compiles(source, '') && new RegExp(`${source}|`).exec('')?.length === 2,
  'an expression with one (group)',
);

/** A verb: the key that it is written as, and the fields beside it. */
export interface Verb {
  readonly key: RegExp;
  readonly usage: string;
  /** `value` stands for what follows the colon; `who` for the first word of the key. */
  read(who: string, fields: object): Action | z.ZodError;
}

export function verb<S extends z.ZodRawShape>(
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
