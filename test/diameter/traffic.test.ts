import { Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { textOf } from '../../src/diameter/avp.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { COMMAND, type Header, type Incoming } from '../../src/diameter/message.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, pair, run, single } from './lifecycle.ts';
import {
  answerTo,
  ccaFields,
  errorMessage,
  granted,
  refused,
  requestFrom,
  type ScriptedPeer,
  silent,
  until,
} from './scripted-peer.ts';

const pending = (b: Bench): number => b.client.status().reduce((sum, peer) => sum + peer.pending, 0);

describe('silence (E2, E3, E5)', () => {
  test('after Tx the send is silent, and a later 2001 is given to onLateAnswer', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', silent);
    const request = b.request();
    const answer = b.client.send(request);
    const ccr = await ocs.until('CCR');
    b.clock.advance(9_999);
    expect(b.noted('charge.silent')).toEqual([]);
    b.clock.advance(1);
    expect(await answer).toEqual({ kind: 'silent', reason: 'tx' });
    ocs.send(granted(ccr, ocs));
    await until(() => b.late.length > 0);
    expect(b.late).toEqual([
      {
        sessionId: request.identity.sessionId,
        requestNumber: 0,
        action: 'debit',
        orderId: request.orderId,
        answer: { kind: 'answer', resultCode: 2001, experimental: false, granted: undefined, failedAvp: undefined },
      },
    ]);
    expect(pending(b)).toBe(0);
  });

  test('an error answer that is late says nothing, so it is only noted (E2)', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', silent);
    const answer = b.client.send(b.request());
    const ccr = await ocs.until('CCR');
    b.clock.advance(10_000);
    await answer;
    ocs.send(refused(3004)(ccr, ocs));
    await b.untilNoted('charge.late');
    expect(b.late).toEqual([]);
  });

  test('nor does it go to another peer: nobody waits for that answer any more (E5)', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', silent);
    const answer = b.client.send(b.request());
    const ccr = await one.until('CCR');
    b.clock.advance(10_000);
    await answer;
    one.send(refused(3004)(ccr, one));
    await until(() => b.noted('charge.late').length + b.noted('charge.rerouted').length > 0);
    expect(b.noted('charge.rerouted')).toEqual([]);
    expect(two.all('CCR')).toEqual([]);
  });

  test('after an answer Tx tells nothing', async () => {
    const { b } = await single();
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    b.clock.advance(10_000);
    expect(b.noted('charge.silent')).toEqual([]);
  });

  test('the entry is kept to the request timeout and then given up, aloud', async () => {
    const { ocs, b } = await single({ tx: 1_000, requestTimeout: 20_000 });
    ocs.on('CCR', silent);
    const answer = b.client.send(b.request());
    await ocs.until('CCR');
    b.clock.advance(1_000);
    await answer;
    b.clock.advance(18_999);
    expect(pending(b)).toBe(1);
    b.clock.advance(1_001);
    expect(pending(b)).toBe(0);
    expect(b.noted('charge.expired')).toHaveLength(1);
  });

  test('an answer without a result leaves the charge waiting', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', (m) => encodeMessage({ header: { ...m.header, request: false }, fields: [['Origin-Host', 'x']] }));
    const answer = b.client.send(b.request());
    await b.untilNoted('charge.unreadable');
    b.clock.advance(10_000);
    expect(await answer).toEqual({ kind: 'silent', reason: 'tx' });
  });
});

describe('answers that are not ours', () => {
  test.each<[string, Partial<Header>, string | undefined]>([
    ['an unknown Hop-by-Hop id', { hopByHop: 7 }, undefined],
    ['another End-to-End id', { endToEnd: 7 }, undefined],
    ['another Session-Id', {}, 'somebody;1;2;else'],
    ['another command', { command: 999 }, undefined],
  ])('%s: discarded and noted, the charge waits on', async (_name, header, session) => {
    const { ocs, b } = await single();
    ocs.on('CCR', silent);
    const answer = b.client.send(b.request());
    const ccr = await ocs.until('CCR');
    ocs.send(
      encodeMessage({
        header: { ...ccr.header, request: false, ...header },
        fields: [
          ['Session-Id', session ?? textOf(ccr.avps, 'Session-Id') ?? ''],
          ['Result-Code', 5030],
        ],
      }),
    );
    await b.untilNoted('message.unexpected');
    ocs.send(granted(ccr, ocs));
    expect(await answer).toMatchObject({ resultCode: 2001 });
  });

  test('the same answer twice: the second is discarded', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', (m) => Buffer.concat([granted(m, ocs), granted(m, ocs)]));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    await b.untilNoted('message.unexpected');
    expect(b.late).toEqual([]);
  });

  test('an answer from another host than the peer is taken: proxies answer for servers', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', (m) => answerTo(m, 2001, 'behind-the-relay.ocs.test', ccaFields(m)));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
  });
});

describe('3002, 3004 and 3005 (RFC 6733 section 3, RFC 8506 7, E2)', () => {
  test.each([3002, 3004, 3005])('%i goes to the alternate without T, same ids, new Hop-by-Hop', async (code) => {
    const { one, two, b } = await pair();
    one.on('CCR', refused(code));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    const [first, second] = [await one.until('CCR'), await two.until('CCR')];
    expect(second.header).toMatchObject({ retransmit: false, endToEnd: first.header.endToEnd });
    expect(second.header.hopByHop).not.toBe(first.header.hopByHop);
    expect(textOf(second.avps, 'Session-Id')).toBe(textOf(first.avps, 'Session-Id'));
  });

  test('without the E bit it goes there too', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', (m) => {
      const bytes = Buffer.from(answerTo(m, 3004, one.originHost, ccaFields(m)));
      bytes[4] = 0x40;
      return bytes;
    });
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    expect(two.all('CCR')).toHaveLength(1);
  });

  test('when none is left, the error answer is the answer', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', refused(3004));
    two.on('CCR', refused(3002));
    expect(await b.client.send(b.request())).toMatchObject({ kind: 'answer', resultCode: 3002 });
  });

  test('other 3xxx codes are configuration: no alternate is tried', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', refused(3007));
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 3007 });
    expect(two.all('CCR')).toEqual([]);
  });

  test('a T that was set stays set', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', refused(3004));
    await b.client.send(b.request({ retransmit: true }));
    expect((await one.until('CCR')).header.retransmit).toBe(true);
    expect((await two.until('CCR')).header.retransmit).toBe(true);
  });

  test.each([
    ['an error answer', refused(3004)],
    ['an error message of a relay', errorMessage(5004)],
  ])('%s to the second send does not tell what became of the first: silent', async (_what, answered) => {
    const { one, two, b } = await pair();
    one.on('CCR', silent);
    two.on('CCR', answered);
    const answer = b.client.send(b.request());
    await one.until('CCR');
    one.drop();
    expect(await answer).toEqual({ kind: 'silent', reason: 'link-lost' });
  });
});

test('a peer that asked to be left alone is called again once the others refuse (RFC 6733 5.4.3)', async () => {
  const { one, two, b } = await pair();
  one.send(requestFrom(COMMAND.disconnectPeer, one.originHost, [['Disconnect-Cause', 1]]));
  await one.until('DPA');
  one.drop();
  await b.untilNoted('peer.down');
  await b.client.send(b.request());
  b.clock.advance(30_000);
  expect(b.noted('peer.connecting')).toHaveLength(2);
  two.on('CCR', refused(3002));
  expect(await b.client.send(b.request())).toMatchObject({ resultCode: 3002 });
  b.clock.advance(30_000);
  await one.until('CER', 2);
});

describe('what is not sent (E3)', () => {
  test('no open peer', async () => {
    const b = run(nodeSettings([]));
    expect(await b.client.send(b.request())).toEqual({ kind: 'not-sent', reason: 'no open peer' });
    expect(b.client.open()).toBe(false);
  });

  test('beyond the pipelining limit', async () => {
    const { ocs, b } = await single({ inflight: 2 });
    ocs.on('CCR', silent);
    const first = [b.client.send(b.request()), b.client.send(b.request())];
    expect(await b.client.send(b.request())).toEqual({ kind: 'not-sent', reason: 'busy' });
    await ocs.until('CCR', 2);
    b.clock.advance(10_000);
    await Promise.all(first);
    ocs.on('CCR', granted);
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
  });

  test('the link goes before the first octet was handed to the socket', async () => {
    const ocs = await listen();
    const sent: Promise<unknown>[] = [];
    const b: Bench = run(nodeSettings([peerSettings(ocs)]), (event) => {
      if (event === 'charge.answered') sent.push(b.client.send(b.request()));
    });
    await b.untilOpen();
    ocs.on('CCR', (m) => Buffer.concat([granted(m, ocs), Buffer.from('HTTP/1.1 400 Bad Request')]));
    await b.client.send(b.request());
    expect(await sent[0]).toEqual({ kind: 'not-sent', reason: 'link lost before the first octet' });
    expect(ocs.all('CCR')).toHaveLength(1);
  });

  test('the same with an alternate: sent there, without T', async () => {
    const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
    const sent: Promise<unknown>[] = [];
    const node = nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })]);
    const b: Bench = run(node, (event) => {
      if (event === 'charge.answered' && sent.length === 0) sent.push(b.client.send(b.request()));
    });
    await until(() => b.client.status().every(({ open }) => open));
    one.on('CCR', (m) => Buffer.concat([granted(m, one), Buffer.from('HTTP/1.1 400 Bad Request')]));
    await b.client.send(b.request());
    expect(await sent[0]).toMatchObject({ resultCode: 2001 });
    expect((await two.until('CCR')).header.retransmit).toBe(false);
  });
});

describe('an unknown AVP with the M bit in an answer (RFC 6733 4.1)', () => {
  const withUnknown = (m: Incoming, peer: ScriptedPeer): Uint8Array => {
    const bytes = Buffer.from(answerTo(m, 2001, peer.originHost, [['9001:99999', 'vendor x']]));
    bytes[bytes.length - 16] = 0xc0; // V and M
    return bytes;
  };

  test('tolerant: the answer counts, and an alarm is raised', async () => {
    const { ocs, b } = await single();
    ocs.on('CCR', withUnknown);
    expect(await b.client.send(b.request())).toMatchObject({ resultCode: 2001 });
    expect(b.noted('avp.unknown-mandatory')).toEqual([
      { peer: 'ocs1', order: '03-order1', action: 'debit', avp: '9001:99999' },
    ]);
  });

  test('strict: the answer is not taken, and a grant in it is not made a denial either: silence', async () => {
    const { ocs, b } = await single({ unknownMandatory: 'strict' });
    ocs.on('CCR', withUnknown);
    const answer = b.client.send(b.request());
    await b.untilNoted('avp.unknown-mandatory');
    b.clock.advance(10_000);
    expect(await answer).toEqual({ kind: 'silent', reason: 'tx' });
  });
});

describe('identity (E2)', () => {
  test('fresh ids are unique, of the RFC 6733 form, and Event-Timestamp is the moment given', async () => {
    const { b } = await single();
    const [one, two] = [b.client.newIdentity('03-a', 1_700_000_000), b.client.newIdentity('03-b', 1_700_000_001)];
    expect(one.sessionId).toMatch(/^orderd1\.orders\.test;1700000000;\d+;03-a$/);
    expect(two.endToEnd).toBe((one.endToEnd + 1) >>> 0);
    expect(one.endToEnd >>> 20).toBe(1_700_000_000 & 0xfff);
    expect(two.eventTimestamp).toBe(1_700_000_001);
  });

  test("another process's charge is resent under our Origin-Host with a fresh End-to-End id", async () => {
    const { ocs, b } = await single();
    const theirs = { ...b.client.newIdentity('03-a', 1), originHost: 'orderd2.orders.test', endToEnd: 42 };
    const adopted = b.client.adopt(theirs);
    expect(adopted).toMatchObject({
      sessionId: theirs.sessionId,
      originHost: 'orderd1.orders.test',
      eventTimestamp: 1,
    });
    expect(adopted.endToEnd).not.toBe(42);
    expect(b.client.adopt(adopted)).toBe(adopted);
    await b.client.send(b.request({ identity: theirs, retransmit: true }));
    const { header, avps } = await ocs.until('CCR');
    expect(header.endToEnd).not.toBe(42);
    expect(textOf(avps, 'Origin-Host')).toBe('orderd1.orders.test');
  });

  test('each resend of it has the End-to-End id of the first: one request to the OCS (RFC 6733 5.5.4)', async () => {
    const { ocs, b } = await single();
    const theirs = { ...b.client.newIdentity('03-a', 1), originHost: 'orderd2.orders.test', endToEnd: 42 };
    for (let resends = 1; resends <= 2; resends++) {
      await b.client.send(b.request({ identity: b.client.adopt({ ...theirs }), retransmit: true, resends }));
      await b.client.send(b.request({ identity: { ...theirs, requestNumber: 1 }, retransmit: true, resends }));
    }
    await ocs.until('CCR', 4);
    const [debit, commit, ...again] = ocs.all('CCR').map(({ header }) => header.endToEnd);
    expect(again).toEqual([debit, commit]);
    expect(commit).not.toBe(debit);
  });
});

describe('on the wire', () => {
  test.each([false, true])('TCP_NODELAY unless nagle is asked for (RFC 3539 3.2): nagle %j', async (nagle) => {
    const set = vi.spyOn(Socket.prototype, 'setNoDelay');
    const ocs = await listen();
    await run(nodeSettings([peerSettings(ocs, { nagle })])).untilOpen();
    expect(set.mock.calls).toEqual([[!nagle]]);
    set.mockRestore();
  });

  test('a peer that asks and never reads is cut off before it fills our memory', async () => {
    const { ocs, b } = await single();
    const rar = requestFrom(COMMAND.reAuth, ocs.originHost, [['Session-Id', 'x'.repeat(60_000)]]);
    for (const socket of ocs.sockets) socket.pause();
    for (let i = 0; i < 400; i++) ocs.send(rar);
    await b.untilNoted('peer.down');
    expect(b.client.status()[0]?.lastError).toMatch(/^the peer takes nothing: \d+ octets unsent$/);
  });

  test('charges of one event-loop turn leave in one write', async () => {
    const { ocs, b } = await single();
    const sizes: number[] = [];
    for (const socket of ocs.sockets) socket.prependListener('data', (chunk: Buffer) => sizes.push(chunk.length));
    await Promise.all(Array.from({ length: 20 }, () => b.client.send(b.request())));
    expect(ocs.all('CCR')).toHaveLength(20);
    expect(sizes).toHaveLength(1);
  });

  test('charge.written is noted when the kernel has the octets, before charge.answered', async () => {
    const { b } = await single();
    await b.client.send(b.request());
    const names = b.notes.map(({ event }) => event).filter((event) => event.startsWith('charge.'));
    expect(names).toEqual(['charge.written', 'charge.answered']);
    expect(b.noted('charge.answered')[0]).toEqual({ peer: 'ocs1', order: '03-order1', action: 'debit', result: 2001 });
  });
});
