import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** One row of an OCS's book that `reconcile` reads. */
export interface OcsRow {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly sessionId: string;
  readonly requestNumber: number;
  /** Minor units that left the balance by this row; negative when they came back. */
  readonly debited: number;
  /** ISO 4217; empty where the book names none. */
  readonly currency: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const NEEDED = ['sessionId', 'at', 'debited'] as const;

/**
 * An OCS's book as CSV (RFC 4180, with a line of column names) or as JSON lines. Columns are found by name, in any order,
 * others are ignored: sessionId, at (ISO 8601), debited (whole minor units; negative when they came back), and, where
 * there are such columns, requestNumber and currency. The fault names the line.
 */
export function readOcsExport(text: string): Result<readonly OcsRow[], string> {
  const body = text.replace(/^\ufeff/, '');
  const records = body.trimStart().startsWith('{') ? jsonLines(body) : csvRecords(body);
  if (!records.ok) return records;
  const rows: OcsRow[] = [];
  for (const { line, fields } of records.value) {
    const row = rowOf(line, fields);
    if (typeof row === 'string') return fault(`line ${line}: ${row}`);
    rows.push(row);
  }
  return ok(rows);
}

interface Found {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

function rowOf(line: number, fields: Found['fields']): OcsRow | string {
  const missing = NEEDED.find((name) => fields[name] === undefined || fields[name] === '');
  if (missing !== undefined) return `has no ${missing}`;
  const debited = wholeOf(fields['debited']);
  if (debited === undefined) return 'debited is no whole number of minor units';
  const at = Date.parse(textOf(fields['at']));
  if (Number.isNaN(at)) return 'at is no ISO 8601 time';
  return {
    line,
    sessionId: textOf(fields['sessionId']),
    requestNumber: wholeOf(fields['requestNumber'] ?? 0) ?? 0,
    debited,
    currency: textOf(fields['currency'] ?? ''),
    at,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A spreadsheet guard puts an apostrophe before a sign. */
function wholeOf(value: unknown): number | undefined {
  const text = textOf(value).replace(/^'/, '');
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

function jsonLines(text: string): Result<readonly Found[], string> {
  const records: Found[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fields = parsed(line);
    if (fields === undefined) return fault(`line ${index + 1}: is no JSON object`);
    records.push({ line: index + 1, fields });
  }
  return ok(records);
}

function parsed(line: string): Found['fields'] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Found['fields']) : undefined;
  } catch {
    return undefined;
  }
}

function csvRecords(text: string): Result<readonly Found[], string> {
  const [head, ...lines] = csvLines(text);
  const missing = NEEDED.find((name) => head?.cells.includes(name) !== true);
  if (head === undefined || missing !== undefined)
    return fault(`line 1: no column is called ${missing ?? NEEDED[0]}; columns needed are ${NEEDED.join(', ')}`);
  return ok(
    lines.map(({ line, cells }) => ({
      line,
      fields: Object.fromEntries(head.cells.map((name, column) => [name, cells[column]])),
    })),
  );
}

interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** One cell and what ends it: a comma, a line's end, or the end of the text. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;

function csvLines(text: string): readonly CsvLine[] {
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let line = 1;
  // A stray quote ends the reading: the cells that are missing then are told.
  for (const [whole, quoted, plain = '', end] of text.matchAll(CELL)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (cells.some((cell) => cell !== '')) lines.push({ line, cells });
    cells = [];
    line += whole.split('\n').length - 1;
  }
  return lines;
}
