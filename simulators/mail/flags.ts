// Command line of the mail simulator.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf } from '../terminal/program.ts';
import type { MailOptions } from './options.ts';

export const HELP = `Mail simulator: an SMTP server that takes every mail and shows it, and delivers none.

  npm run mail -- [flags]          or, after npm run build, npx orderd-mail [flags]

  --smtp-port PORT     SMTP port; 0 picks a free one             (default 2525)
  --http-port PORT     HTTP control port; 0 picks a free one     (default 8825)
  --host ADDRESS       address of both                           (default 127.0.0.1)
  --allow-remote       permit an address other than loopback: nobody has to log in
  --account USER:SECRET  senders must log in so                  (default: anybody may send)
  --tls-cert FILE  --tls-key FILE   PEM files; offers STARTTLS   (default: clear text)
  --size OCTETS        longest message taken                     (default 1048576)
  --json               print {"event":"ready",...} in place of text when listening
  --help               this text; --version tells which

Read what came (a phone's number finds every address whose local part is that number):
  curl -s 'localhost:8825/mails?to=254700000001@phone.example&waitMs=5000'
  curl -s localhost:8825/mails/1/raw
Refuse the next mail for now, or all mails to one address for good:
  curl -s localhost:8825/faults -H 'content-type: application/json' -d '{"on":"rcpt","code":451,"count":1}'
  curl -s localhost:8825/faults -H 'content-type: application/json' -d '{"on":"rcpt","code":550,"matchTo":"^nobody@"}'
In the phone: start the SMSC simulator with --mail-url http://127.0.0.1:8825
`;

export interface Run {
  readonly kind: 'run';
  readonly options: Partial<MailOptions>;
  readonly json: boolean;
}

const OPTIONS = {
  'smtp-port': { type: 'string', default: '2525' },
  'http-port': { type: 'string', default: '8825' },
  host: { type: 'string', default: '127.0.0.1' },
  'allow-remote': { type: 'boolean', default: false },
  account: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  size: { type: 'string', default: '1048576' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

class WrongFlag extends Error {}

function whole(flag: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value <= max) return value;
  throw new WrongFlag(`--${flag} ${text}: wants a whole number from 0 to ${max}`);
}

function account(text: string | undefined): MailOptions['account'] {
  if (text === undefined) return undefined;
  const colon = text.indexOf(':');
  if (colon < 1) throw new WrongFlag(`--account ${text}: wants USER:SECRET, such as orderd:secret`);
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function tls(cert: string | undefined, key: string | undefined): MailOptions['tls'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new WrongFlag('--tls-cert and --tls-key go together');
  return { cert: pem('tls-cert', cert), key: pem('tls-key', key) };
}

function pem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new WrongFlag(`--${flag} ${file}: cannot be read`);
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

function read(args: readonly string[]): Run | Unasked {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return { kind: 'help' };
  if (!isLoopback(values.host) && !values['allow-remote'])
    throw new WrongFlag(`--host ${values.host}: not loopback, and nobody has to log in; add --allow-remote`);
  const options: Partial<MailOptions> = {
    host: values.host,
    smtpPort: whole('smtp-port', values['smtp-port'], 65_535),
    httpPort: whole('http-port', values['http-port'], 65_535),
    size: whole('size', values.size, 104_857_600),
    account: account(values.account),
    tls: tls(values['tls-cert'], values['tls-key']),
  };
  return { kind: 'run', options, json: values.json };
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    return read(args);
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
