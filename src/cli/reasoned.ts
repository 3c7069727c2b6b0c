import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { NUMBER } from '../noc/api/shape.ts';
import type { ApiFault } from './api.ts';
import { post } from './api.ts';
import type { Asked, Command, Shown } from './command.ts';

/** A change for which a reason is asked. */
export function reasoned(change: (asked: Asked, why: string) => Promise<Result<Shown, ApiFault>>): Command['run'] {
  return (asked) => {
    const { why } = asked.options;
    if (why === undefined) return Promise.resolve(fault({ kind: 'misuse', text: 'a reason is needed: --why TEXT' }));
    return change(asked, why);
  };
}

/** What is asked of one subscriber, by the first value. */
interface OfSubscriber {
  readonly msisdn: string;
  readonly why: string;
}

/**
 * As `reasoned`. A `-` is read from standard input, for a command line stays in process lists and in a shell's history. A number
 * that is none is never said back: somebody else's may be the most of it (E19).
 */
export function ofSubscriber(
  change: (asked: Asked, body: OfSubscriber) => Promise<Result<Shown, ApiFault>>,
): Command['run'] {
  return reasoned(async (asked, why) => {
    const [given = ''] = asked.args;
    const msisdn = given === '-' ? (await asked.secret('MSISDN: ')).trim() : given;
    if (!new RegExp(NUMBER).test(msisdn)) return fault({ kind: 'misuse', text: NO_NUMBER });
    return change(asked, { msisdn, why });
  });
}

/** For the help of such a command. */
export const FROM_INPUT = `MSISDN is the number, or - to read it from standard input: a command line stays in process lists and in a
shell's history.`;

const NO_NUMBER = 'MSISDN is the whole number with its country code, such as 254700000001';

/** What the answer means in words. */
type Told<View> = (done: View) => string;

/** One POST with its reason, shown; `more` is what else it holds, or what is wrong with what was typed. */
export function act<View>(
  path: (asked: Asked) => string,
  text: Told<View>,
  more: (asked: Asked) => Result<object, ApiFault> = () => ok({}),
): Command['run'] {
  return reasoned(async (asked, why) => {
    const body = more(asked);
    if (!body.ok) return body;
    const done = await post<View>(asked.api, path(asked), { ...body.value, why });
    return done.ok ? ok({ data: done.value, text: text(done.value), fine: true }) : done;
  });
}

/** The path of a verb on what the first value names. */
export function verbPath(list: string, verb: string): (asked: Asked) => string {
  return ({ args: [id = ''] }) => `/api/v1/${list}/${encodeURIComponent(id)}/${verb}`;
}
