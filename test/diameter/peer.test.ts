import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { find, numberOf, octetsOf, textOf } from '../../src/diameter/avp.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { COMMAND, type Incoming } from '../../src/diameter/message.ts';
import type { PeerSettings } from '../../src/diameter/settings.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { golden } from './golden.ts';
import { answerTo, ccaFields, requestFrom, type ScriptedPeer, silent, until } from './scripted-peer.ts';

function dropped(_message: Incoming, peer: ScriptedPeer): undefined {
  peer.drop();
}

function start(peer: Pick<ScriptedPeer, 'port'>, change: Partial<PeerSettings> = {}): Bench {
  return run(nodeSettings([peerSettings(peer, change)]));
}

const state = (b: Bench): string => b.client.status()[0]!.state;
const watchdog = (b: Bench): string => b.client.status()[0]!.watchdog;

async function open(change: Partial<PeerSettings> = {}): Promise<{ ocs: ScriptedPeer; b: Bench }> {
  const ocs = await listen();
  const b = start(ocs, change);
  await b.untilOpen();
  return { ocs, b };
}

/** What was sent before this was read by the client once it answers. */
async function settled(ocs: ScriptedPeer): Promise<void> {
  const before = ocs.all('DWA').length;
  ocs.send(requestFrom(COMMAND.deviceWatchdog, ocs.originHost));
  await ocs.until('DWA', before + 1);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('RFC 6733 5.6, on sockets', () => {
  test('Closed, Start, I-Snd-Conn-Req; Wait-Conn-Ack, I-Rcv-Conn-Ack, I-Snd-CER; Wait-I-CEA, I-Rcv-CEA, Process-CEA', async () => {
    const { ocs, b } = await open();
    const cer = await ocs.until('CER');
    expect(state(b)).toBe('I-Open');
    expect(find(cer.avps, 'Host-IP-Address')?.value).toBe('127.0.0.1');
    expect(numberOf(cer.avps, 'Auth-Application-Id')).toBe(4);
    expect(numberOf(cer.avps, 'Origin-State-Id')).toBe(1_700_000_000);
    expect(b.client.status()[0]).toMatchObject({ originHost: 'ocs1.ocs.test', open: true, pending: 0 });
  });

  test('Wait-Conn-Ack, I-Rcv-Conn-Nack, Cleanup: and again after Tc (RFC 6733 12)', async () => {
    const b = start({ port: await freePort() });
    await b.untilNoted('peer.connect-failed');
    expect(state(b)).toBe('Closed');
    b.clock.advance(30_000);
    await b.untilNoted('peer.connect-failed', 2);
    expect(b.client.status()[0]?.lastError).toMatch(/ECONNREFUSED/);
  });

  test('Wait-Conn-Ack, Timeout, Error', async () => {
    const ocs = await listen('mute', { mute: true });
    const tls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };
    const b = start(ocs, { tls }); // TCP is up, the TLS handshake never ends
    await until(() => ocs.sockets.size === 1);
    expect(state(b)).toBe('Wait-Conn-Ack');
    b.clock.advance(5_000);
    expect(state(b)).toBe('Closed');
    expect(b.noted('peer.timeout')).toEqual([{ peer: 'ocs1', state: 'Wait-Conn-Ack' }]);
  });

  test('Wait-I-CEA, Timeout, Error', async () => {
    const ocs = await listen();
    ocs.on('CER', silent);
    const b = start(ocs);
    await ocs.until('CER');
    b.clock.advance(5_000);
    expect(state(b)).toBe('Closed');
    await until(() => ocs.sockets.size === 0);
  });

  test('Wait-I-CEA, I-Peer-Disc, I-Disc', async () => {
    const ocs = await listen();
    ocs.on('CER', dropped);
    const b = start(ocs);
    await b.untilNoted('peer.connect-failed');
    expect(state(b)).toBe('Closed');
  });

  test.each<[string, (m: Incoming, peer: ScriptedPeer) => Uint8Array]>([
    ['another message', (_m, peer) => requestFrom(COMMAND.deviceWatchdog, peer.originHost)],
    ['a CEA that does not read', () => golden('hostile-avp-length-0')],
    ['a CEA that does not fit', () => golden('cea-5010')],
  ])('Wait-I-CEA, I-Rcv-Non-CEA, Error: %s', async (_name, reply) => {
    const ocs = await listen();
    ocs.on('CER', reply);
    const b = start(ocs);
    await b.untilNoted('peer.connect-failed');
    await until(() => ocs.sockets.size === 0);
    expect(b.opens).toEqual([]);
  });

  test('I-Open, I-Rcv-DWR, Process-DWR, I-Snd-DWA', async () => {
    const { ocs } = await open();
    ocs.send(requestFrom(COMMAND.deviceWatchdog, ocs.originHost));
    const dwa = await ocs.until('DWA');
    expect(numberOf(dwa.avps, 'Result-Code')).toBe(2001);
    expect(dwa.header).toMatchObject({ hopByHop: 0x5eed, endToEnd: 0xfeed });
  });

  test('I-Open, Stop, I-Snd-DPR; Closing, I-Rcv-DPA, I-Disc', async () => {
    const { ocs, b } = await open();
    await b.client.stop(60_000);
    expect(numberOf((await ocs.until('DPR')).avps, 'Disconnect-Cause')).toBe(0);
    expect(b.notes.at(-1)?.event).toBe('peer.closed');
    expect(state(b)).toBe('Closed');
    await until(() => ocs.sockets.size === 0);
  });

  test('Closing, Timeout, Error: a DPR that nobody answers', async () => {
    const { ocs, b } = await open();
    ocs.on('DPR', silent);
    const stopped = b.client.stop(60_000);
    await ocs.until('DPR');
    b.clock.advance(5_000);
    await stopped;
    expect(b.noted('peer.timeout')).toEqual([{ peer: 'ocs1', state: 'Closing' }]);
  });

  test('who is gone from the config while the process ends: both hear of its end', async () => {
    const { ocs, b } = await open();
    ocs.on('DPR', silent);
    const updated = b.client.update([]);
    await ocs.until('DPR');
    const stopped = b.client.stop(60_000);
    b.clock.advance(5_000);
    await Promise.all([updated, stopped]);
    expect(b.client.status()).toEqual([]);
  });

  test('the deadline of stop comes before that', async () => {
    const { ocs, b } = await open();
    ocs.on('DPR', silent);
    const stopped = b.client.stop(1_000);
    await ocs.until('DPR');
    b.clock.advance(1_000);
    await stopped;
    expect(state(b)).toBe('Closed');
  });

  test('Closing, I-Peer-Disc, I-Disc', async () => {
    const { ocs, b } = await open();
    ocs.on('DPR', dropped);
    await b.client.stop(60_000);
    expect(state(b)).toBe('Closed');
  });

  test('non-standard: Closing still takes answers and DWR, so that no grant in flight is lost', async () => {
    const { ocs, b } = await open();
    ocs.on('CCR', silent);
    const answer = b.client.send(b.request());
    const ccr = await ocs.until('CCR');
    ocs.on('DPR', (m) =>
      Buffer.concat([
        requestFrom(COMMAND.deviceWatchdog, ocs.originHost),
        answerTo(ccr, 2001, ocs.originHost, ccaFields(ccr)),
        answerTo(m, 2001, ocs.originHost),
      ]),
    );
    await b.client.stop(60_000);
    expect(await answer).toMatchObject({ resultCode: 2001 });
  });

  test.each(['Wait-Conn-Ack', 'Wait-I-CEA'])('non-standard: Stop in %s closes at once', async (where) => {
    const ocs = await listen();
    ocs.on('CER', silent);
    const b = start(ocs);
    if (where === 'Wait-I-CEA') await ocs.until('CER');
    expect(state(b)).toBe(where);
    await b.client.stop(60_000);
    expect(state(b)).toBe('Closed');
    b.clock.advance(120_000);
    expect(state(b)).toBe('Closed');
  });

  test('an event that the table does not list is refused and noted: a second CEA', async () => {
    const { ocs, b } = await open();
    ocs.send(golden('cea'));
    await b.untilNoted('peer.event-refused');
    expect(b.noted('peer.event-refused')).toEqual([{ peer: 'ocs1', state: 'I-Open', event: 'I-Rcv-CEA' }]);
    expect(state(b)).toBe('I-Open');
  });
});

describe('DPR (RFC 6733 5.4)', () => {
  async function asked(cause: number): Promise<{ ocs: ScriptedPeer; b: Bench }> {
    const { ocs, b } = await open();
    const order: string[] = [];
    for (const socket of ocs.sockets) socket.on('end', () => order.push('closed'));
    ocs.send(requestFrom(COMMAND.disconnectPeer, ocs.originHost, [['Disconnect-Cause', cause]]));
    expect(numberOf((await ocs.until('DPA')).avps, 'Result-Code')).toBe(2001);
    expect(order).toEqual([]); // the DPA came while the connection was still there
    expect(b.client.status()[0]).toMatchObject({ state: 'Closing', open: false });
    ocs.drop(); // the receiver of the DPA closes
    await b.untilNoted('peer.down');
    return { ocs, b };
  }

  test('REBOOTING: called again after Tc', async () => {
    const { ocs, b } = await asked(0);
    b.clock.advance(30_000);
    await ocs.until('CER', 2);
  });

  test.each([1, 2])('cause %i: not called again until there is a need', async (cause) => {
    const { ocs, b } = await asked(cause);
    for (let i = 0; i < 10; i++) b.clock.advance(30_000);
    expect(b.noted('peer.connecting')).toHaveLength(1);
    expect(b.client.open()).toBe(false); // somebody wants to charge
    b.clock.advance(30_000);
    await ocs.until('CER', 2);
  });

  test('a peer that does not close after our DPA is closed', async () => {
    const { ocs, b } = await open();
    ocs.send(requestFrom(COMMAND.disconnectPeer, ocs.originHost, [['Disconnect-Cause', 0]]));
    await ocs.until('DPA');
    b.clock.advance(5_000);
    expect(state(b)).toBe('Closed');
    await until(() => ocs.sockets.size === 0);
  });

  test('what waits goes to the alternate once the link is gone', async () => {
    const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
    const b = run(nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })]));
    await until(() => b.client.status().every((peer) => peer.open));
    one.on('CCR', silent);
    const answer = b.client.send(b.request());
    await one.until('CCR');
    one.send(requestFrom(COMMAND.disconnectPeer, one.originHost, [['Disconnect-Cause', 1]]));
    expect(numberOf((await one.until('DPA')).avps, 'Result-Code')).toBe(5012); // do not close yet
    one.drop();
    expect(await answer).toMatchObject({ resultCode: 2001 });
    expect((await two.until('CCR')).header.retransmit).toBe(true);
  });
});

describe('the watchdog over a connection (RFC 3539)', () => {
  test('silence: DWR after Tw, SUSPECT after another, DOWN after a third; any message in between saves it', async () => {
    const { ocs, b } = await open({ tw: 6_000 });
    ocs.on('DWR', silent);
    b.clock.advance(8_000);
    await ocs.until('DWR');
    b.clock.advance(8_000);
    expect(watchdog(b)).toBe('SUSPECT');
    expect(b.client.open()).toBe(false);
    await settled(ocs); // a DWR of the peer's: Receive non-DWA, Failback()
    expect(watchdog(b)).toBe('OKAY');
    expect(b.client.open()).toBe(true);
    b.clock.advance(8_000);
    expect(watchdog(b)).toBe('SUSPECT'); // the old DWR is still unanswered
    b.clock.advance(8_000);
    expect(watchdog(b)).toBe('DOWN');
    await until(() => ocs.sockets.size === 0);
    expect(b.opens).toEqual([true, false, true, false]);
  });

  test('a reopened peer that stays silent: NumDWA = -1, then DOWN, and DWR is answered meanwhile', async () => {
    const { ocs, b } = await open({ tw: 6_000 });
    ocs.drop();
    await b.untilNoted('peer.down');
    ocs.on('DWR', silent);
    b.clock.advance(30_000);
    await ocs.until('DWR');
    await settled(ocs);
    expect(watchdog(b)).toBe('REOPEN');
    b.clock.advance(8_000);
    expect(watchdog(b)).toBe('REOPEN');
    b.clock.advance(8_000);
    expect(watchdog(b)).toBe('DOWN');
  });

  test('a DWA with odd ids counts: it shows life', async () => {
    const { ocs, b } = await open({ tw: 6_000 });
    ocs.on('DWR', (m) => {
      const bytes = Buffer.from(answerTo(m, 2001, ocs.originHost));
      bytes.writeUInt32BE(99, 12);
      bytes.writeUInt32BE(98, 16);
      return bytes;
    });
    for (let round = 1; round <= 3; round++) {
      b.clock.advance(8_000);
      await ocs.until('DWR', round);
      await settled(ocs);
    }
    expect(watchdog(b)).toBe('OKAY');
    expect(b.opens).toEqual([true]);
  });

  test('a greater Origin-State-Id says that the peer lost its state', async () => {
    const ocs = await listen();
    let stateId = 5;
    ocs.on('CER', (m) =>
      answerTo(m, 2001, ocs.originHost, [
        ['Origin-State-Id', stateId++],
        ['Auth-Application-Id', 4],
      ]),
    );
    const b = start(ocs);
    await b.untilOpen();
    ocs.drop();
    await b.untilNoted('peer.down');
    b.clock.advance(30_000);
    await b.untilNoted('peer.restarted');
  });
});

describe('what a peer asks of us', () => {
  test.each<[string, Uint8Array, string, number]>([
    ['Re-Auth: no such session (RFC 6733 8.3)', golden('rar'), 'RAA', 5002],
    ['Re-Auth with an unknown M AVP', golden('rar-unknown-m'), 'RAA', 5001],
    [
      'Abort-Session: no such session (8.5)',
      requestFrom(COMMAND.abortSession, 'ocs', [['Session-Id', 'a;1;2']]),
      'ASA',
      5002,
    ],
    ['an unknown command', golden('request-999'), '999A', 3001],
    ['a second CER', requestFrom(COMMAND.capabilitiesExchange, 'ocs'), 'CEA', 5012],
    ['a broken AVP in a request', golden('hostile-request-length'), 'DWA', 5014],
  ])('%s', async (_name, bytes, name, result) => {
    const { ocs, b } = await open();
    ocs.send(bytes);
    const answer = await ocs.until(name);
    expect(numberOf(answer.avps, 'Result-Code')).toBe(result);
    expect(answer.header.error).toBe(result < 4000);
    expect(textOf(answer.avps, 'Origin-Host')).toBe('orderd1.orders.test');
    if (result === 5014) expect(octetsOf(answer.avps, 'Failed-AVP')?.length).toBe(12);
    expect(b.client.open()).toBe(true);
  });

  test.each<[string, number, boolean, number]>([
    ['an application that is not ours', 16_777_251, false, 3007],
    ['the E bit in a request', 4, true, 3008],
  ])('%s', async (_name, application, error, result) => {
    const { ocs } = await open();
    const header = { request: true, proxiable: true, error, retransmit: false, command: COMMAND.reAuth, application };
    ocs.send(encodeMessage({ header: { ...header, hopByHop: 1, endToEnd: 2 }, fields: [['Session-Id', 'a;1;2']] }));
    expect(numberOf((await ocs.until('RAA')).avps, 'Result-Code')).toBe(result);
  });
});

describe('hostile streams', () => {
  test('an answer whose AVPs do not read is noted with path and shape; the link lives', async () => {
    const { ocs, b } = await open();
    ocs.send(golden('hostile-nested-100'));
    ocs.send(golden('hostile-group-overrun'));
    await b.untilNoted('message.fault', 2);
    expect(b.noted('message.fault')[1]).toMatchObject({ path: 'Unit-Value[1]/Exponent[0]', command: 272 });
    await settled(ocs);
    expect(b.client.open()).toBe(true);
  });

  test.each(['hostile-length-16mb', 'hostile-http', 'hostile-length-16'])('%s resets the stream', async (name) => {
    const { ocs, b } = await open();
    ocs.send(golden(name));
    await b.untilNoted('peer.down');
    await until(() => ocs.sockets.size === 0);
    expect(b.client.status()[0]?.lastError).toMatch(/^framing lost: /);
  });
});
