import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, type LedgerRow } from '../../../simulators/ocs/ledger.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  file = join(folder, 'l.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

const row = (changes: Partial<LedgerRow>): Omit<LedgerRow, 'row'> => ({
  at: '2026-01-02T03:04:05.000Z',
  sessionId: 's;1',
  requestNumber: 0,
  requestType: 'EVENT',
  action: 'DIRECT_DEBITING',
  msisdn: '254700000001',
  service: '42',
  amount: 100,
  debited: 100,
  currency: 'KES',
  balanceAfter: 900,
  endToEnd: 1,
  originHost: 'a',
  retransmit: false,
  result: 2001,
  ...changes,
});

describe('the ledger', () => {
  it('goes on where an earlier run ended, a line cut short by a kill left out', () => {
    const before = openLedger(file);
    before.append(row({}));
    before.close();
    appendFileSync(file, '{"row":2,"at":"2026');
    const after = openLedger(file);
    expect(after.append(row({ retransmit: true })).row).toBe(2);
    expect(after.debits()).toMatchObject([{ debits: 2, doubled: true }]);
    after.close();
    expect(
      openLedger(file)
        .rows()
        .map((one) => one.row),
    ).toEqual([1, 2]);
  });

  it('tells a refund of the same number twice as doubled, and a debit with its own refund not', () => {
    const ledger = openLedger(undefined);
    ledger.append(row({ sessionId: 'd' }));
    ledger.append(row({ sessionId: 'r', action: 'REFUND_ACCOUNT', debited: -100 }));
    expect(ledger.debits().map((one) => one.doubled)).toEqual([false, false]);
    ledger.append(row({ sessionId: 'r', action: 'REFUND_ACCOUNT', debited: -100 }));
    expect(ledger.debits()).toMatchObject([{ debits: 1 }, { refunds: 2, refunded: 200, doubled: true }]);
  });

  it('CSV quotes what it must and disarms what a spreadsheet would run', () => {
    const ledger = openLedger(undefined);
    ledger.append(row({ sessionId: 'a,"b"', originHost: '=cmd()', balanceAfter: null }));
    const [head, line] = ledger.csv().split('\r\n');
    expect(head).toBe(
      'row,at,sessionId,requestNumber,requestType,action,msisdn,service,amount,debited,currency,balanceAfter,endToEnd,originHost,retransmit,result,duplicateOf',
    );
    expect(line).toBe(
      `1,2026-01-02T03:04:05.000Z,"a,""b""",0,EVENT,DIRECT_DEBITING,254700000001,42,100,100,KES,,1,'=cmd(),false,2001,`,
    );
  });

  it('is on disk before close', () => {
    openLedger(file).append(row({}));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ row: 1, sessionId: 's;1' });
  });
});
