import { readFile } from 'node:fs/promises';
import type { Result } from '../../lib/result.ts';
import { fault, ok } from '../../lib/result.ts';
import type { ChargeRow, ChargesView } from '../../noc/charge-view.ts';
import type { Api, ApiFault } from '../api.ts';
import { get } from '../api.ts';
import type { Command, Shown } from '../command.ts';
import type { Bar, Progress } from '../progress.ts';
import type { Difference } from '../differences.ts';
import { differencesBetween, movedBySession } from '../differences.ts';
import type { OcsRow } from '../ocs-export.ts';
import { readOcsExport } from '../ocs-export.ts';
import { table } from '../table.ts';

/** How long before its charge an order may have been opened: the longest window, then the longest wait. */
const BEFORE = 3 * 86_400_000;

export const RECONCILE: Command = {
  usage: 'reconcile FILE',
  does: "compares an OCS's book (CSV or JSON lines: sessionId, at, debited, ...) with our orders; exit code 1 on differences",
  more: `FILE is what the OCS wrote of its debits and refunds. Columns that are needed: sessionId, at (ISO 8601), debited (minor
units, negative for a refund). Orders that the list no longer holds are asked for one by one, which may take a while; one of
them that was never debited cannot be found, so an export from before the list begins never counts as agreed.

exit codes
  0 both books agree   1 they differ, or our list does not reach back far enough to tell
  2 FILE cannot be read   3 no answer   4 the NOC wants a token`,
  run: async ({ api, args: [file = ''], progress }) => {
    const rows = await readRows(file);
    return rows.ok ? reconcile(api, rows.value, progress) : rows;
  },
};

async function readRows(file: string): Promise<Result<readonly OcsRow[], ApiFault>> {
  try {
    const rows = readOcsExport(await readFile(file, 'utf8'));
    return rows.ok ? rows : fault({ kind: 'misuse', text: `${file}: ${rows.fault}` });
  } catch (error) {
    return fault({ kind: 'misuse', text: error instanceof Error ? error.message : String(error) });
  }
}

async function reconcile(api: Api, rows: readonly OcsRow[], progress: Progress): Promise<Result<Shown, ApiFault>> {
  const times = rows.map(({ at }) => at);
  const first = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = times.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  if (rows.length === 0) return fault({ kind: 'misuse', text: 'the export has no rows' });
  const iso = (at: number): string => encodeURIComponent(new Date(at).toISOString());
  const since = first - BEFORE;
  const listed = await get<ChargesView>(api, `/api/v1/charges?from=${iso(since)}&to=${iso(last)}`);
  if (!listed.ok) return listed;
  const named = missing(rows, listed.value.charges);
  const others = await askEach(api, named, progress);
  if (!others.ok) return others;
  // An order that the index no longer lists is still found by the rows that name it, so nothing debited is missed.
  const charges = [...listed.value.charges, ...others.value];
  const differences = differencesBetween(rows, charges, { from: first, to: last });
  const from = Date.parse(listed.value.from);
  return ok(shown(differences, { rows: rows.length, charges: charges.length, from, since }));
}

/** The order that a Session-Id of ours names (RFC 8506 8.8: its optional part is the order id, a renewal's with its period). */
function orderIn(sessionId: string): string | undefined {
  return /;(\d{2,4}-[0-9a-z]{1,64}(?:-r\d{1,9})?)$/.exec(sessionId)?.[1];
}

/** Orders that moved money in the export and are not in the list. */
function missing(rows: readonly OcsRow[], listed: readonly ChargeRow[]): readonly string[] {
  const have = new Set(listed.map(({ order }) => order));
  const named = [...movedBySession(rows).keys()].map(orderIn);
  return [...new Set(named.filter((id) => id !== undefined && !have.has(id)))] as readonly string[];
}

async function askEach(
  api: Api,
  orders: readonly string[],
  progress: Progress,
): Promise<Result<readonly ChargeRow[], ApiFault>> {
  const found: ChargeRow[] = [];
  const bar = progress.begin(orders.length, 'older orders asked for');
  for (const id of orders) {
    const row = await get<ChargeRow>(api, `/api/v1/charges/${id}`);
    bar.step();
    if (row.ok) found.push(row.value);
    else if (row.fault.kind !== 'not-found') return ended(bar, row);
  }
  return ended(bar, ok(found));
}

function ended<Value>(bar: Bar, value: Value): Value {
  bar.end();
  return value;
}

interface Compared {
  readonly rows: number;
  readonly charges: number;
  /** Epoch ms: since when our orders are listed, and since when they must be for the two books to be compared whole. */
  readonly from: number;
  readonly since: number;
}

function shown(differences: readonly Difference[], { rows, charges, from, since }: Compared): Shown {
  const [begins, needed] = [from, since].map((at) => new Date(at).toISOString());
  const whole = from <= since;
  const head = `${rows} rows of the OCS, ${charges} charges of ours: ${differences.length} differences`;
  const short = `\nNOT WHOLE: orders opened before ${begins} are no longer listed, and ${needed} is needed: of those, only what was debited is compared`;
  const list = table(
    ['DIFFERENCE', 'ORDER', 'STATE', 'OURS', 'OCS', 'SESSION-ID'],
    differences.map(({ kind, order, state, ours, theirs, sessionId }) => [kind, order, state, ours, theirs, sessionId]),
  );
  const text = `${head}${whole ? '' : short}${differences.length === 0 ? '' : `\n\n${list}`}`;
  const data = { rows, charges, from: begins, since: needed, whole, differences };
  return { data, text, fine: whole && differences.length === 0 };
}
