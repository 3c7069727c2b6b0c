// Command line of the lab.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { MailOptions } from '../mail/options.ts';
import { parseFlags as readMailFlags } from '../mail/flags.ts';
import type { OcsOptions } from '../ocs/options.ts';
import { parseFlags as readOcsFlags } from '../ocs/flags.ts';
import type { Feed } from '../smsc/feed.ts';
import { parseFlags as readSmscFlags } from '../smsc/flags.ts';
import type { SmscOptions } from '../smsc/options.ts';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf } from '../terminal/program.ts';

export const HELP = `orderd-lab: an operator's network on one machine, to connect a new application to before the real one

  npm run lab -- [flags]          or, after npm run build, npx orderd-lab [flags]

It starts three simulators in one process, all on loopback, and tells where each listens:
  smsc   SMPP 3.3, 3.4 and 5.0: accounts, receipts, throttling, a USSD gateway, faults; phones in the browser
  ocs    Diameter credit control: accounts, tariffs, reservations, a ledger, faults
  mail   an SMTP server that takes every mail and shows it in the phones

Which
  --only NAMES       only these, such as smsc,ocs                         (default: all three)
  --orderd           start the daemon too, on these simulators, and end it first
  --config FILE      the daemon's config                                  (default config/lab.yaml)

Where
  --free-ports       take free ports in place of 2775, 8775, 3868, 8868, 2525 and 8825
  --dir FOLDER       captures for Wireshark, the PDU log and the OCS ledger go there (default: none are kept)

How: every flag of a simulator, in quotes; its own --help explains them
  --smsc FLAGS       such as --smsc '--ussd-dialect six-dee --charset0 latin1 --account shop:secret'
  --ocs FLAGS        such as --ocs '--default-balance 500 --refuse-unknown'
  --mail FLAGS       such as --mail '--account orderd:secret'
  --json             print {"event":"ready",...} with all ports in place of text
  --help             this text; --version tells which

Another address than loopback must be told to each simulator: --smsc '--host 10.0.0.5 --allow-remote'.

First steps
  npm run lab                                  then open http://127.0.0.1:8775/ and add a phone
  npm run lab -- --orderd                      and text NEWS to 5000 from that phone
  npm run lab -- --only smsc --smsc '--smpp-version 5.0'
  npm run handset -- watch --from 254700000001 --bytes
  curl -s localhost:8868/ledger?format=csv     what was charged
`;

export interface LabPlan {
  readonly smsc: Partial<SmscOptions> | undefined;
  readonly ocs: OcsOptions | undefined;
  readonly mail: Partial<MailOptions> | undefined;
  /** Of the SMSC simulator. */
  readonly feed: Feed | undefined;
  readonly dir: string | undefined;
  /** The daemon's config, when it is to be started. */
  readonly orderd: string | undefined;
  readonly json: boolean;
}

export interface Run {
  readonly kind: 'run';
  readonly plan: LabPlan;
}

class WrongFlag extends Error {}

const NAMES = ['smsc', 'ocs', 'mail'] as const;

const OPTIONS = {
  only: { type: 'string', default: NAMES.join(',') },
  orderd: { type: 'boolean', default: false },
  config: { type: 'string' },
  'free-ports': { type: 'boolean', default: false },
  dir: { type: 'string' },
  smsc: { type: 'string', default: '' },
  ocs: { type: 'string', default: '' },
  mail: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Words as a shell would split them, quotes kept together. */
export function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, three]) => one ?? two ?? three ?? '');
}

function chosen(text: string): ReadonlySet<string> {
  const names = text.split(',').filter((name) => name !== '');
  const stranger = names.find((name) => !NAMES.some((known) => known === name));
  if (stranger !== undefined || names.length === 0)
    throw new WrongFlag(`--only ${text}: wants names of ${NAMES.join(', ')} with commas between`);
  return new Set(names);
}

const FREE = {
  smsc: ['--smpp-port', '0', '--http-port', '0'],
  ocs: ['--diameter-port', '0', '--http-port', '0'],
  mail: ['--smtp-port', '0', '--http-port', '0'],
} as const;

type Read = ReturnType<typeof readSmscFlags> | ReturnType<typeof readOcsFlags> | ReturnType<typeof readMailFlags>;

/** A simulator's own flags, read by its own reader; what is wrong is told under the lab's flag. */
function ownOptions<Flags extends Read>(
  name: (typeof NAMES)[number],
  flags: Flags,
): Extract<Flags, { kind: 'run' }>['options'] {
  if (flags.kind === 'help') throw new WrongFlag(`npm run ${name} -- --help tells the flags of the ${name} simulator`);
  if (flags.kind === 'wrong') throw new WrongFlag(`--${name}: ${flags.reason}`);
  return (flags as Extract<Flags, { kind: 'run' }>).options;
}

/** `--smsc '--rate 50'` with an equals sign between: parseArgs takes no value that begins with a dash otherwise. */
function joined(args: readonly string[]): string[] {
  const forSimulators = NAMES.map((name) => `--${name}`);
  return args.flatMap((arg, at) => {
    if (forSimulators.includes(args[at - 1] ?? '')) return [];
    return forSimulators.includes(arg) && at + 1 < args.length ? [`${arg}=${args[at + 1] ?? ''}`] : [arg];
  });
}

type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  return parseArgs({ args: joined(args), options: OPTIONS }).values;
}

const built = import.meta.url.endsWith('.js');

/** Of the package that this is, whatever folder it is started in. */
const LAB_CONFIG = fileURLToPath(new URL(`${built ? '../' : ''}../../config/lab.yaml`, import.meta.url));

/** The daemon's config, when it is wanted. */
function configOf({ orderd, config }: Values, only: ReadonlySet<string>): string | undefined {
  if (config !== undefined && !orderd) throw new WrongFlag('--config goes with --orderd');
  if (!orderd) return undefined;
  if (!only.has('smsc') || !only.has('ocs')) throw new WrongFlag('--orderd wants the smsc and the ocs simulator');
  return config ?? LAB_CONFIG;
}

function read(args: readonly string[]): Run | Unasked {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  const only = chosen(values.only);
  const given = (name: (typeof NAMES)[number]): string[] => [
    ...(values['free-ports'] ? FREE[name] : []),
    ...words(values[name]),
  ];
  const smsc = only.has('smsc') ? readSmscFlags(given('smsc')) : undefined;
  const plan: LabPlan = {
    smsc: smsc && ownOptions('smsc', smsc),
    feed: smsc?.kind === 'run' ? smsc.feed : undefined,
    ocs: only.has('ocs') ? ownOptions('ocs', readOcsFlags(given('ocs'))) : undefined,
    mail: only.has('mail') ? ownOptions('mail', readMailFlags(given('mail'))) : undefined,
    dir: values.dir,
    orderd: configOf(values, only),
    json: values.json,
  };
  return { kind: 'run', plan };
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    return read(args);
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
