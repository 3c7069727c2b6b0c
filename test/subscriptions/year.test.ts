import { expect, it } from 'vitest';
import { useBench, useServer } from '../redis/support.ts';
import { kes, RedisWorld } from './world.ts';

const server = useServer();
const bench = useBench(server);

const AMINA = '254700000001';
const BARAKA = '254700000002';
const CHANDRA = '254700000003';

/** A minor amount as texts and ledger lines name it. */
const AMOUNT = /KES (\d+\.\d\d)/;

/**
 * A year of three subscribers, told by the wall clock of their zone: month ends, both time changes, a balance that is too low
 * with grace, pause and recovery, a price that rises, STOP, and a service that is sold no more.
 */
it('lives a year: the OCS and the texts agree line by line', async () => {
  const w = await RedisWorld.over(bench.handle, '2026-01-31T07:30:00Z');
  w.names.set(AMINA, 'Amina').set(BARAKA, 'Baraka').set(CHANDRA, 'Chandra');
  w.sell('news', { period: 'month', price: kes(5000) });
  w.sell('film', { period: 'week', charge: 'event', price: kes(1200) });

  await w.says('NEWS', AMINA);
  await w.until('2026-03-20T12:00:00Z');
  await w.says('FILM', BARAKA);
  await w.until('2026-05-02T12:00:00Z');
  w.tell('--   Baraka spends everything');
  w.balances.set(BARAKA, 100);
  await w.until('2026-05-08T14:00:00Z');
  w.tell('--   Baraka tops up within the grace, for one week');
  w.balances.set(BARAKA, 1300);
  await w.until('2026-05-17T12:00:00Z');
  w.tell('--   Baraka tops up after the pause');
  w.balances.set(BARAKA, 100_000);
  await w.until('2026-06-10T12:00:00Z');
  await w.says('LIST', AMINA);
  w.tell('--   The price of Daily News rises to KES 60.00');
  w.sell('news', { price: kes(6000) });
  await w.until('2026-08-01T12:00:00Z');
  await w.says('STOP FILM', BARAKA);
  await w.says('FILM', CHANDRA);
  await w.until('2026-08-15T12:00:00Z');
  w.tell('--   Chandra has no money any more');
  w.balances.set(CHANDRA, 0);
  await w.until('2026-11-01T12:00:00Z');
  w.tell('--   Daily News becomes cheaper: KES 40.00');
  w.sell('news', { price: kes(4000) });
  await w.until('2027-01-15T12:00:00Z');
  w.tell('--   Daily News is sold no more');
  w.withdraw('news');
  await w.until('2027-02-28T12:00:00Z');
  await w.says('LIST', AMINA);

  await expect(`${w.lines.join('\n')}\n`).toMatchFileSnapshot('../golden/year.txt');
  expect(agreement(w.lines)).toEqual([]);
  const debits = [...w.ocs.ledger.values()];
  expect(debits.reduce((sum, minor) => sum + minor, 0)).toBe(w.ocs.paid);
  expect(new Set(w.ocs.ledger.keys()).size).toBe(debits.length);
});

/** Each debit is followed by the one text that tells its subscriber the same amount, and no such text has no debit. */
function agreement(lines: readonly string[]): readonly string[] {
  const debits = lines.filter((line) => /OCS {2}debit .*: 2001$/.test(line));
  const receipts = lines.filter((line) => /is ordered:|is renewed:|is on again:/.test(line));
  const facts = (line: string): string => {
    const who = /of (\w+), period|-> (\w+) /.exec(line);
    return `${line.slice(0, 19)} ${who?.[1] ?? who?.[2] ?? '?'} ${AMOUNT.exec(line)?.[1] ?? '?'}`;
  };
  const [paid, told] = [debits.map(facts), receipts.map(facts)];
  return [...paid.filter((one) => !told.includes(one)), ...told.filter((one) => !paid.includes(one))];
}
