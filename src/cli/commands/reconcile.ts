import { readFile } from 'node:fs/promises';
import type { ChargeRow } from '../../domain/charge-row.ts';
import { reasonOf } from '../../lib/reason.ts';
import type { Result } from '../../lib/result.ts';
import { fault, ok } from '../../lib/result.ts';
import type { Api, ApiFault } from '../api.ts';
import { get } from '../api.ts';
import type { Asked, Command, Shown } from '../command.ts';
import type { Bar, Progress } from '../progress.ts';
import type { Difference } from '../differences.ts';
import { differencesBetween, movedBySession } from '../differences.ts';
import type { OcsRow } from '../ocs-export.ts';
import { readOcsExport } from '../ocs-export.ts';
import { listedCharges, writtenCharges } from '../our-charges.ts';
import type { OurCharges } from '../our-charges.ts';
import { table } from '../table.ts';

export const RECONCILE: Command = {
  usage: 'reconcile FILE',
  does: "compares an OCS's book (CSV or JSON lines: sessionId, at, debited, ...) with our orders; exit code 1 on differences",
  options: {
    cdr: {
      value: 'DIR',
      does: 'CDR files of all instances as our book: whole at any volume; else the list of the newest orders',
    },
  },
  more: `FILE is what the OCS wrote of its debits and refunds. Columns that are needed: sessionId, at (ISO 8601), debited (minor
units, negative for a refund). What was sent before its first row or after its last is not missed in it. Orders that our book
does not hold are asked for one by one, which may take a while: with --cdr those that are under way, else those that the list
no longer holds. One of them that was never debited cannot be found, so an export from before our book begins never counts as
agreed. A renewal that was tried for weeks may be older than the list: --cdr finds it always. CDR files are whole up to now once no
outbox is behind (orderctl outbox).

exit codes
  0 both books agree   1 they differ, or our book does not reach back far enough to tell
  2 FILE or DIR cannot be read   3 no answer   4 the NOC wants a token`,
  run: async (asked) => {
    const rows = await readRows(asked.args[0] ?? '');
    return rows.ok ? reconcile(rows.value, asked) : rows;
  },
};

async function readRows(file: string): Promise<Result<readonly OcsRow[], ApiFault>> {
  try {
    const rows = readOcsExport(await readFile(file, 'utf8'));
    return rows.ok ? rows : fault({ kind: 'misuse', text: `${file}: ${rows.fault}` });
  } catch (error) {
    return fault({ kind: 'misuse', text: reasonOf(error) });
  }
}

async function reconcile(rows: readonly OcsRow[], { api, options, progress }: Asked): Promise<Result<Shown, ApiFault>> {
  const times = rows.map(({ at }) => at);
  const from = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  if (rows.length === 0) return fault({ kind: 'misuse', text: 'the export has no rows' });
  const { cdr } = options;
  const moved = movedBySession(rows);
  const ours = await (cdr === undefined ? listedCharges(api, { from, to }) : writtenCharges(cdr, { from, to }, moved));
  if (!ours.ok) return ours;
  const others = await askEach(api, missing(moved, ours.value.charges), progress);
  if (!others.ok) return others;
  // An order that our book lacks is still found by the rows that name it, so nothing debited is missed.
  const charges = [...ours.value.charges, ...others.value];
  return ok(shown(differencesBetween(rows, charges, { from, to }), rows.length, { ...ours.value, charges }));
}

/** The order that a Session-Id of ours names (RFC 8506 8.8: its optional part is the order id, a renewal's with its period). */
function orderIn(sessionId: string): string | undefined {
  return /;(\d{2,4}-[0-9a-z]{1,64}(?:-r\d{1,9})?)$/.exec(sessionId)?.[1];
}

/** Orders that moved money in the export and are not in our book. */
function missing(moved: ReadonlyMap<string, unknown>, ours: readonly ChargeRow[]): readonly string[] {
  const have = new Set(ours.map(({ order }) => order));
  const named = [...moved.keys()].map(orderIn);
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

function shown(differences: readonly Difference[], rows: number, { charges, from, since, begins }: OurCharges): Shown {
  const [first, needed] = [from, since].map((at) => new Date(at).toISOString()) as [string, string];
  const whole = from <= since;
  const head = `${rows} rows of the OCS, ${charges.length} charges of ours: ${differences.length} differences`;
  const short = `\nNOT WHOLE: ${begins(first)}, and ${needed} is needed: of those, only what was debited is compared`;
  const list = table(
    ['DIFFERENCE', 'ORDER', 'STATE', 'OURS', 'OCS', 'SESSION-ID'],
    differences.map(({ kind, order, state, ours, theirs, sessionId }) => [kind, order, state, ours, theirs, sessionId]),
  );
  const text = `${head}${whole ? '' : short}${differences.length === 0 ? '' : `\n\n${list}`}`;
  const data = { rows, charges: charges.length, from: first, since: needed, whole, differences };
  return { data, text, fine: whole && differences.length === 0 };
}
