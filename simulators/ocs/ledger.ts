/** The OCS's own book: one row per Credit-Control-Request that reached credit control, repeats among them. */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { LedgerAction } from './outcome.ts';
import type { RequestType } from './request.ts';

export interface LedgerRow {
  /** Counts from 1. */
  readonly row: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly sessionId: string;
  readonly requestNumber: number;
  readonly requestType: RequestType;
  readonly action: LedgerAction;
  readonly msisdn: string;
  readonly service: string;
  /** Minor units asked for. */
  readonly amount: number;
  /** Minor units that left the balance by this row; negative when they came back; 0 for refusals and repeats. */
  readonly debited: number;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Minor units; none where the subscriber is unknown. */
  readonly balanceAfter: number | null;
  readonly endToEnd: number;
  readonly originHost: string;
  /** The T bit of the request. */
  readonly retransmit: boolean;
  /** Result-Code answered. */
  readonly result: number;
  /** Row of the request that this one repeats; absent where it is the first. */
  readonly duplicateOf?: number;
}

/** Debits per Session-Id, for audits: `doubled` says that one CC-Request-Number was debited more than once. */
export interface SessionDebits {
  readonly sessionId: string;
  readonly msisdn: string;
  readonly debits: number;
  readonly debited: number;
  readonly refunds: number;
  readonly refunded: number;
  readonly doubled: boolean;
}

export interface Ledger {
  append(row: Omit<LedgerRow, 'row'>): LedgerRow;
  rows(): readonly LedgerRow[];
  debits(): readonly SessionDebits[];
  /** Every row ever written, one JSON object per line. */
  jsonLines(): string;
  csv(): string;
  close(): void;
}

const COLUMNS: readonly (keyof LedgerRow)[] = [
  'row',
  'at',
  'sessionId',
  'requestNumber',
  'requestType',
  'action',
  'msisdn',
  'service',
  'amount',
  'debited',
  'currency',
  'balanceAfter',
  'endToEnd',
  'originHost',
  'retransmit',
  'result',
  'duplicateOf',
];

/** RFC 4180. Text that a spreadsheet would run as a formula gets a leading apostrophe: a peer chooses its Session-Id. */
function csvField(value: LedgerRow[keyof LedgerRow] | null): string {
  const text = typeof value === 'string' ? value.replace(/^(?=[=+\-@\t\r])/, "'") : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (row: LedgerRow): string => COLUMNS.map((column) => csvField(row[column])).join(',');

interface Tally {
  readonly shown: SessionDebits;
  /** Request numbers that moved money. */
  readonly moved: Set<number>;
}

function tallied(before: Tally | undefined, row: LedgerRow): Tally {
  const moved = before?.moved ?? new Set<number>();
  const old = before?.shown ?? { ...NO_DEBITS, sessionId: row.sessionId, msisdn: row.msisdn };
  const doubled = old.doubled || moved.has(row.requestNumber);
  moved.add(row.requestNumber);
  const shown =
    row.debited > 0
      ? { ...old, doubled, debits: old.debits + 1, debited: old.debited + row.debited }
      : { ...old, doubled, refunds: old.refunds + 1, refunded: old.refunded - row.debited };
  return { shown, moved };
}

const NO_DEBITS = { debits: 0, debited: 0, refunds: 0, refunded: 0, doubled: false };

/** Rows kept in memory where no file keeps them all. */
const KEPT_ROWS = 200_000;

/** Rows of a ledger file that an earlier run left. */
function readRows(file: string): LedgerRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LedgerRow);
}

/** Opens for appending; a last line that a kill cut short is taken off, so that the next row starts a line. */
function openAtLineEnd(file: string): number {
  if (existsSync(file)) truncateSync(file, readFileSync(file).lastIndexOf(0x0a) + 1);
  return openSync(file, 'a');
}

/**
 * Opens the book. With `file` each row is appended to it at once (one write(2), no fsync), and rows that an earlier run
 * left there count too. Throws what open(2) throws.
 */
export function openLedger(file: string | undefined): Ledger {
  const tallies = new Map<string, Tally>();
  let last = 0;
  const fd = file === undefined ? undefined : openAtLineEnd(file);
  const kept = file === undefined ? [] : readRows(file);

  function count(row: LedgerRow): void {
    last = Math.max(last, row.row);
    if (row.debited !== 0) tallies.set(row.sessionId, tallied(tallies.get(row.sessionId), row));
  }
  for (const row of kept) count(row);

  const all = (): readonly LedgerRow[] => (file === undefined ? kept : readRows(file));

  return {
    append: (entry) => {
      const row: LedgerRow = { row: last + 1, ...entry };
      count(row);
      kept.push(row);
      if (kept.length > KEPT_ROWS) kept.shift();
      if (fd !== undefined) writeSync(fd, `${JSON.stringify(row)}\n`);
      return row;
    },
    rows: () => kept,
    debits: () => [...tallies.values()].map(({ shown }) => shown),
    jsonLines: () =>
      all()
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    csv: () => [COLUMNS.join(','), ...all().map(csvLine)].map((line) => `${line}\r\n`).join(''),
    close: () => {
      if (fd !== undefined) closeSync(fd);
    },
  };
}
