import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChargeRow } from '../domain/charge-row.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { dayOf } from '../outbox/cdr-files.ts';
import type { Cdr } from '../outbox/cdr-record.ts';
import { linesOf } from '../outbox/lines.ts';

export interface CdrCharges {
  readonly charges: readonly ChargeRow[];
  /** Epoch ms: the first midnight (UTC) since when there are files. */
  readonly from: number;
}

interface Kept {
  readonly entry: string;
  readonly row: ChargeRow;
}

/**
 * The charges that `wants`, as the CDR files of a folder tell them last, whichever instances wrote them. A record is written
 * after its charge was sent, so files of days before `since` (epoch ms) need no look. The fault names file and offset.
 */
export async function readCdrCharges(
  folder: string,
  since: number,
  wants: (row: ChargeRow) => boolean,
): Promise<Result<CdrCharges, string>> {
  const files = await cdrFiles(folder);
  if (!files.ok) return files;
  const last = new Map<string, Kept>();
  const firstDay = new Date(since).toISOString().slice(0, 10);
  const asked = files.value.filter(({ day }) => day >= firstDay);
  for await (const { place, cdr } of recordsIn(folder, asked)) {
    if (cdr === undefined) return fault(`${place}: is no CDR`);
    const row = rowOf(cdr);
    if (row !== undefined && wants(row)) keepNewer(last, { entry: cdr.entry, row });
  }
  const from = Date.parse(files.value[0]?.day ?? '');
  return ok({ charges: [...last.values()].map(({ row }) => row), from });
}

interface CdrFile {
  readonly name: string;
  /** `2026-11-30`, UTC. */
  readonly day: string;
}

/** Oldest first. */
async function cdrFiles(folder: string): Promise<Result<readonly CdrFile[], string>> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return fault(`${folder} cannot be read`);
  const files = names.flatMap((name) => {
    const day = dayOf(name);
    return day === undefined ? [] : [{ name, day }];
  });
  if (files.length === 0) return fault(`${folder} holds no CDR files (cdr-YYYY-MM-DD-INSTANCE.jsonl)`);
  return ok(files.sort((a, b) => a.day.localeCompare(b.day)));
}

/** A crash leaves half a line at the end of a file; its record comes again. */
async function* recordsIn(folder: string, files: readonly CdrFile[]) {
  for (const { name } of files) yield* recordsOf(join(folder, name));
}

async function* recordsOf(path: string) {
  for await (const { text, offset, whole } of linesOf(path))
    if (whole) yield { place: `${path}: at octet ${offset}`, cdr: parsed(text) };
}

function parsed(text: string | undefined): Cdr | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Cdr> | null;
    const isOne = typeof value?.entry === 'string' && typeof value.orderId === 'string' && 'sentAt' in value;
    return isOne ? (value as Cdr) : undefined;
  } catch {
    return undefined;
  }
}

/** undefined for an order that was never charged. */
function rowOf(cdr: Cdr): ChargeRow | undefined {
  if (cdr.sessionId === null || cdr.sentAt === null) return undefined;
  return {
    order: cdr.orderId,
    state: cdr.state,
    sessionId: cdr.sessionId,
    refundSessionId: cdr.refundSessionId ?? undefined,
    minor: cdr.price,
    currency: cdr.currency,
    sentAt: cdr.sentAt,
    refundSentAt: cdr.refundSentAt ?? undefined,
    free: cdr.free === true,
  };
}

function keepNewer(last: Map<string, Kept>, found: Kept): void {
  const known = last.get(found.row.order);
  if (known === undefined || isNewer(found.entry, known.entry)) last.set(found.row.order, found);
}

/** Entries of one order are of one stream: `partition:milliseconds-sequence`. */
function isNewer(entry: string, than: string): boolean {
  const [ms = 0, sequence = 0] = numbersOf(entry);
  const [otherMs = 0, otherSequence = 0] = numbersOf(than);
  return ms > otherMs || (ms === otherMs && sequence > otherSequence);
}

function numbersOf(entry: string): readonly number[] {
  return entry
    .slice(entry.indexOf(':') + 1)
    .split('-')
    .map(Number);
}
