import { describe, expect, test } from 'vitest';
import { numberOf, textOf } from '../../src/diameter/avp.ts';
import { COMMAND, type Field, type Incoming } from '../../src/diameter/message.ts';
import { createSessions } from '../../src/diameter/sessions.ts';
import type { ChargeRequest, CreditAnswer } from '../../src/domain/charge.ts';
import { nodeSettings, peerSettings, type Bench } from './bench.ts';
import { listen, run } from './lifecycle.ts';
import { answerTo, requestFrom, until, type ScriptedPeer } from './scripted-peer.ts';

async function pair(): Promise<{ one: ScriptedPeer; two: ScriptedPeer; b: Bench }> {
  const [one, two] = [await listen('ocs1.ocs.test'), await listen('ocs2.ocs.test')];
  const b = run(nodeSettings([peerSettings(one), peerSettings(two, { name: 'ocs2', priority: 2 })]));
  await until(() => b.client.status().every(({ open }) => open));
  return { one, two, b };
}

const closing = (reserve: ChargeRequest, change: Partial<ChargeRequest>): ChargeRequest => ({
  ...reserve,
  action: 'commit',
  identity: { ...reserve.identity, requestNumber: 1 },
  ...change,
});

/** Whatever was written before has arrived: a DWR behind it was answered. */
async function settled(ocs: ScriptedPeer): Promise<void> {
  ocs.send(requestFrom(COMMAND.deviceWatchdog, ocs.originHost));
  await ocs.until('DWA');
}

const DENIED: CreditAnswer = {
  kind: 'answer',
  resultCode: 4012,
  experimental: false,
  granted: undefined,
  failedAvp: undefined,
};

const session = (request: ChargeRequest): Field => ['Session-Id', request.identity.sessionId];

describe('a session stays with its server unless that allowed it to move (RFC 8506 8.4)', () => {
  test('its end goes to the peer that holds it, not to the preferred one', async () => {
    const { one, two, b } = await pair();
    await b.client.send(closing(b.request({ action: 'reserve' }), { session: { host: 'ocs2.ocs.test' } }));
    const ccr = await two.until('CCR');
    expect(textOf(ccr.avps, 'Destination-Host')).toBe('ocs2.ocs.test');
    expect(numberOf(ccr.avps, 'CC-Request-Type')).toBe(3);
    expect(numberOf(ccr.avps, 'Termination-Cause')).toBe(1);
    expect(one.all('CCR')).toEqual([]);
  });

  test('a peer is its server whatever the case of its name, and by its config before it was ever reached', async () => {
    const { one, two, b } = await pair();
    const end = (host: string, by = b) =>
      by.client.send(closing(by.request({ action: 'reserve' }), { session: { host } }));
    await end('OCS2.ocs.test');
    expect([one.all('CCR').length, two.all('CCR').length]).toEqual([0, 1]);
    const mute = await listen('ocs2.ocs.test', { mute: true });
    const away = peerSettings(mute, { name: 'ocs2', priority: 2, identity: 'OCS2.ocs.test' });
    const after = run(nodeSettings([peerSettings(one), away]));
    await after.untilOpen();
    expect(await end('ocs2.ocs.test', after)).toEqual({ kind: 'not-sent', reason: 'no open peer' });
    expect(one.all('CCR')).toEqual([]);
  });

  test('that peer is called again where it asked to be left alone until there is a need (RFC 6733 5.4.3)', async () => {
    const { two, b } = await pair();
    two.send(requestFrom(COMMAND.disconnectPeer, two.originHost, [['Disconnect-Cause', 1]]));
    await two.until('DPA');
    two.drop();
    await b.untilNoted('peer.down');
    for (let i = 0; i < 3; i++) b.clock.advance(30_000);
    expect(two.all('CER')).toHaveLength(1);
    const end = closing(b.request({ action: 'reserve' }), { session: { host: 'ocs2.ocs.test' } });
    expect(await b.client.send(end)).toEqual({ kind: 'not-sent', reason: 'no open peer' });
    b.clock.advance(30_000);
    await two.until('CER', 2);
  });

  test('when that peer is lost, no other gets it: silent', async () => {
    const { one, two, b } = await pair();
    two.on('CCR', () => undefined);
    const answer = b.client.send(closing(b.request({ action: 'reserve' }), { session: { host: 'ocs2.ocs.test' } }));
    await two.until('CCR');
    two.drop();
    expect(await answer).toEqual({ kind: 'silent', reason: 'link-lost' });
    expect(one.all('CCR')).toEqual([]);
  });

  test('with CC-Session-Failover it moves, with T', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', () => undefined);
    const terms = { host: 'ocs1.ocs.test', sessionFailover: true };
    const answer = b.client.send(closing(b.request({ action: 'reserve' }), { session: terms }));
    await one.until('CCR');
    one.drop();
    expect(await answer).toMatchObject({ resultCode: 2001 });
    const ccr = await two.until('CCR');
    expect(ccr.header.retransmit).toBe(true);
    expect(textOf(ccr.avps, 'Destination-Host')).toBeUndefined();
  });

  test('a server behind a relay is named, and any open peer takes it there', async () => {
    const { one, b } = await pair();
    await b.client.send(closing(b.request({ action: 'reserve' }), { session: { host: 'hidden.ocs.test' } }));
    expect(textOf((await one.until('CCR')).avps, 'Destination-Host')).toBe('hidden.ocs.test');
  });

  test('a resend after silence goes to the backup (E2, RFC 8506 6.5)', async () => {
    const { two, b } = await pair();
    await b.client.send(b.request({ retransmit: true, resends: 1 }));
    expect((await two.until('CCR')).header.retransmit).toBe(true);
  });
});

describe('what a server asks of a live reservation', () => {
  async function reserved(): Promise<{ ocs: ScriptedPeer; b: Bench; request: ChargeRequest }> {
    const ocs = await listen();
    const b = run(nodeSettings([peerSettings(ocs)]));
    await b.untilOpen();
    const request = b.request({ action: 'reserve' });
    await b.client.send(request);
    return { ocs, b, request };
  }

  test('Re-Auth: RAA 2002, then a CCR-U with a number of its own (RFC 8506 5.5)', async () => {
    const { ocs, request } = await reserved();
    for (const number of [2, 3]) {
      ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
      const ccr = await ocs.until('CCR', number);
      expect(numberOf((await ocs.until('RAA', number - 1)).avps, 'Result-Code')).toBe(2002);
      expect(numberOf(ccr.avps, 'CC-Request-Type')).toBe(2);
      expect(numberOf(ccr.avps, 'CC-Request-Number')).toBe(number);
      expect(textOf(ccr.avps, 'Session-Id')).toBe(request.identity.sessionId);
    }
  });

  test('another one while the CCR-U is on its way: RAA 2001, and no second CCR-U (RFC 8506 5.5)', async () => {
    const { ocs, request } = await reserved();
    const rar = requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]);
    ocs.on('CCR', () => undefined);
    ocs.send(Buffer.concat([rar, rar]));
    const update = await ocs.until('CCR', 2);
    await ocs.until('RAA', 2);
    // Behind the CCA-U it is a new one, also in the same segment.
    ocs.send(Buffer.concat([answerTo(update, 2001, ocs.originHost), rar]));
    await ocs.until('CCR', 3);
    expect(ocs.all('RAA').map(({ avps }) => numberOf(avps, 'Result-Code'))).toEqual([2002, 2001, 2002]);
    expect(ocs.all('CCR').map(({ avps }) => numberOf(avps, 'CC-Request-Number'))).toEqual([0, 2, 3]);
  });

  test('one whose CCR-U could not leave is over', async () => {
    const { b } = await reserved();
    const sessions = createSessions();
    const request = b.request({ action: 'reserve' });
    const { sessionId } = request.identity;
    sessions.answered(request, { ...DENIED, resultCode: 2001 });
    sessions.updating(sessionId, Promise.resolve());
    expect(sessions.knows(sessionId)).toBe('updating');
    await Promise.resolve();
    expect(sessions.knows(sessionId)).toBe('idle');
  });

  test('a CCR-U goes to the server that holds the session, not to the preferred one that passed it on', async () => {
    const { one, two, b } = await pair();
    one.on('CCR', (m) => answerTo(m, 3004, one.originHost));
    const request = b.request({ action: 'reserve' });
    expect(await b.client.send(request)).toMatchObject({ resultCode: 2001 });
    two.send(requestFrom(COMMAND.reAuth, two.originHost, [session(request)]));
    const ccr = await two.until('CCR', 2);
    expect(numberOf((await two.until('RAA')).avps, 'Result-Code')).toBe(2002);
    expect(numberOf(ccr.avps, 'CC-Request-Type')).toBe(2);
    expect(textOf(ccr.avps, 'Destination-Host')).toBe('ocs2.ocs.test');
    expect(one.all('CCR')).toHaveLength(1);
  });

  test.each(['commit', 'release'] as const)(
    'a %s waits for the CCR-U before it: it does not overtake',
    async (action) => {
      const { ocs, b, request } = await reserved();
      ocs.on('CCR', (m) => (numberOf(m.avps, 'CC-Request-Type') === 2 ? undefined : answerTo(m, 2001, ocs.originHost)));
      ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
      const update = await ocs.until('CCR', 2);
      const ended = b.client.send(closing(request, { action }));
      await settled(ocs);
      expect(ocs.all('CCR')).toHaveLength(2);
      ocs.send(answerTo(update, 2001, ocs.originHost));
      expect(await ended).toMatchObject({ resultCode: 2001 });
      expect(ocs.all('CCR').map(({ avps }) => numberOf(avps, 'CC-Request-Type'))).toEqual([1, 2, 3]);
    },
  );

  test('for as long as Tx, no longer', async () => {
    const { ocs, b, request } = await reserved();
    ocs.on('CCR', (m) => (numberOf(m.avps, 'CC-Request-Type') === 2 ? undefined : answerTo(m, 2001, ocs.originHost)));
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    await ocs.until('CCR', 2);
    const ended = b.client.send(closing(request, {}));
    b.clock.advance(10_000);
    expect(await ended).toMatchObject({ resultCode: 2001 });
    expect(ocs.all('CCR')).toHaveLength(3);
  });

  test("an update that is answered late is nobody's charge", async () => {
    const { ocs, b, request } = await reserved();
    ocs.on('CCR', () => undefined);
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    const ccr = await ocs.until('CCR', 2);
    b.clock.advance(10_000);
    await b.untilNoted('charge.silent');
    ocs.send(answerTo(ccr, 2001, ocs.originHost));
    await b.untilNoted('charge.late');
    expect(b.late).toEqual([]);
  });

  test('Abort-Session: unable to comply, the order ends it itself', async () => {
    const { ocs, request } = await reserved();
    ocs.send(requestFrom(COMMAND.abortSession, ocs.originHost, [session(request)]));
    expect(numberOf((await ocs.until('ASA')).avps, 'Result-Code')).toBe(5012);
  });

  test('its end has the number after the updates, and no update comes between (RFC 8506 8.2)', async () => {
    const { ocs, b, request } = await reserved();
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    await ocs.until('CCR', 2);
    const requestNumber = b.client.endNumber(request.identity.sessionId);
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    expect(numberOf((await ocs.until('RAA', 2)).avps, 'Result-Code')).toBe(5002);
    await b.client.send(closing(request, { identity: { ...request.identity, requestNumber } }));
    expect(ocs.all('CCR').map(({ avps }) => numberOf(avps, 'CC-Request-Number'))).toEqual([0, 2, 3]);
  });

  test('without updates, or of a session that another process opened, its end has number 1', async () => {
    const { b, request } = await reserved();
    expect(b.client.endNumber(request.identity.sessionId)).toBe(1);
    expect(b.client.endNumber('orderd.other;1;2;a')).toBe(1);
  });

  test('once its end was sent, the session is known no more', async () => {
    const { ocs, b, request } = await reserved();
    await b.client.send(closing(request, { action: 'release' }));
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    const raa: Incoming = await ocs.until('RAA');
    expect(numberOf(raa.avps, 'Result-Code')).toBe(5002);
  });

  test('a Re-Auth right behind the answer to the reservation finds its session', async () => {
    const ocs = await listen();
    const b = run(nodeSettings([peerSettings(ocs)]));
    await b.untilOpen();
    const request = b.request({ action: 'reserve' });
    const rar = requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]);
    ocs.on('CCR', (m) => Buffer.concat([answerTo(m, 2001, ocs.originHost), rar]));
    await b.client.send(request);
    expect(numberOf((await ocs.until('RAA')).avps, 'Result-Code')).toBe(2002);
  });

  test.each<[string, boolean, number]>([
    ['has a session that is known', false, 2002],
    ['opens none whose end was sent meanwhile', true, 5002],
  ])('a reservation that is granted late %s', async (_what, isEnded, result) => {
    const ocs = await listen();
    const b = run(nodeSettings([peerSettings(ocs)]));
    await b.untilOpen();
    ocs.on('CCR', () => undefined);
    const request = b.request({ action: 'reserve' });
    const answer = b.client.send(request);
    const ccr = await ocs.until('CCR');
    b.clock.advance(10_000);
    expect(await answer).toMatchObject({ kind: 'silent' });
    ocs.on('CCR', (m) => answerTo(m, 2001, ocs.originHost));
    if (isEnded) await b.client.send(closing(request, { action: 'release' }));
    ocs.send(answerTo(ccr, 2001, ocs.originHost));
    ocs.send(requestFrom(COMMAND.reAuth, ocs.originHost, [session(request)]));
    expect(numberOf((await ocs.until('RAA')).avps, 'Result-Code')).toBe(result);
    expect(b.late).toHaveLength(1);
  });

  test('a reservation that was refused is none; the oldest is forgotten beyond the limit', async () => {
    const { b } = await reserved();
    const sessions = createSessions();
    const refused = b.request({ action: 'reserve' });
    sessions.answered(refused, DENIED);
    expect(sessions.knows(refused.identity.sessionId)).toBeUndefined();
    expect(sessions.update('unknown', 1)).toBeUndefined();
    const many = Array.from({ length: 20_001 }, () => b.request({ action: 'reserve' }));
    for (const one of many) sessions.answered(one, { ...DENIED, resultCode: 2001 });
    expect(sessions.knows(many[0]!.identity.sessionId)).toBeUndefined();
    expect(sessions.knows(many[10_001]!.identity.sessionId)).toBe('idle');
  });
});
