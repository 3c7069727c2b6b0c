/** The command line of the OCS simulator. */
import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { reasonOf, type Unasked } from '../terminal/program.ts';
import { given } from './given.ts';
import { MAX_AMOUNT } from './money.ts';
import { settingsOf, type OcsOptions } from './options.ts';

export const HELP = `ocs: an online charging system to test against (Diameter credit control, RFC 6733 and RFC 8506)

  npm run ocs -- [flags]          or, after npm run build, npx orderd-ocs [flags]

Network
  --host ADDRESS          address to listen on, IPv4 or IPv6        127.0.0.1
  --allow-remote          needed for an address off loopback: there is no access control
  --diameter-port PORT    0 takes a free one                        3868
  --http-port PORT        HTTP control; 0 takes a free one          8868
  --origin-host NAME      our Origin-Host                           ocs.lab.example
  --origin-realm NAME     our Origin-Realm                          lab.example
  --tls-key FILE --tls-cert FILE   TLS from the first octet
  --tls-ca FILE           peers must show a certificate of this CA
  --watchdog TIME         DWR after that much silence, 0 never      30s

Money (integers of minor units: 1234 is KES 12.34)
  --currency CODE         ISO 4217, or ABC:999:2 (code:number:decimals)  KES
  --default-balance N     balance of a subscriber at first sight    100000
  --refuse-unknown        answer 5030 for subscribers without an account
  --unit-price N          price of one service-specific unit        1
  --tariff SERVICE=N      its price for one service (repeatable); SERVICE is the
                          Service-Identifier, Rating-Group or Service-Context-Id
  --validity-time TIME    how long a reservation is granted         1h
  --final-units           reserve what is left with Final-Unit-Indication, not 4012

Duplicates (by Session-Id + CC-Request-Number, with or without T)
  --dedupe-memory TIME    how long a request is remembered          24h
  --no-dedupe             debit every time, to see an audit catch it

Records
  --ledger FILE           one JSON line per request, appended at once
  --pcap FILE             all Diameter traffic, for Wireshark
  --log FILE              every message with its AVPs by name, as JSON lines
  --json                  tell of start and end as JSON lines
  --help                  this text; --version tells which

HTTP control: GET/PUT /accounts/MSISDN, GET/POST/DELETE /faults, GET /ledger?format=json|jsonl|csv,
GET /debits, /requests, /peers, /sessions, /metrics, GET/PUT /tariffs, POST /rar, /asr, /dpr, POST /listening {"on":false}.
TIME is a number with ms, s, m, h or d.
`;

export interface Run {
  readonly kind: 'run';
  readonly options: OcsOptions;
  readonly json: boolean;
  readonly logFile: string | undefined;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const KNOWN = {
  host: text,
  'allow-remote': flag,
  'diameter-port': text,
  'http-port': text,
  'origin-host': text,
  'origin-realm': text,
  'tls-key': text,
  'tls-cert': text,
  'tls-ca': text,
  watchdog: text,
  currency: text,
  'default-balance': text,
  'refuse-unknown': flag,
  'unit-price': text,
  tariff: { type: 'string', multiple: true },
  'validity-time': text,
  'final-units': flag,
  'dedupe-memory': text,
  'no-dedupe': flag,
  ledger: text,
  pcap: text,
  log: text,
  json: flag,
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type Values = ReturnType<typeof parseArgs<{ options: typeof KNOWN }>>['values'];

class WrongFlag extends Error {}

function integer(name: string, value: string | undefined, max: number): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!(number <= max)) throw new WrongFlag(`--${name}: ${value} is not an integer from 0 to ${max}`);
  return number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function duration(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit] = /^(\d+)(ms|s|m|h|d)?$/.exec(value) ?? [];
  if (digits === undefined || (unit === undefined && digits !== '0')) {
    throw new WrongFlag(`--${name}: ${value} is not a time such as 500ms, 30s, 5m, 24h or 7d`);
  }
  return Number(digits) * (UNITS[unit ?? 'ms'] ?? 1);
}

function tariffs(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((one) => {
      const [, service, price] = /^(.+)=(\d+)$/.exec(one) ?? [];
      if (service === undefined) throw new WrongFlag(`--tariff: ${one} is not SERVICE=MINOR-UNITS`);
      return [service, integer('tariff', price, Number(MAX_AMOUNT)) ?? 0];
    }),
  );
}

function pem(name: string, file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WrongFlag(`--${name}: ${(error as Error).message}`);
  }
}

function tlsOf(values: Values): Pick<OcsOptions, 'tls'> {
  const parts = {
    key: pem('tls-key', values['tls-key']),
    cert: pem('tls-cert', values['tls-cert']),
    ca: pem('tls-ca', values['tls-ca']),
  };
  if (Object.values(parts).every((part) => part === undefined)) return {};
  if (parts.key === undefined || parts.cert === undefined)
    throw new WrongFlag('TLS needs both --tls-key and --tls-cert');
  return { tls: given(parts) };
}

const PORT = 65_535;
const MONEY = Number(MAX_AMOUNT);

function optionsOf(values: Values): OcsOptions {
  const validity = duration('validity-time', values['validity-time']);
  return {
    ...given({
      host: values.host,
      allowRemote: values['allow-remote'],
      originHost: values['origin-host'],
      originRealm: values['origin-realm'],
      watchdogMs: duration('watchdog', values.watchdog),
      currency: values.currency,
      defaultBalance:
        values['refuse-unknown'] === true
          ? ('unknown' as const)
          : integer('default-balance', values['default-balance'], MONEY),
      unitPrice: integer('unit-price', values['unit-price'], MONEY),
      validityTime: validity === undefined ? undefined : Math.ceil(validity / 1000),
      finalUnits: values['final-units'] === true ? ('rest' as const) : undefined,
      dedupeMemoryMs: duration('dedupe-memory', values['dedupe-memory']),
      dedupe: values['no-dedupe'] === true ? false : undefined,
      ledgerFile: values.ledger,
      pcapFile: values.pcap,
    }),
    ...tlsOf(values),
    tariffs: tariffs(values.tariff ?? []),
    diameterPort: integer('diameter-port', values['diameter-port'], PORT) ?? 3868,
    httpPort: integer('http-port', values['http-port'], PORT) ?? 8868,
  };
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Run | Unasked {
  try {
    const { values } = parseArgs({ args: [...args], options: KNOWN, strict: true, allowPositionals: false });
    if (values.help === true) return { kind: 'help' };
    const options = optionsOf(values);
    settingsOf(options); // a wrong currency or host is a wrong flag too
    return { kind: 'run', options, json: values.json === true, logFile: values.log };
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(error) };
  }
}
