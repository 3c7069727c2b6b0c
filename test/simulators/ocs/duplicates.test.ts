import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../simulators/diameter/message.ts';
import { bench, resultOf, settled } from './bench.ts';
import { ccr, P, R, T, type CcrParts } from './client.ts';

interface Repeat {
  readonly session: number;
  readonly retransmit: boolean;
  readonly origin: string;
  readonly connection: number;
  readonly waitMs: number;
}

const repeats = fc.array(
  fc.record({
    session: fc.integer({ min: 0, max: 3 }),
    retransmit: fc.boolean(),
    origin: fc.constantFrom('a.lab.example', 'b.lab.example'),
    connection: fc.integer({ min: 0, max: 1 }),
    waitMs: fc.integer({ min: 0, max: 3000 }),
  }),
  { minLength: 1, maxLength: 20 },
);

const request = (repeat: Repeat): CcrParts => ({
  sessionId: `s;${repeat.session}`,
  origin: repeat.origin,
  flags: R | P | (repeat.retransmit ? T : 0),
});

describe('duplicate detection by Session-Id + CC-Request-Number', () => {
  it('any order and number of repeats, by any connection, host and T bit, under any fault: at most one debit each', async () => {
    const actions = ['delay', 'late', 'hold', 'silence', 'duplicate', 'split'] as const;
    await fc.assert(
      fc.asyncProperty(repeats, fc.array(fc.constantFrom(...actions), { maxLength: 5 }), async (list, faults) => {
        const { ocs, clock, connect } = await bench();
        const clients = [await connect(), await connect()];
        for (const action of faults) {
          const debit = action === 'silence' ? { debit: true } : {};
          ocs.faults.add({ action, delayMs: 1000, count: 1, skip: 1, ...debit });
        }
        for (const repeat of list) {
          const client = clients[repeat.connection]!;
          client.send(ccr(request(repeat)));
          await settled(client);
          clock.advance(repeat.waitMs);
        }
        clock.advance(10_000);
        const sessions = new Set(list.map((one) => one.session));
        expect(ocs.ledger.debits().every((one) => one.debits === 1 && !one.doubled)).toBe(true);
        expect(ocs.ledger.debits().length).toBe(sessions.size);
        for (const client of clients) client.end();
        await ocs.close();
      }),
      { numRuns: 40 },
    );
  });

  it('a repeat hears the first answer, whatever a rule forces for what is new', async () => {
    const { ocs, connect } = await bench();
    const one = await connect();
    await one.ask(ccr({ sessionId: 's;1' }));
    ocs.faults.add({ action: 'result', resultCode: 4012, count: 2 });
    expect(resultOf(await one.ask(ccr({ sessionId: 's;1', flags: R | P | T })))).toBe(2001);
    expect(resultOf(await one.ask(ccr({ sessionId: 's;2' })))).toBe(4012);
  });

  it('a repeat hears the first answer, its own ids aside, and is booked as duplicateOf', async () => {
    const { ocs, connect } = await bench();
    const [one, two] = [await connect(), await connect()];
    const first = await one.ask(ccr({ sessionId: 's;1' }));
    ocs.accounts.set('254700000001', { balance: 0n });
    const again = await two.ask(ccr({ sessionId: 's;1', flags: R | P | T, origin: 'other.lab.example' }));
    const ids = { hopByHop: 0, endToEnd: 0 };
    expect(encodeMessage({ ...again, ...ids }).toString('hex')).toBe(
      encodeMessage({ ...first, ...ids }).toString('hex'),
    );
    expect(again.hopByHop).not.toBe(first.hopByHop);
    expect(ocs.ledger.rows()).toMatchObject([
      { row: 1, debited: 5000, retransmit: false },
      { row: 2, debited: 0, retransmit: true, duplicateOf: 1, originHost: 'other.lab.example' },
    ]);
  });

  it('a refusal is remembered too: a repeat after a top-up still hears 4012', async () => {
    const { ocs, connect } = await bench({ defaultBalance: 0 });
    const client = await connect();
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(4012);
    ocs.accounts.set('254700000001', { balance: 90_000n });
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1' })))).toBe(4012);
    expect(resultOf(await client.ask(ccr({ sessionId: 's;2' })))).toBe(2001);
  });

  it('a repeat waits while the first is still being decided', async () => {
    const { ocs, clock, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'delay', delayMs: 11_000, count: 1 });
    client.send(ccr({ sessionId: 's;1' }));
    client.send(ccr({ sessionId: 's;1', flags: R | P | T }));
    expect(await settled(client)).toEqual([]);
    expect(ocs.ledger.rows()).toEqual([]);
    clock.advance(11_000);
    expect([resultOf(await client.next()), resultOf(await client.next())]).toEqual([2001, 2001]);
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1 }]);
  });

  it('the resend may arrive before the first', async () => {
    const { ocs, clock, connect } = await bench();
    const client = await connect();
    ocs.faults.add({ action: 'hold', delayMs: 5000, count: 1 });
    client.send(ccr({ sessionId: 's;1' }));
    expect(resultOf(await client.ask(ccr({ sessionId: 's;1', flags: R | P | T })))).toBe(2001);
    clock.advance(5000);
    expect(resultOf(await client.next())).toBe(2001);
    expect(ocs.ledger.rows().map((row) => [row.retransmit, row.debited, row.duplicateOf])).toEqual([
      [true, 5000, undefined],
      [false, 0, 1],
    ]);
  });

  it('another CC-Request-Number or session is another request', async () => {
    const { ocs, connect } = await bench();
    const client = await connect();
    for (const parts of [{ sessionId: 's;1' }, { sessionId: 's;1', number: 1 }, { sessionId: 's;2' }])
      await client.ask(ccr(parts));
    expect(ocs.ledger.debits().map((one) => one.debits)).toEqual([2, 1]);
    expect(ocs.ledger.debits().some((one) => one.doubled)).toBe(false);
  });

  it('remembers for as long as its memory says, and no longer (E4)', async () => {
    const { ocs, clock, connect } = await bench({ dedupeMemoryMs: 60_000 });
    const client = await connect();
    await client.ask(ccr({ sessionId: 's;1' }));
    clock.advance(59_999);
    await client.ask(ccr({ sessionId: 's;1', flags: R | P | T }));
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 1, doubled: false }]);
    clock.advance(1);
    await client.ask(ccr({ sessionId: 's;1', flags: R | P | T }));
    expect(ocs.ledger.debits()).toMatchObject([{ debits: 2, doubled: true }]);
  });

  it('without detection every repeat is debited, and the ledger shows it', async () => {
    const { ocs, connect } = await bench({ dedupe: false });
    const client = await connect();
    for (let n = 0; n < 3; n += 1) await client.ask(ccr({ sessionId: 's;1', flags: n === 0 ? R | P : R | P | T }));
    expect(ocs.ledger.debits()).toMatchObject([{ sessionId: 's;1', debits: 3, debited: 15_000, doubled: true }]);
    expect(ocs.accounts.get('254700000001')?.balance).toBe(85_000n);
  });
});
