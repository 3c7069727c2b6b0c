import { describe, expect, it } from 'vitest';
import { avp, children, first, numberOf, textOf } from '../../../simulators/diameter/values.ts';
import { createFaults, type FaultInput } from '../../../simulators/ocs/faults.ts';
import { bench, moneyIn, resultOf, settled } from './bench.ts';
import { asked, ccr, FROM, MSISDN, openClient, P, R, request, T } from './client.ts';

const RESEND = { sessionId: 's;1', flags: R | P | T };

describe('fault rules on a CCR', () => {
  it.each([
    [{ action: 'silence' }, 0],
    [{ action: 'silence', debit: true }, 5000],
    [{ action: 'garbage' }, 0],
    [{ action: 'strange-id', debit: true }, 5000],
  ] as const)(
    '%j: no answer that counts, %i debited; the resend is answered and debited once',
    async (rule, debited) => {
      const { ocs, connect } = await bench();
      const client = await connect();
      ocs.faults.add({ ...rule, count: 1 });
      client.send(ccr({ sessionId: 's;1' }));
      if (rule.action === 'garbage') await new Promise((resolve) => client.socket.once('data', resolve));
      else await settled(client);
      expect(ocs.accounts.get(MSISDN)?.balance ?? 100_000n).toBe(100_000n - BigInt(debited));
      expect(ocs.requests.list()).toMatchObject([{ sessionId: 's;1', fault: rule.action }]);
      const again = await connect();
      expect(resultOf(await again.ask(ccr(RESEND)))).toBe(2001);
      expect(ocs.ledger.debits()).toMatchObject([{ debits: 1 }]);
    },
  );

  it.each([false, true])('drop: the connection goes, debited before: %s', async (debit) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'drop', debit, count: 1 });
    client.send(ccr({ sessionId: 's;1' }));
    await client.closed();
    expect(ocs.ledger.debits().length).toBe(debit ? 1 : 0);
    expect(resultOf(await (await connect()).ask(ccr(RESEND)))).toBe(2001);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1 }]);
  });

  it('late: debited at once, answered after delayMs, although a resend was answered before', async () => {
    const { ocs, clock, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'late', delayMs: 11_000, count: 1 });
    const original = ccr({ sessionId: 's;1' });
    client.send(original);
    expect(await settled(client)).toEqual([]);
    expect(ocs.ledger.debits().length).toBe(1);
    expect(resultOf(await client.ask(ccr(RESEND)))).toBe(2001);
    clock.advance(11_000);
    expect((await client.next()).hopByHop).toBe(original.hopByHop);
  });

  it('duplicate: the answer comes twice', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'duplicate', count: 1 });
    client.send(ccr({ sessionId: 's;1' }));
    const [one, two] = await settled(client);
    expect(two).toEqual(one);
  });

  it('split: the same answer, octet by octet', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    let reads = 0;
    client.socket.on('data', () => (reads += 1));
    ocs.faults.add({ action: 'split', count: 1 });
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(2001);
    expect(reads).toBeGreaterThan(1);
  });

  it.each([4010, 4011, 4012, 5012, 5030, 5031])(
    'result %i without a debit, remembered for the repeat',
    async (resultCode) => {
      const { ocs, connect } = await bench();
      const client = await connect();
      ocs.faults.add({ action: 'result', resultCode, count: 1 });
      expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(resultCode);
      expect(resultOf(await client.ask(ccr(RESEND)))).toBe(resultCode);
      expect(ocs.ledger.rows()).toMatchObject([{ result: resultCode, debited: 0 }, { duplicateOf: 1 }]);
    },
  );

  it.each([3002, 3004])('result %i has the E bit and is forgotten: the next one counts', async (resultCode) => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'result', resultCode, count: 1 });
    const busy = await client.ask(ccr({ sessionId: 's;1' }));
    expect([resultOf(busy), busy.flags & 0x20]).toEqual([resultCode, 0x20]);
    expect(ocs.ledger.rows()).toEqual([]);
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(2001);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1 }]);
  });

  it('result with debit: the wire lies, the ledger does not, the repeat hears the truth', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'result', resultCode: 3004, debit: true, count: 1 });
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(3004);
    expect(ocs.ledger.rows()).toMatchObject([{ result: 2001, debited: 5000 }]);
    expect(resultOf(await client.ask(ccr(RESEND)))).toBe(2001);
  });

  it('Experimental-Result instead of Result-Code', async () => {
    const { ocs, connect } = await bench();
    ocs.faults.add({ action: 'result', experimental: { vendorId: 10_415, resultCode: 4998 } });
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1' }));
    const group = children(first(answer.avps, 'Experimental-Result'));
    expect([resultOf(answer), numberOf(group, 'Vendor-Id'), numberOf(group, 'Experimental-Result-Code')]).toEqual([
      undefined,
      10_415,
      4998,
    ]);
  });

  it.each([0, 1200])('grant: %i minor units instead of 5000, and no more is debited', async (units) => {
    const { ocs, connect } = await bench();
    ocs.faults.add({ action: 'grant', units });
    const client = await connect();
    expect(moneyIn(await client.ask(ccr({ sessionId: 's;1' })), 'Granted-Service-Unit')).toBe(`${units}E-2 404`);
    expect(ocs.accounts.get(MSISDN)?.balance).toBe(100_000n - BigInt(units));
  });

  it('grant: counted units, and a request without any', async () => {
    const { ocs, connect } = await bench({ unitPrice: 100 });
    ocs.faults.add({ action: 'grant', units: 2 });
    const client = await connect();
    const counted = await client.ask(ccr({ sessionId: 's;1', units: [asked(avp('CC-Time', 30))] }));
    expect(numberOf(children(first(counted.avps, 'Granted-Service-Unit')), 'CC-Time')).toBe(2);
    expect(resultOf(await client.ask(ccr({ sessionId: 's;2', units: [] })))).toBe(2001);
    expect(ocs.ledger.rows().map((row) => row.debited)).toEqual([200, 100]);
  });

  it.each([false, true])('unknown-avp with M: %s', async (mandatory) => {
    const { ocs, connect } = await bench();
    ocs.faults.add({ action: 'unknown-avp', mandatory });
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1' }));
    expect(answer.avps.find((one) => one.vendor === 99_999)?.flags).toBe(mandatory ? 0xc0 : 0x80);
    expect(resultOf(answer)).toBe(2001);
  });

  it('avps: failure handling, failover, Final-Unit-Indication and raw ones, as written', async () => {
    const { ocs, connect } = await bench();
    ocs.faults.add({
      action: 'avps',
      avps: [
        { name: 'Credit-Control-Failure-Handling', value: 1 },
        { name: 'Direct-Debiting-Failure-Handling', value: 1 },
        { name: 'CC-Session-Failover', value: 1 },
        { name: 'Final-Unit-Indication', value: [{ name: 'Final-Unit-Action', value: 0 }] },
        { name: 'Result-Code', value: 2002 },
        { code: 5, vendor: 77, value: '0xc0ffee' },
      ],
    });
    const answer = await (await connect()).ask(ccr({ sessionId: 's;1' }));
    expect(answer.avps.slice(-6).map((one) => `${one.vendor}/${one.code} ${one.data.toString('hex')}`)).toEqual([
      '0/427 00000001',
      '0/428 00000001',
      '0/418 00000001',
      '0/430 000001c14000000c00000000',
      '0/268 000007d2',
      '77/5 c0ffee',
    ]);
    expect(resultOf(answer)).toBe(2002);
  });

  it('origin-host: answers as another, and takes requests addressed to it', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'origin-host', originHost: 'ocs2.lab.example', count: 1 });
    expect(textOf((await client.ask(ccr({ sessionId: 's;1' }))).avps, 'Origin-Host')).toBe('ocs2.lab.example');
    expect(
      resultOf(await client.ask(ccr({ sessionId: 's;2', more: [avp('Destination-Host', 'OCS2.lab.example')] }))),
    ).toBe(2001);
  });

  it('dpr: says BUSY, then still answers, and closes after the DPA', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'dpr', cause: 1, count: 1 });
    client.send(ccr({ sessionId: 's;1' }));
    const dpr = await client.next();
    expect([dpr.command, numberOf(dpr.avps, 'Disconnect-Cause'), resultOf(await client.next())]).toEqual([
      282, 1, 2001,
    ]);
    client.send({ ...dpr, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
    await client.closed();
  });
});

describe('fault rules on the base protocol', () => {
  it('a watchdog left unanswered', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'silence', command: 'DWR', count: 1 });
    client.send(request(280, 0, FROM));
    const second = request(280, 0, FROM);
    expect((await client.ask(second)).hopByHop).toBe(second.hopByHop);
  });

  it('a CER refused', async () => {
    const { ocs, dial } = await bench();
    ocs.faults.add({ action: 'result', command: 'CER', resultCode: 3010, count: 1 });
    const client = await dial();
    const { cer } = await import('./client.ts');
    expect(resultOf(await client.ask(cer()))).toBe(3010);
    await client.closed();
  });
});

describe('which requests a rule strikes', () => {
  it('matches subscriber, kind, action, T and peer; skips, counts, and is gone', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    ocs.faults.add({
      action: 'result',
      resultCode: 5012,
      matchMsisdn: '254711',
      matchRequestType: 'EVENT',
      matchAction: 'DIRECT_DEBITING',
      matchRetransmit: false,
      matchPeer: 'orderd.lab.example',
      skip: 1,
      count: 1,
    });
    const ask = async (parts: object): Promise<number | undefined> =>
      resultOf(await client.ask(ccr({ sessionId: `s;${Math.random()}`, msisdn: '254711', ...parts })));
    const results = [
      await ask({ msisdn: '254712' }),
      await ask({ type: 1 }),
      await ask({ action: 2 }),
      await ask({ flags: R | T }),
      await ask({ origin: 'x.lab.example' }),
      await ask({}), // skipped
      await ask({}), // struck
      await ask({}), // gone
    ];
    expect(results).toEqual([2001, 2001, 2001, 2001, 2001, 2001, 5012, 2001]);
    expect(ocs.faults.list()).toEqual([]);
  });

  it('chance comes from the given generator', () => {
    const numbers = [0.4, 0.6];
    const faults = createFaults(() => numbers.shift() ?? 1);
    faults.add({ action: 'silence', chance: 0.5 });
    const subject = { command: 'CCR', originHost: 'a' } as const;
    expect([faults.strike(subject)?.action, faults.strike(subject)?.action]).toEqual(['silence', undefined]);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown action', { action: 'explode' }, /action/],
    ['an unknown field', { action: 'silence', foo: 1 }, /foo/],
    ['delay without delayMs', { action: 'delay' }, /delayMs/],
    ['debit where it means nothing', { action: 'late', delayMs: 1, debit: false }, /debit/],
    ['result without a code', { action: 'result' }, /resultCode/],
    ['an AVP nobody knows', { action: 'avps', avps: [{ name: 'Nonsense', value: 1 }] }, /Nonsense/],
    ['a value of the wrong type', { action: 'avps', avps: [{ name: 'Result-Code', value: 'x' }] }, /Result-Code/],
  ])('refuses %s', (_what, rule, message) => {
    expect(() => createFaults(() => 0).add(rule as FaultInput)).toThrow(message);
  });
});

describe('taking the OCS away', () => {
  it('cuts connections, refuses new ones, and is back on the same port with its memory', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    await client.ask(ccr({ sessionId: 's;1' }));
    const { diameter } = ocs.ports;
    await ocs.stopListening();
    await client.closed();
    await expect(openClient(diameter)).rejects.toThrow('ECONNREFUSED');
    await ocs.listen();
    expect(ocs.ports.diameter).toBe(diameter);
    expect(resultOf(await (await connect()).ask(ccr(RESEND)))).toBe(2001);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1 }]);
  });
});
