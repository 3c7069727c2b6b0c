import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { avp, children, first, numberOf, textOf } from '../../../simulators/diameter/values.ts';
import { bench, moneyIn, resultOf } from './bench.ts';
import { asked, ccr, cer, clientOn, FROM, money, openClient } from './client.ts';

const hold = (sessionId: string, amount = 5000) => ccr({ sessionId, type: 1, units: [asked(money(amount, -2))] });

describe('requests of the OCS', () => {
  it.each([
    ['reauthorize', 258, 2002],
    ['abort', 274, 2001],
  ] as const)('%s: to the client of the session, by name, and its answer is told', async (method, command, result) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    await client.ask(hold('s;1'));
    const answered = ocs[method]({ sessionId: 's;1' });
    const request = await client.next();
    expect([request.command, request.flags, request.application]).toEqual([command, 0xc0, 4]);
    expect(['Session-Id', 'Destination-Host', 'Destination-Realm'].map((name) => textOf(request.avps, name))).toEqual([
      's;1',
      'orderd.lab.example',
      'lab.example',
    ]);
    client.send({ ...request, flags: 0x40, avps: [avp('Session-Id', 's;1'), avp('Result-Code', result), ...FROM] });
    expect(await answered).toMatchObject({ kind: 'answered', result });
  });

  it('carries what it is told besides, an unknown AVP with M among it', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    const odd = { code: 7777, vendor: 0, flags: 0x40, data: Buffer.from('odd!') };
    const answered = ocs.reauthorize({
      sessionId: 'none',
      to: { originHost: 'x', originRealm: 'y' },
      avps: [odd, avp('Re-Auth-Request-Type', 1)],
    });
    const request = await client.next();
    expect(request.avps.at(-2)).toMatchObject({ code: 7777, flags: 0x40 });
    expect([numberOf(request.avps, 'Re-Auth-Request-Type'), textOf(request.avps, 'Destination-Host')]).toEqual([
      1,
      'x',
    ]);
    client.end();
    expect(await answered).toEqual({ kind: 'gone' });
  });

  it('says when there is nobody to ask', async () => {
    const { ocs } = await bench();
    expect(await ocs.abort({ sessionId: 'none' })).toMatchObject({ kind: 'nobody' });
    expect(await ocs.abort({ sessionId: 'none', to: { originHost: 'x', originRealm: 'y' } })).toMatchObject({
      kind: 'nobody',
    });
    expect(await ocs.disconnect('x', 0)).toMatchObject({ kind: 'nobody' });
  });

  it.each([0, 1, 2])('DPR with cause %i, then the connection closes', async (cause) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    const answered = ocs.disconnect('orderd.lab.example', cause);
    const dpr = await client.next();
    expect(numberOf(dpr.avps, 'Disconnect-Cause')).toBe(cause);
    client.send({ ...dpr, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
    expect(await answered).toMatchObject({ result: 2001 });
    await client.closed();
  });

  it('the same over HTTP, sessions listed', async () => {
    const { ocs, connect } = await bench({ httpPort: 0 });
    const client = await connect();
    await client.ask(hold('s;1'));
    const call = async (path: string, body: object): Promise<{ status: number; body: unknown }> => {
      const init = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const reply = await fetch(`http://127.0.0.1:${ocs.ports.http}${path}`, init);
      return { status: reply.status, body: await reply.json() };
    };
    const listed = await fetch(`http://127.0.0.1:${ocs.ports.http}/sessions`);
    expect(await listed.json()).toEqual([
      expect.objectContaining({ sessionId: 's;1', msisdn: '254700000001', held: { '/': 5000 } }),
    ]);
    const answered = call('/rar', { sessionId: 's;1' });
    const rar = await client.next();
    client.send({ ...rar, flags: 0x40, avps: [avp('Session-Id', 's;1'), avp('Result-Code', 2002), ...FROM] });
    expect(await answered).toMatchObject({
      status: 200,
      body: { kind: 'answered', result: 2002, answer: { command: 'RAA' } },
    });
    expect(await call('/asr', { sessionId: 'none' })).toMatchObject({ status: 404 });
    expect(await call('/dpr', { originHost: 'x', cause: 3 })).toMatchObject({ status: 400 });
  });
});

describe('final units (RFC 8506 section 5.6)', () => {
  it('reserves the rest with Final-Unit-Indication TERMINATE where told to', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 3000, finalUnits: 'rest' });
    const client = await connect();
    const answer = await client.ask(hold('s;1'));
    expect([resultOf(answer), moneyIn(answer, 'Granted-Service-Unit')]).toEqual([2001, '3000E-2 404']);
    expect(numberOf(children(first(answer.avps, 'Final-Unit-Indication')), 'Final-Unit-Action')).toBe(0);
    expect(ocs.accounts.get('254700000001')?.reserved).toBe(3000n);
    expect(resultOf(await client.ask(hold('s;2')))).toBe(4012);
  });

  it('whole units only', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 3000, finalUnits: 'rest', unitPrice: 700 });
    const units = [asked(avp('CC-Service-Specific-Units', 10))];
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1', type: 1, units }));
    expect(
      first(children(first(answer.avps, 'Granted-Service-Unit')), 'CC-Service-Specific-Units')?.data.readBigUInt64BE(),
    ).toBe(4n);
    expect(ocs.accounts.get('254700000001')?.reserved).toBe(2800n);
  });
});

describe('transports', () => {
  it('IPv6, and Host-IP-Address says so', async () => {
    const { ocs } = await bench({ host: '::1' });
    const client = await openClient(ocs.ports.diameter, '::1');
    const answer = await client.ask(cer());
    expect(first(answer.avps, 'Host-IP-Address')?.data.toString('hex')).toBe(`0002${'00'.repeat(15)}01`);
    client.end();
  });

  it('TLS from the first octet', async () => {
    // Self-signed for this test alone; the key protects nothing.
    const pem = (name: string): Buffer => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url));
    const [key, cert] = [pem('key'), pem('cert')];
    const { ocs } = await bench({ tls: { key, cert } });
    const socket = connectTls({ port: ocs.ports.diameter, host: '127.0.0.1', ca: cert, servername: 'ocs.lab.example' });
    await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
    const client = clientOn(socket);
    await client.ask(cer());
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(2001);
    client.end();
  });
});
