// Command line of the SMSC simulator.
import { parseArgs } from 'node:util';
import type { Account, ReceiptTiming, SmscOptions } from './options.ts';
import { RECEIPT_TIMINGS } from './options.ts';

export const HELP = `SMSC simulator: an SMPP server that plays the operator's message centre.

Usage: node --import tsx simulators/smsc/main.ts [flags]

Listening
  --smpp-port PORT      SMPP port; 0 picks a free one           (default 2775)
  --http-port PORT      HTTP control port; 0 picks a free one   (default 8775)
  --host ADDRESS        address of both                         (default 127.0.0.1)
  --allow-remote        permit an address other than loopback: the control port has no login

Accounts
  --account ID:SECRET   system_id and password, repeatable      (default orderd:secret)

Behaviour
  --receipts WHEN       final receipt after the submit_sm_resp, before it, or none: after | before | none
                                                                (default after)
  --receipt-delay MS    how long the handset takes              (default 0)
  --response-timeout MS silence after which a PDU counts as unanswered  (default 30000)
  --enquire-interval MS between enquire_links                   (default 30000)
  --retry-delay MS      before a deliver_sm is sent again       (default 1000)
  --mo-id-tag TAG       send the SMSC's own id of each MO in this vendor parameter, such as 0x1400

Records
  --log FILE            every PDU as a JSON line, appended
  --pcap FILE           every octet as a capture file; Wireshark and tshark read it
  --json                print {"event":"ready",...} in place of text when listening

Try it, once something has bound:
  curl -s localhost:8775/binds
  curl -s localhost:8775/mo -H 'content-type: application/json' -d '{"from":"254700000001","to":"5000","text":"NEWS"}'
  curl -s 'localhost:8775/messages?to=254700000001&waitMs=5000'
  curl -s localhost:8775/faults -H 'content-type: application/json' -d '{"on":"submit_sm","action":"status","status":"ESME_RTHROTTLED","count":3}'
`;

export type Flags =
  | { readonly kind: 'run'; readonly options: Partial<SmscOptions>; readonly json: boolean }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string };

const OPTIONS = {
  'smpp-port': { type: 'string', default: '2775' },
  'http-port': { type: 'string', default: '8775' },
  host: { type: 'string', default: '127.0.0.1' },
  'allow-remote': { type: 'boolean', default: false },
  account: { type: 'string', multiple: true, default: ['orderd:secret'] as string[] },
  receipts: { type: 'string', default: 'after' },
  'receipt-delay': { type: 'string', default: '0' },
  'response-timeout': { type: 'string', default: '30000' },
  'enquire-interval': { type: 'string', default: '30000' },
  'retry-delay': { type: 'string', default: '1000' },
  'mo-id-tag': { type: 'string' },
  log: { type: 'string' },
  pcap: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

class WrongFlag extends Error {}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new WrongFlag(`--${flag} ${text}: wants a whole number from 0 to ${max}`);
  }
  return value;
}

function account(text: string): Account {
  const colon = text.indexOf(':');
  if (colon < 1) throw new WrongFlag(`--account ${text}: wants ID:SECRET, such as orderd:secret`);
  const [systemId, password] = [text.slice(0, colon), text.slice(colon + 1)];
  if (systemId.length > 15) throw new WrongFlag(`--account ${systemId}: a system_id has at most 15 characters`);
  if (password.length > 8) throw new WrongFlag(`--account ${systemId}: an SMPP password has at most 8 characters`);
  return { systemId, password };
}

function receiptTiming(text: string): ReceiptTiming {
  const timing = RECEIPT_TIMINGS.find((known) => known === text);
  if (timing === undefined) throw new WrongFlag(`--receipts ${text}: wants ${RECEIPT_TIMINGS.join(', ')}`);
  return timing;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

const MS_MAX = 3_600_000;

function read(args: readonly string[]): Flags {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return { kind: 'help' };
  if (!isLoopback(values.host) && !values['allow-remote']) {
    throw new WrongFlag(`--host ${values.host}: not loopback, and the control port has no login; add --allow-remote`);
  }
  const tag = values['mo-id-tag'];
  const options: Partial<SmscOptions> = {
    host: values.host,
    smppPort: wholeNumber('smpp-port', values['smpp-port'], 65_535),
    httpPort: wholeNumber('http-port', values['http-port'], 65_535),
    accounts: values.account.map(account),
    receipts: receiptTiming(values.receipts),
    receiptDelayMs: wholeNumber('receipt-delay', values['receipt-delay'], MS_MAX),
    responseTimeoutMs: wholeNumber('response-timeout', values['response-timeout'], MS_MAX),
    enquireIntervalMs: wholeNumber('enquire-interval', values['enquire-interval'], MS_MAX),
    retryDelayMs: wholeNumber('retry-delay', values['retry-delay'], MS_MAX),
    moIdTag: tag === undefined ? undefined : wholeNumber('mo-id-tag', tag, 0xffff),
    logFile: values.log,
    pcapFile: values.pcap,
  };
  return { kind: 'run', options, json: values.json };
}

/** Never throws: what cannot be read is a reason for a person. */
export function parseFlags(args: readonly string[]): Flags {
  try {
    return read(args);
  } catch (error) {
    // parseArgs throws TypeError for an unknown flag; its message names the flag.
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) };
  }
}
