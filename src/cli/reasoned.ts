import type { Result } from '../lib/result.ts';
import { fault } from '../lib/result.ts';
import type { ApiFault } from './api.ts';
import type { Asked, Command, Shown } from './command.ts';

/** A change for which a reason is asked. */
export function reasoned(change: (asked: Asked, why: string) => Promise<Result<Shown, ApiFault>>): Command['run'] {
  return (asked) => {
    const { why } = asked.options;
    if (why === undefined) return Promise.resolve(fault({ kind: 'misuse', text: 'a reason is needed: --why TEXT' }));
    return change(asked, why);
  };
}
