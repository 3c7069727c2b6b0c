/** An option of one command, or of several that mean the same by it. */
export interface OptionSpec {
  /** What stands for its value, in capitals; left out, it is a flag. */
  readonly value?: string;
  readonly does: string;
  readonly default?: string;
  /** What is wrong with a value; undefined when nothing is. */
  readonly fault?: (value: string) => string | undefined;
}

/** What was given, defaults filled in: text for options with a value, '' for flags that were given. */
export type Options = Readonly<Record<string, string | undefined>>;

export const LIMIT: Readonly<Record<'limit', OptionSpec>> = {
  limit: {
    value: 'N',
    does: 'entries of the list, 1 to 500',
    default: '50',
    fault: (value) =>
      /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 500
        ? undefined
        : '--limit is a whole number from 1 to 500',
  },
};

export const WHY: Readonly<Record<'why', OptionSpec>> = {
  why: {
    value: 'TEXT',
    does: 'the reason, kept in the audit record',
    fault: (value) =>
      value.trim().length >= 3 && value.length <= 300 ? undefined : '--why is a reason of 3 to 300 characters',
  },
};

export const WHO: Readonly<Record<'who', OptionSpec>> = {
  who: { value: 'NAME', does: 'who decided it, where the NOC asks no login' },
};
