/** Command line of the load generator. */
import { parseArgs } from 'node:util';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf } from '../terminal/program.ts';
import type { LoadSettings } from './run.ts';
import { DIGITS } from './numbers.ts';
import type { Pace } from './pace.ts';
import { KINDS, parseKind, parseMix } from './plan.ts';

export const HELP = `Load: a fast SMSC and a fast OCS that your system binds to, and how fast it answers.

  npm run load -- [flags]          or, after npm run build, npx orderd-load [flags]

It listens as SMSC (every password is right) and as OCS (everything is granted). Once your system has bound, subscribers
text, each from a number of its own, and the time from a text to the text that answers it is measured. Loopback only
unless --host says otherwise.

How much
  --window N           texts without an answer at most                        (default 100)
  --rate N             open loop instead: N dialogues a second, however slow the answers are; a text that could not
                       leave in time counts from the time it was due
  --warmup TIME        not measured                                           (default 3s)
  --for TIME           measured                                               (default 10s)
  --linger TIME        patience with what is under way at the end             (default 10s)

What
  --mix LIST           kind=weight,...                                        (default notice)
                       kinds: ${Object.keys(KINDS).join(' ')}
  --kind NAME=TEXTS    a kind of your own: texts with | between, {code} is the code that the last answer told; one that
                       begins with a code such as *384# is a USSD dialogue (its_session_info)
  --receipt-after TIME a receipt comes so long after its text                 (default 50ms)
  --receipt-window N   receipts without a response at most                    (default 1000)
  --throttle PERCENT   submit_sm that hear ESME_RTHROTTLED                    (default 0)
  --ocs-silent PERCENT charges whose first request hears nothing              (default 0)
  --ocs-delay TIME     until the OCS answers                                  (default 0ms)

Where
  --host ADDRESS       to listen on                                           (default 127.0.0.1)
  --smpp-port N        0 takes a free one                                     (default 2775)
  --diameter-port N    0 takes a free one                                     (default 3868)
  --no-ocs             listen as SMSC only
  --binds N            begin once so many binds take texts                    (default 1)
  --short-code CODE    that subscribers text                                  (default 5000)
  --prefix DIGITS      of their numbers, before eight more digits             (default 2547)
  --first N            the first subscriber's eight digits                    (default 0)
  --null-sink          answer ourselves with one fixed text: what this generator can offer
  --json               one JSON object a line: listening, bound, measuring, measured, report
  --help               this text; --version tells which

Example
  npm run load -- --rate 500 --mix notice=90,otp=10
`;

export interface Run {
  readonly kind: 'run';
  readonly settings: LoadSettings;
  readonly json: boolean;
}

const text = <Default extends string>(value: Default) => ({ type: 'string', default: value }) as const;
const yes = { type: 'boolean', default: false } as const;

const OPTIONS = {
  window: text('100'),
  rate: { type: 'string' },
  warmup: text('3s'),
  for: text('10s'),
  linger: text('10s'),
  mix: text('notice'),
  kind: { type: 'string', multiple: true, default: [] as string[] },
  'receipt-after': text('50ms'),
  'receipt-window': text('1000'),
  throttle: text('0'),
  'ocs-silent': text('0'),
  'ocs-delay': text('0ms'),
  host: text('127.0.0.1'),
  'smpp-port': text('2775'),
  'diameter-port': text('3868'),
  'no-ocs': yes,
  binds: text('1'),
  'short-code': text('5000'),
  prefix: text('2547'),
  first: text('0'),
  'null-sink': yes,
  json: yes,
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parse>;
type NameOf<Kind> = { [Key in keyof Values]-?: Values[Key] extends Kind ? Key : never }[keyof Values];

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

function whole(values: Values, name: NameOf<string>, least: number, most: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`--${name} ${values[name]}: wants a whole number from ${least} to ${most}`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function time(values: Values, name: NameOf<string>): number {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(values[name]);
  if (match === null) throw new RangeError(`--${name} ${values[name]}: wants a time such as 250ms, 10s or 2m`);
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}

function paceOf(values: Values): Pace {
  if (values.rate === undefined) return { kind: 'window', size: whole(values, 'window', 1, 1_000_000) };
  const perSecond = Number(values.rate);
  if (!(perSecond > 0 && perSecond <= 1_000_000)) throw new RangeError(`--rate ${values.rate}: wants a number above 0`);
  return { kind: 'rate', perSecond };
}

function addressesOf({ prefix, 'short-code': shortCode }: Values) {
  if (!/^\d{1,7}$/.test(prefix)) throw new RangeError(`--prefix ${prefix}: wants one to seven digits`);
  if (!/^[0-9A-Za-z]{1,20}$/.test(shortCode))
    throw new RangeError(`--short-code ${shortCode}: wants 1 to 20 characters`);
  return { prefix, shortCode };
}

function settingsOf(values: Values): LoadSettings {
  const { host } = values;
  const smsc = {
    host,
    port: whole(values, 'smpp-port', 0, 65_535),
    addresses: addressesOf(values),
    mix: parseMix(values.mix, Object.fromEntries(values.kind.map(parseKind))),
    receiptWindow: whole(values, 'receipt-window', 1, 1_000_000),
    receiptAfter: time(values, 'receipt-after'),
    throttlePercent: whole(values, 'throttle', 0, 100),
    firstNumber: whole(values, 'first', 0, 10 ** DIGITS - 1),
  };
  const ocs = {
    host,
    port: whole(values, 'diameter-port', 0, 65_535),
    silentPercent: whole(values, 'ocs-silent', 0, 100),
    delay: time(values, 'ocs-delay'),
  };
  return {
    smsc,
    ocs: values['no-ocs'] || values['null-sink'] ? undefined : ocs,
    sink: values['null-sink'],
    pace: paceOf(values),
    binds: whole(values, 'binds', 1, 1000),
    warmupMs: time(values, 'warmup'),
    measureMs: time(values, 'for'),
    lingerMs: time(values, 'linger'),
  };
}

/** `args` without node and script; what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    const values = parse(args);
    if (values.help) return { kind: 'help' };
    return { kind: 'run', settings: settingsOf(values), json: values.json };
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
