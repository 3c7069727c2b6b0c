import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { entryNamed } from '../../src/diameter/dictionary/dictionary.ts';
import { NUMBERS_READ } from '../../src/diameter/guard.ts';
import type { Field, Incoming } from '../../src/diameter/message.ts';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { answerTo, ccaFields, type ScriptedPeer } from './scripted-peer.ts';

/** RFC 6733 4.1, 7.1.5: what the server got wrong beside its grant must not make silence of the grant. */

/** An AVP of 3GPP's by its octets, padded. */
function avp(code: number, data: string, flags = 0x80): Buffer {
  const header = Buffer.alloc(12);
  const octets = Buffer.from(data, 'hex');
  header.writeUInt32BE(code, 0);
  header.writeUIntBE(12 + octets.length, 5, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(10_415, 8);
  return Buffer.concat([header, octets, Buffer.alloc(-octets.length & 3)]);
}

/** `bytes` with more octets at its end, counted in. */
function longer(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  const joined = Buffer.concat([bytes, more]);
  joined.writeUIntBE(joined.length, 1, 3);
  return joined;
}

/** An OCS that grants, with these octets behind it. */
async function grantsWith(more: Uint8Array, change: Partial<NodeSettings> = {}): Promise<Bench> {
  const ocs = await listen();
  const b = run(nodeSettings([peerSettings(ocs)], change));
  await b.untilOpen();
  const grant = (m: Incoming, peer: ScriptedPeer) => longer(answerTo(m, 2001, peer.originHost, ccaFields(m)), more);
  ocs.on('CCR', grant);
  return b;
}

const LOW_BALANCE = 2020;

describe('in an answer, an AVP of which we read nothing', () => {
  test('of the wrong width is an unknown one, noted: the grant counts', async () => {
    const b = await grantsWith(avp(LOW_BALANCE, '01'));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    expect(b.noted('avp.malformed')).toEqual([
      { peer: 'ocs1', path: 'Low-Balance-Indication[7]', shape: '1 octets where Integer32 needs 4' },
    ]);
    expect(b.noted('message.fault')).toEqual([]);
    expect(b.noted('avp.unknown-mandatory')).toEqual([]);
  });

  test('with the M bit is an unknown mandatory one', async () => {
    const b = await grantsWith(avp(LOW_BALANCE, '01', 0xc0));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    expect(b.noted('avp.unknown-mandatory')).toMatchObject([{ avp: '2020:10415' }]);
  });

  test('that runs past the end stays a fault: nothing behind it can be found', async () => {
    const bytes = avp(LOW_BALANCE, '01');
    bytes.writeUIntBE(200, 5, 3);
    const b = await grantsWith(bytes);
    const answer = b.client.send(b.request());
    await b.untilNoted('message.fault');
    b.clock.advance(10_000);
    expect(await answer).toEqual({ kind: 'silent', reason: 'tx' });
  });

  test('Credit-Management-Status is a number, not a group (3GPP TS 29.212)', async () => {
    const b = await grantsWith(avp(1082, '00000001'));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    expect(b.noted('avp.malformed')).toEqual([]);
  });
});

/** A message with an AVP of that name after its Session-Id, whatever octets its type takes. */
function message(request: boolean, name: string, data = '010203'): Uint8Array {
  const { code = 0, vendor = 0 } = entryNamed(name) ?? {};
  const header = { proxiable: true, error: false, retransmit: false, application: 4, hopByHop: 1, endToEnd: 2 };
  const fields: readonly Field[] = [['Session-Id', 'a;1;2']];
  const bytes = encodeMessage({ header: { ...header, request, command: request ? 258 : 272 }, fields });
  const odd = avp(code, data, vendor === 0 ? 0 : 0x80);
  return longer(bytes, vendor === 0 ? withoutVendor(odd) : odd);
}

function withoutVendor(whole: Buffer): Buffer {
  whole.writeUIntBE(whole.readUIntBE(5, 3) - 4, 5, 3);
  return Buffer.concat([whole.subarray(0, 8), whole.subarray(12)]);
}

describe('in an answer, a number of 64 bits in 4 octets, as a server writes it that knows no longer ones', () => {
  test('is read: none granted is none', async () => {
    const unit = withoutVendor(avp(417, '00000000', 0));
    const b = await grantsWith(withoutVendor(avp(431, unit.toString('hex'), 0x40)));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001, granted: 0 });
    expect(b.noted('message.fault')).toEqual([]);
  });

  test.each([
    ['Value-Digits', -10n],
    ['CC-Service-Specific-Units', 4_294_967_286n],
  ])('%s has its sign where its type has one', (name, value) => {
    const decoded = decodeMessage(message(false, name, 'fffffff6'));
    expect(decoded).toMatchObject({ ok: true, value: { avps: [{}, { name, value }] } });
  });

  test('but not in a request, nor a number of 32 bits in 8', () => {
    expect(decodeMessage(message(true, 'Value-Digits', '00000001')).ok).toBe(false);
    expect(decodeMessage(message(false, 'Result-Code', '00000000000007d1')).ok).toBe(false);
  });
});

describe('what stays a fault', () => {
  test.each([...NUMBERS_READ])('a wrong width of %s, which we read', (name) => {
    expect(entryNamed(name)?.name).toBe(name);
    expect(decodeMessage(message(false, name))).toMatchObject({ ok: false, fault: { path: `${name}[1]` } });
  });

  test('and in a request, which is answered 5014', () => {
    expect(decodeMessage(message(false, 'Low-Balance-Indication')).ok).toBe(true);
    expect(decodeMessage(message(true, 'Low-Balance-Indication')).ok).toBe(false);
  });
});
