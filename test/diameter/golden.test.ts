import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openPcap } from '../../simulators/pcap/pcap.ts';
import { answer, cer, dpr, dwa, dwr, failedAvp, reply, type Self } from '../../src/diameter/base-messages.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { ccrFields, ccrHeader, compileCcr } from '../../src/diameter/ccr.ts';
import type { CcrRequest } from '../../src/diameter/ccr-request.ts';
import type { Incoming, Outgoing } from '../../src/diameter/message.ts';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import type { ChargeRequest } from '../../src/domain/charge.ts';
import { tsharkMissing } from '../simulators/pcap/tshark.ts';
import { nodeSettings } from './bench.ts';
import { golden } from './golden.ts';

const self: Self = {
  originHost: 'orderd1.orders.example',
  originRealm: 'orders.example',
  productName: 'orderd',
  vendorId: 0,
  originStateId: 1_700_000_000,
};
const node = (change: Partial<NodeSettings> = {}): NodeSettings =>
  nodeSettings([], { ...self, destinationRealm: 'ocs.example', ...change });
const ids = { hopByHop: 0x11, endToEnd: 0x5a100011 };

function charge(change: Partial<ChargeRequest> = {}): ChargeRequest {
  return {
    identity: {
      sessionId: 'orderd1.orders.example;1700000000;7;03-0abc',
      requestNumber: 0,
      endToEnd: ids.endToEnd,
      originHost: self.originHost,
      eventTimestamp: Date.UTC(2023, 10, 14, 22, 13, 20) / 1000,
    },
    action: 'debit',
    msisdn: '254700123456',
    serviceIdentifier: 17,
    price: { minor: 500, currency: 'KES', decimals: 2 },
    orderId: '03-0abc',
    retransmit: false,
    ...change,
  };
}

function read(name: string): Incoming {
  const decoded = decodeMessage(golden(name));
  if (!decoded.ok) throw new Error(`${name}: ${decoded.fault.path}: ${decoded.fault.shape}`);
  return decoded.value;
}

/** A later request of the same session. */
function numbered(requestNumber: number): ChargeRequest {
  const request = charge();
  return { ...request, identity: { ...request.identity, requestNumber } };
}

function ccr(request: CcrRequest, settings: NodeSettings, hopByHop = 0x11): Outgoing {
  return {
    header: ccrHeader(hopByHop, request.identity.endToEnd, request.retransmit),
    fields: ccrFields(request, settings, compileCcr(settings)),
  };
}

function brokenWatchdog(): Outgoing {
  const decoded = decodeMessage(golden('hostile-request-length'));
  if (decoded.ok) throw new Error('reads well');
  return answer(self, { header: decoded.fault.header, avps: [] }, decoded.fault.resultCode, [
    failedAvp(decoded.fault.failed),
  ]);
}

/** Every message that we send, made as the adapter makes it. */
const SENT: Readonly<Record<string, () => Outgoing>> = {
  cer: () => cer(self, ids, '192.0.2.1'),
  'cer-ipv6': () => cer(self, ids, '2001:db8::1'),
  dwr: () => dwr(self, ids),
  dwa: () => dwa(self, { header: { ...dwr(self, ids).header }, avps: [] }),
  dpr: () => dpr(self, ids, 0),
  dpa: () => answer(self, { header: dpr(self, ids, 0).header, avps: [] }, 2001),
  'ccr-debit': () => ccr(charge(), node()),
  'ccr-debit-t': () => ccr(charge({ retransmit: true }), node(), 0x12),
  'ccr-debit-mscc': () =>
    ccr(
      charge({ price: { minor: 1250, currency: 'KWD', decimals: 3 } }),
      node({ units: 'mscc', destinationHost: 'ocs1.ocs.example' }),
    ),
  'ccr-refund': () => ccr(charge({ action: 'refund', price: { minor: 500, currency: 'JPY', decimals: 0 } }), node()),
  'ccr-refund-information': () => ccr(charge({ action: 'refund', refundInformation: '0042ff' }), node()),
  'ccr-refund-mscc': () => ccr(charge({ action: 'refund', refundInformation: '0042ff' }), node({ units: 'mscc' })),
  'ccr-debit-3gpp-sms': () => ccr(charge(), node({ layout: '3gpp-sms' })),
  'ccr-debit-3gpp-vas': () => ccr(charge(), node({ layout: '3gpp-vas' })),
  'ccr-balance': () => ccr(charge({ action: 'balance' }), node()),
  'ccr-price': () => ccr(charge({ action: 'price' }), node()),
  'ccr-reserve': () => ccr(charge({ action: 'reserve' }), node({ units: 'mscc' })),
  'ccr-update': () => ccr({ ...numbered(2), action: 'update' }, node({ units: 'mscc' })),
  'ccr-commit': () =>
    ccr({ ...numbered(1), action: 'commit', session: { host: 'ocs1.ocs.example' } }, node({ units: 'mscc' })),
  'ccr-release': () =>
    ccr({ ...numbered(1), action: 'release', session: { host: 'ocs1.ocs.example', sessionFailover: true } }, node()),
  'raa-5002': () => reply(self, read('rar'), () => undefined),
  'raa-5001': () => reply(self, read('rar-unknown-m'), () => undefined),
  'answer-999-3001': () => reply(self, read('request-999'), () => undefined),
  'dwa-5014': brokenWatchdog,
};

describe('what we send, octet for octet', () => {
  test.each(Object.keys(SENT))('%s', (name) => {
    expect(Buffer.from(encodeMessage(SENT[name]!())).toString('hex')).toBe(golden(name).toString('hex'));
  });
});

/** tshark warns, rightly, of the unknown command or AVP that the peer sent and these give back. */
const QUOTING_UNKNOWN = new Set(['raa-5001', 'answer-999-3001']);

test.skipIf(tsharkMissing())('tshark finds nothing malformed and no expert error in what we send', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orderd-diameter-'));
  try {
    const file = join(folder, 'sent.pcap');
    const pcap = openPcap(file);
    const conversation = pcap.conversation(3868);
    const sent = Object.keys(SENT).filter((name) => !QUOTING_UNKNOWN.has(name));
    for (const make of sent.map((name) => SENT[name]!)) conversation.fromClient(encodeMessage(make()));
    conversation.close();
    await pcap.close();
    const tshark = (...args: string[]): string => execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8' });
    expect(tshark('-Y', 'diameter').trim().split('\n')).toHaveLength(sent.length);
    expect(tshark('-Y', '_ws.malformed || _ws.expert.severity >= "Warning"')).toBe('');
    const amounts = tshark(
      '-Y',
      'diameter.Value-Digits',
      '-T',
      'fields',
      '-e',
      'diameter.Value-Digits',
      '-e',
      'diameter.Exponent',
    );
    expect(amounts.trim().split('\n')).toEqual([
      ...Array<string>(2).fill('500\t-2'),
      '1250\t-3',
      '500\t0',
      ...Array<string>(8).fill('500\t-2'),
      '0\t-2',
    ]);
    expect(tshark('-Y', 'diameter.flags.T == 1', '-T', 'fields', '-e', 'diameter.hopbyhopid').trim()).toBe(
      '0x00000012',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
