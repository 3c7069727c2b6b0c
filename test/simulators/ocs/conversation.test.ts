import { describe, expect, it } from 'vitest';
import { definitionNamed } from '../../../simulators/diameter/dictionary.ts';
import type { Avp } from '../../../simulators/diameter/avp.ts';
import { encodeMessage, type Message } from '../../../simulators/diameter/message.ts';
import { allNamed, avp, numberOf, textOf } from '../../../simulators/diameter/values.ts';
import { bench, failedCode, resultOf, settled } from './bench.ts';
import { ccr, cer, FROM, request, R } from './client.ts';
import { golden } from './golden.ts';

const hex = (message: Message): string => encodeMessage(message).toString('hex');

describe('golden conversation', () => {
  it('answers each golden request with the golden octets', async () => {
    const { ocs, dial } = await bench({ unitPrice: 500 });
    const client = await dial();
    for (const [asked, answered] of [
      ['cer', 'cea'],
      ['ccr-debit', 'cca-debit'],
      ['dwr', 'dwa'],
      ['ccr-price', 'cca-price'],
      ['ccr-no-action', 'cca-5005'],
      ['dpr', 'dpa'],
    ] as const) {
      if (asked === 'ccr-price') ocs.accounts.set('254700000001', { balance: 1000n });
      // one Session-Id in all golden requests: each stands for a new one
      client.raw(
        Buffer.from(
          golden(`simulator-${asked}`)
            .toString('latin1')
            .replace('045;7', `045;${asked[4] ?? 7}`),
          'latin1',
        ),
      );
      const answer = hex(await client.next());
      const wanted = golden(`simulator-${answered}`)
        .toString('latin1')
        .replace('045;7', `045;${asked[4] ?? 7}`);
      expect(answer).toBe(Buffer.from(wanted, 'latin1').toString('hex'));
    }
    await client.closed();
  });

  it('says a balance too low inside the MSCC too', async () => {
    const { dial } = await bench({ unitPrice: 500, defaultBalance: 1000 });
    const client = await dial();
    client.raw(Buffer.concat([golden('simulator-cer'), golden('simulator-ccr-mscc')]));
    await client.next();
    expect(hex(await client.next())).toBe(golden('simulator-cca-mscc-4012').toString('hex'));
  });

  it('reads requests split at every octet', async () => {
    const { connect } = await bench();
    const client = await connect();
    const bytes = encodeMessage(ccr({ sessionId: 's;1' }));
    for (const octet of bytes) {
      client.raw(Buffer.from([octet]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(resultOf(await client.next())).toBe(2001);
  });
});

describe('capabilities exchange (RFC 6733 section 5.3)', () => {
  const vendorSpecific = avp('Vendor-Specific-Application-Id', [
    avp('Vendor-Id', 10_415),
    avp('Auth-Application-Id', 4),
  ]);

  it.each([
    ['credit control', [avp('Auth-Application-Id', 4)], 2001],
    ['credit control among others', [avp('Auth-Application-Id', 1), avp('Auth-Application-Id', 4)], 2001],
    ['inside Vendor-Specific-Application-Id', [vendorSpecific], 2001],
    ['a relay', [avp('Auth-Application-Id', 0xffff_ffff)], 2001],
    ['a relay by its accounting id', [avp('Acct-Application-Id', 0xffff_ffff)], 2001],
    ['nothing in common', [avp('Auth-Application-Id', 1)], 5010],
    ['credit control as accounting only', [avp('Acct-Application-Id', 4)], 5010],
  ])('%s', async (_what, applications, result) => {
    const { ocs, dial } = await bench();
    const client = await dial();
    expect(resultOf(await client.ask(cer(...applications)))).toBe(result);
    if (result === 2001)
      expect(ocs.peers()).toMatchObject([{ originHost: 'orderd.lab.example', state: 'open', productName: 'test' }]);
    else await client.closed();
    client.end();
  });

  it('5005 with the missing AVP', async () => {
    const { dial } = await bench();
    const client = await dial();
    const answer = await client.ask(
      request(257, 0, [...FROM, avp('Vendor-Id', 0), avp('Product-Name', 'x'), avp('Auth-Application-Id', 4)]),
    );
    expect([resultOf(answer), failedCode(answer)]).toEqual([5005, 257]);
    await client.closed();
  });

  it('a request before the CER ends the connection', async () => {
    const { ocs, dial } = await bench();
    const client = await dial();
    client.send(ccr({ sessionId: 's' }));
    await client.closed();
    expect(ocs.ledger.rows()).toEqual([]);
  });

  it('a lost stream ends the connection', async () => {
    const { connect } = await bench();
    const client = await connect();
    client.raw(Buffer.from('0100000000000000', 'hex'));
    await client.closed();
  });
});

describe('a CER that cannot be read earns a whole CEA (RFC 6733 5.3.2)', () => {
  const octets = (one: Avp, change: Partial<Avp>): Message => cer({ ...one, ...change });
  const unknown: Avp = { ...avp('Auth-Application-Id', 4), code: 9001 };

  it.each([
    ['an unknown AVP with M', octets(unknown, { flags: 0x40 }), 5001],
    ['an AVP of a wrong length', octets(avp('Auth-Application-Id', 4), { data: Buffer.alloc(2) }), 5014],
    ['reserved AVP bits', octets(avp('Auth-Application-Id', 4), { flags: 0x41 }), 3009],
  ])('%s', async (_what, message, result) => {
    const { dial } = await bench();
    const client = await dial();
    const answer = await client.ask(message);
    expect(resultOf(answer)).toBe(result);
    for (const name of ['Origin-Host', 'Host-IP-Address', 'Vendor-Id', 'Product-Name', 'Failed-AVP'])
      expect(allNamed(answer.avps, name)).toHaveLength(1);
    await client.closed();
  });
});

describe('requests refused before credit control (RFC 6733 section 7.1)', () => {
  const bare = ccr({ sessionId: 's' });
  it.each([
    ['unknown command', { ...bare, command: 999 }, 3001],
    ['another application', { ...bare, application: 16_777_238 }, 3007],
    ['E in a request', { ...bare, flags: R | 0x20 }, 3008],
    ['reserved header bits', { ...bare, flags: R | 0x01 }, 3008],
    [
      'another realm',
      ccr({ sessionId: 's', without: ['Destination-Realm'], more: [avp('Destination-Realm', 'x.example')] }),
      3003,
    ],
    ['another host', ccr({ sessionId: 's', more: [avp('Destination-Host', 'x.lab.example')] }), 3002],
    ['a loop', ccr({ sessionId: 's', more: [avp('Route-Record', 'ocs.lab.example')] }), 3005],
  ])('%s: E bit set, Session-Id and ids echoed', async (_what, message, result) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    const answer = await client.ask(message);
    expect([resultOf(answer), answer.flags & 0xa0]).toEqual([result, 0x20]);
    expect([answer.hopByHop, answer.endToEnd, textOf(answer.avps, 'Session-Id')]).toEqual([
      message.hopByHop,
      message.endToEnd,
      's',
    ]);
    expect(ocs.requests.list()).toMatchObject([{ refused: result, sessionId: 's' }]);
    expect(ocs.ledger.rows()).toEqual([]);
  });

  it('our names are ours whatever their case (section 4.3.1)', async () => {
    const { connect } = await bench();
    const client = await connect();
    const [realm, host] = [avp('Destination-Realm', 'LAB.example'), avp('Destination-Host', 'OCS.lab.Example')];
    const said = await client.ask(ccr({ sessionId: 's', without: ['Destination-Realm'], more: [realm, host] }));
    expect(resultOf(said)).toBe(2001);
    const looped = ccr({ sessionId: 't', more: [avp('Route-Record', 'OCS.lab.example')] });
    expect(resultOf(await client.ask(looped))).toBe(3005);
  });

  it('another version is answered 5011 and ends the connection', async () => {
    const { connect } = await bench();
    const client = await connect();
    expect(resultOf(await client.ask({ ...bare, version: 2 }))).toBe(5011);
    await client.closed();
  });

  it.each([
    'Session-Id',
    'Destination-Realm',
    'Service-Context-Id',
    'CC-Request-Type',
    'CC-Request-Number',
    'Subscription-Id',
  ])('5005 names a missing %s in Failed-AVP', async (name) => {
    const { connect } = await bench();
    const client = await connect();
    const answer = await client.ask(ccr({ sessionId: 's', without: [name] }));
    expect([resultOf(answer), answer.flags & 0x20]).toEqual([5005, 0]);
    expect(failedCode(answer)).toBe(definitionNamed(name)?.code);
  });

  it.each([
    ['unknown AVP with M', [{ code: 7777, vendor: 99, flags: 0xc0, data: Buffer.alloc(4) }], 5001, 7777],
    ['a request type that does not exist', [], 5004, 416],
    ['an action that does not exist', [], 5004, 436],
  ])('%s', async (what, more, result, failed) => {
    const { connect } = await bench();
    const client = await connect();
    const kind = what.includes('type') ? { without: ['CC-Request-Type'], more: [avp('CC-Request-Type', 9)] } : { more };
    const answer = await client.ask(ccr({ sessionId: 's', ...kind, ...(failed === 436 ? { action: 9 } : {}) }));
    expect([resultOf(answer), failedCode(answer)]).toEqual([result, failed]);
  });

  it('an AVP of length 0 is answered 5014 and the connection lives on', async () => {
    const { connect } = await bench();
    const client = await connect();
    const bytes = encodeMessage(bare);
    bytes.writeUIntBE(0, 25, 3);
    client.raw(bytes);
    expect(resultOf(await client.next())).toBe(5014);
    expect(await settled(client)).toEqual([]);
  });
});

describe('watchdog and disconnection', () => {
  it('asks after Tw of silence, and gives up after a second Tw (RFC 3539 section 3.4.1)', async () => {
    const { ocs, clock, connect } = await bench({ watchdogMs: 30_000 });
    const client = await connect();
    clock.advance(30_000);
    const dwr = await client.next();
    expect([dwr.command, dwr.flags, numberOf(dwr.avps, 'Origin-State-Id')]).toEqual([280, 0x80, 1_767_323_045]);
    client.send({ ...dwr, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
    await settled(client);
    clock.advance(30_000);
    expect((await client.next()).command).toBe(280);
    clock.advance(30_000);
    await client.closed();
    expect(ocs.peers()).toEqual([]);
  });

  it('gives up a connection that never sends a CER', async () => {
    const { ocs, clock, dial } = await bench({ watchdogMs: 30_000 });
    const client = await dial();
    await expect.poll(() => ocs.peers().length).toBe(1);
    clock.advance(30_000);
    await client.closed();
  });

  it('says DPR REBOOTING at its end and waits for the DPA', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    const closing = ocs.close();
    const dpr = await client.next();
    expect([dpr.command, numberOf(dpr.avps, 'Disconnect-Cause')]).toEqual([282, 0]);
    client.send({ ...dpr, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
    await closing;
    await client.closed();
  });

  it('echoes every Proxy-Info in order', async () => {
    const { connect } = await bench();
    const client = await connect();
    const proxies = ['a', 'b'].map((host) => avp('Proxy-Info', [avp('Proxy-Host', host), avp('Proxy-State', host)]));
    const answer = await client.ask(ccr({ sessionId: 's', more: proxies }));
    expect(allNamed(answer.avps, 'Proxy-Info').map((one) => one.data.toString('hex'))).toEqual(
      proxies.map((one) => one.data.toString('hex')),
    );
  });
});
