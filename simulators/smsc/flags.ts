// Command line of the SMSC simulator.
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Unasked } from '../terminal/program.ts';
import { reasonOf } from '../terminal/program.ts';
import type { Feed } from './feed.ts';
import { ID_FORMS } from './message-id.ts';
import type { Account, SmscOptions, TlsListener, UssdOptions } from './options.ts';
import { CHARSETS0, CODE_PLACES, RECEIPT_TIMINGS } from './options.ts';
import { DIALECT_NAMES } from './ussd-dialects.ts';

export interface Run {
  readonly kind: 'run';
  readonly options: Partial<SmscOptions>;
  readonly json: boolean;
  readonly feed: Feed | undefined;
}

const OPTIONS = {
  'smpp-port': { type: 'string', default: '2775' },
  'http-port': { type: 'string', default: '8775' },
  host: { type: 'string', default: '127.0.0.1' },
  'allow-remote': { type: 'boolean', default: false },
  'tls-port': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  account: { type: 'string', multiple: true, default: ['orderd:secret'] as string[] },
  'smpp-version': { type: 'string', default: '3.4' },
  receipts: { type: 'string', default: 'after' },
  'receipt-delay': { type: 'string', default: '0' },
  'id-form': { type: 'string', default: 'hex' },
  'receipt-id-form': { type: 'string' },
  charset0: { type: 'string', default: 'gsm7' },
  rate: { type: 'string', default: '0' },
  window: { type: 'string', default: '0' },
  'deliver-window': { type: 'string', default: '50' },
  'response-timeout': { type: 'string', default: '30000' },
  'enquire-interval': { type: 'string', default: '30000' },
  'retry-delay': { type: 'string', default: '1000' },
  'mo-id-tag': { type: 'string' },
  'ussd-dialect': { type: 'string', default: 'its' },
  'ussd-code-in': { type: 'string', default: 'short_message' },
  'ussd-app-timeout': { type: 'string', default: '30000' },
  'ussd-user-timeout': { type: 'string', default: '60000' },
  'mail-url': { type: 'string' },
  feed: { type: 'string' },
  'feed-rate': { type: 'string', default: '10' },
  log: { type: 'string' },
  pcap: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS }).values;
}

type Values = ReturnType<typeof parse>;

class WrongFlag extends Error {}

const MS_MAX = 3_600_000;
const VERSIONS = { '3.3': 0x33, '3.4': 0x34, '5.0': 0x50 } as const;

type NumberFlag =
  'smpp-port' | 'http-port' | 'tls-port' | 'mo-id-tag' | 'rate' | 'window' | 'deliver-window' | 'feed-rate';
type TimeFlag =
  'receipt-delay' | 'response-timeout' | 'enquire-interval' | 'retry-delay' | 'ussd-app-timeout' | 'ussd-user-timeout';

function wholeNumber(values: Values, flag: NumberFlag | TimeFlag, max = MS_MAX): number {
  const text = values[flag] ?? '';
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new WrongFlag(`--${flag} ${text}: wants a whole number from 0 to ${max}`);
}

function oneOf<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new WrongFlag(`--${flag} ${text}: wants ${known.join(', ')}`);
  return found;
}

function url(flag: string, text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/[^/]+$/.test(text)) return text;
  throw new WrongFlag(`--${flag} ${text}: wants a URL such as http://127.0.0.1:8825`);
}

function account(text: string): Account {
  const colon = text.indexOf(':');
  if (colon < 1) throw new WrongFlag(`--account ${text}: wants ID:SECRET, such as orderd:secret`);
  const [systemId, password] = [text.slice(0, colon), text.slice(colon + 1)];
  if (systemId.length > 15) throw new WrongFlag(`--account ${systemId}: a system_id has at most 15 characters`);
  if (password.length > 8) throw new WrongFlag(`--account ${systemId}: an SMPP password has at most 8 characters`);
  return { systemId, password };
}

function readPem(flag: string, file: string | undefined): string {
  if (file === undefined) throw new WrongFlag(`--tls-port wants --${flag} FILE too`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new WrongFlag(`--${flag} ${file}: cannot be read`);
  }
}

function tlsListener(values: Values): TlsListener | undefined {
  if (values['tls-port'] === undefined) return undefined;
  return {
    port: wholeNumber(values, 'tls-port', 65_535),
    cert: readPem('tls-cert', values['tls-cert']),
    key: readPem('tls-key', values['tls-key']),
  };
}

/** It is read once something has bound, and whoever bound must not see the simulator end then. */
function feedFile(file: string): string {
  try {
    accessSync(file, constants.R_OK);
    if (!statSync(file).isDirectory()) return file;
  } catch {
    // As for a folder.
  }
  throw new WrongFlag(`--feed ${file}: cannot be read`);
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

function checkedHost({ host, 'allow-remote': remote }: Values): string {
  if (isLoopback(host) || remote) return host;
  throw new WrongFlag(`--host ${host}: not loopback, and the control port has no login; add --allow-remote`);
}

function behaviour(values: Values): Partial<SmscOptions> {
  const idForm = oneOf('id-form', values['id-form'], ID_FORMS);
  return {
    version: VERSIONS[oneOf('smpp-version', values['smpp-version'], ['3.3', '3.4', '5.0'])],
    receipts: oneOf('receipts', values.receipts, RECEIPT_TIMINGS),
    receiptDelayMs: wholeNumber(values, 'receipt-delay'),
    respIdForm: idForm,
    receiptIdForm: oneOf('receipt-id-form', values['receipt-id-form'] ?? idForm, ID_FORMS),
    charset0: oneOf('charset0', values.charset0, CHARSETS0),
    submitRate: wholeNumber(values, 'rate'),
    submitWindow: wholeNumber(values, 'window'),
    window: Math.max(1, wholeNumber(values, 'deliver-window')),
    responseTimeoutMs: wholeNumber(values, 'response-timeout'),
    enquireIntervalMs: wholeNumber(values, 'enquire-interval'),
    retryDelayMs: wholeNumber(values, 'retry-delay'),
    moIdTag: values['mo-id-tag'] === undefined ? undefined : wholeNumber(values, 'mo-id-tag', 0xffff),
  };
}

function ussd(values: Values): UssdOptions {
  return {
    dialect: oneOf('ussd-dialect', values['ussd-dialect'], DIALECT_NAMES),
    codeIn: oneOf('ussd-code-in', values['ussd-code-in'], CODE_PLACES),
    appTimeoutMs: wholeNumber(values, 'ussd-app-timeout'),
    userTimeoutMs: wholeNumber(values, 'ussd-user-timeout'),
  };
}

function read(args: readonly string[]): Run | Unasked {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  const options: Partial<SmscOptions> = {
    host: checkedHost(values),
    smppPort: wholeNumber(values, 'smpp-port', 65_535),
    httpPort: wholeNumber(values, 'http-port', 65_535),
    tls: tlsListener(values),
    accounts: values.account.map(account),
    ...behaviour(values),
    ussd: ussd(values),
    mailUrl: url('mail-url', values['mail-url']),
    logFile: values.log,
    pcapFile: values.pcap,
  };
  const rate = Math.max(1, wholeNumber(values, 'feed-rate'));
  const feed = values.feed === undefined ? undefined : { file: feedFile(values.feed), rate };
  return { kind: 'run', options, json: values.json, feed };
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    return read(args);
  } catch (error) {
    // parseArgs throws TypeError for an unknown flag; its message names the flag.
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
