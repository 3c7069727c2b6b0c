// Command line of the handset.
import { parseArgs } from 'node:util';
import { CARRIERS } from '../smpp/compose.ts';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf } from '../terminal/program.ts';

export const HELP = `Handset: a subscriber's phone in the terminal. It needs the SMSC simulator's control port.

  npm run handset -- COMMAND ...          or, after npm run build, npx orderd-handset COMMAND ...

Commands
  text [flags] MESSAGE    send MESSAGE and show what the phone shows afterwards
  dial [flags] CODE [REPLY ...]  dial a USSD code and give these replies; without replies they are read from
                          the keyboard
  mail [flags]            show the mails to this number at any domain, waiting for the first
  watch [flags]           show messages and mails as they arrive, until Ctrl-C

Flags
  --from MSISDN   this phone's number; repeat it with watch for several phones (default 254700000001)
  --to ADDRESS    short code that is texted                          (default 5000)
  --smsc URL      control port of the SMSC simulator                 (default http://127.0.0.1:8775)
  --wait TIME     how long to wait for the first message back, such as 500ms, 10s, 2m  (default 10s)
  --carrier NAME  how a long text travels: udh8 | udh16 | sar | payload  (default udh8)
  --bytes         show every PDU beneath, field by field
  --help          this text; --version tells which

Examples
  npm run handset -- text NEWS
  npm run handset -- text --from 254700000002 --wait 30s --bytes YES
  npm run handset -- dial '*384#' 1 YES
  npm run handset -- watch --from 254700000001 --from 254700000002
`;

export interface HandsetFlags {
  readonly numbers: readonly string[];
  readonly to: string;
  readonly smsc: string;
  readonly waitMs: number;
  readonly carrier: string;
  readonly bytes: boolean;
}

export type Command =
  | { readonly kind: 'watch' | 'mail'; readonly flags: HandsetFlags }
  | { readonly kind: 'text'; readonly flags: HandsetFlags; readonly message: string }
  | { readonly kind: 'dial'; readonly flags: HandsetFlags; readonly code: string; readonly replies: readonly string[] };

const OPTIONS = {
  from: { type: 'string', multiple: true, default: ['254700000001'] as string[] },
  to: { type: 'string', default: '5000' },
  smsc: { type: 'string', default: 'http://127.0.0.1:8775' },
  wait: { type: 'string', default: '10s' },
  carrier: { type: 'string', default: 'udh8' },
  bytes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function duration(text: string): number | undefined {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
}

function isHttp(url: string): boolean {
  return /^https?:/.test(url) && URL.canParse(url);
}

const wrong = (reason: string): Unasked => ({ kind: 'wrong', reason });

function command(verb: string | undefined, words: readonly string[], flags: HandsetFlags): Command | Unasked {
  const [first, ...rest] = words;
  switch (verb) {
    case 'watch':
    case 'mail':
      return first === undefined ? { kind: verb, flags } : wrong(`${verb} takes no words, such as ${first}`);
    case 'text':
      return first === undefined
        ? wrong('text wants a message, such as NEWS')
        : { kind: 'text', flags, message: words.join(' ') };
    case 'dial':
      return first === undefined
        ? wrong("dial wants a code, such as '*384#'")
        : { kind: 'dial', flags, code: first, replies: rest };
    default:
      return wrong(`first say what to do: text, dial, mail or watch${verb === undefined ? '' : `, not ${verb}`}`);
  }
}

function read(args: readonly string[]): Command | Unasked {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [verb, ...words] = positionals;
  if (values.help || verb === 'help') return { kind: 'help' };
  const { to, smsc, carrier, bytes } = values;
  const waitMs = duration(values.wait);
  if (waitMs === undefined) return wrong(`--wait ${values.wait}: wants a time such as 500ms, 10s or 2m`);
  if (!isHttp(smsc)) return wrong(`--smsc ${smsc}: wants an http URL such as http://127.0.0.1:8775`);
  if (!CARRIERS.some((one) => one === carrier)) return wrong(`--carrier ${carrier}: wants ${CARRIERS.join(', ')}`);
  return command(verb, words, { numbers: values.from, to, smsc, waitMs, carrier, bytes });
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Command | Unasked {
  try {
    return read(args);
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
