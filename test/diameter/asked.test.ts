import { expect, test } from 'vitest';
import { all, groupOf, numberOf, octetsOf, textOf } from '../../src/diameter/avp.ts';
import { reply } from '../../src/diameter/base-messages.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { MAX_MESSAGE } from '../../src/diameter/framing.ts';
import { COMMAND, type Field, type Incoming } from '../../src/diameter/message.ts';
import { nodeSettings, peerSettings } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { requestFrom, type ScriptedPeer } from './scripted-peer.ts';

/** Faults in what a server asks of us (RFC 6733 6.2, 7.1.5). */

async function open(): Promise<ScriptedPeer> {
  const ocs = await listen();
  await run(nodeSettings([peerSettings(ocs)])).untilOpen();
  return ocs;
}

/** `bytes` with more octets at its end, counted in. */
function longer(bytes: Uint8Array, more: Uint8Array): Uint8Array {
  const joined = Buffer.concat([bytes, more]);
  joined.writeUIntBE(joined.length, 1, 3);
  return joined;
}

const PROXY: Field = [
  'Proxy-Info',
  [
    ['Proxy-Host', 'dra.ocs.test'],
    ['Proxy-State', Buffer.from('0102', 'hex')],
  ],
];

/** Re-Auth-Request-Type 285 of 200 octets where 12 are left. */
const TOO_LONG = Buffer.from('0000011d400000c800000000', 'hex');
/** Of 3 octets, and one of padding, where four are due. */
const TOO_NARROW = Buffer.from('0000011d4000000b00000000', 'hex');

test.each([
  ['too long', TOO_LONG],
  ['too narrow', TOO_NARROW],
])('the answer to an AVP that is %s has what stood before it: session and way back', async (_name, avp) => {
  const ocs = await open();
  const rar = requestFrom(COMMAND.reAuth, ocs.originHost, [['Session-Id', 'orderd1;1;2;x'], PROXY]);
  ocs.send(longer(rar, avp));
  const { avps, header }: Incoming = await ocs.until('RAA');
  expect(avps[0]?.name).toBe('Session-Id');
  expect(textOf(avps, 'Session-Id')).toBe('orderd1;1;2;x');
  expect(numberOf(avps, 'Result-Code')).toBe(5014);
  expect(header.error).toBe(false);
  expect(Buffer.from(octetsOf(avps, 'Failed-AVP') ?? []).toString('hex')).toBe('0000011d4000000c00000000');
  expect(all(avps, 'Proxy-Info')).toHaveLength(1);
  expect(textOf(groupOf(avps, 'Proxy-Info') ?? [], 'Proxy-Host')).toBe('dra.ocs.test');
});

test.each([
  ['RAA', COMMAND.reAuth],
  ['ASA', COMMAND.abortSession],
])('a request that names no session: %s with MISSING_AVP and the AVP that is missing', async (name, command) => {
  const ocs = await open();
  ocs.send(requestFrom(command, ocs.originHost, [PROXY]));
  const { avps, header } = await ocs.until(name);
  expect(numberOf(avps, 'Result-Code')).toBe(5005);
  expect(header.error).toBe(false);
  expect(Buffer.from(octetsOf(avps, 'Failed-AVP') ?? []).toString('hex')).toBe('0000010740000008');
  expect(all(avps, 'Proxy-Info')).toHaveLength(1);
});

const SELF = { originHost: 'orderd1', originRealm: 'test', productName: 'orderd', vendorId: 0, originStateId: 1 };

/** AVP 7777 of vendor 9, M set, which nobody knows. */
function unknown(octets: number): Buffer {
  const avp = Buffer.alloc(12 + octets, 'x');
  avp.writeUInt32BE(7777);
  avp.writeUInt8(0xc0, 4);
  avp.writeUIntBE(avp.length, 5, 3);
  avp.writeUInt32BE(9, 8);
  return avp;
}

/** Proxy-Info 284 of these octets. */
function proxyInfo(members: Buffer): Buffer {
  const avp = Buffer.concat([Buffer.from('0000011c40000000', 'hex'), members]);
  avp.writeUIntBE(avp.length, 5, 3);
  return avp;
}

test('Proxy-Info goes back as it came, whatever an agent wrote into it (RFC 6733 6.2)', async () => {
  const ocs = await open();
  const given = proxyInfo(Buffer.concat([Buffer.from('0000011840000009610000ff', 'hex'), unknown(4)]));
  ocs.send(longer(requestFrom(COMMAND.deviceWatchdog, ocs.originHost), given));
  const [back] = all((await ocs.until('DWA')).avps, 'Proxy-Info');
  expect(Buffer.from(back?.bytes ?? []).toString('hex')).toBe(given.toString('hex'));
});

test('an AVP that is given back twice, in Failed-AVP and in Proxy-Info, may fill the longest request', () => {
  const bare = Buffer.from(requestFrom(COMMAND.reAuth, 'h').subarray(0, 20));
  const asked = decodeMessage(longer(bare, proxyInfo(unknown(MAX_MESSAGE - 40))));
  if (!asked.ok) throw new Error(asked.fault.shape);
  const told = decodeMessage(encodeMessage(reply(SELF, asked.value, () => undefined)));
  expect(told.ok && numberOf(told.value.avps, 'Result-Code')).toBe(5001);
});
