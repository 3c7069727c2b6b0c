/** The rows of the bench: which system, under which load. */
import { join } from 'node:path';
import { kannelSystem } from './kannel.ts';
import type { Stock } from './kept.ts';
import type { System } from './system.ts';
import { echoSystem } from './system.ts';
import { startOrderd } from './orderd.ts';

export type Fsync = 'always' | 'everysec';

export interface RowPlan {
  /** `b/always/1000`: the row, what is particular, and its load. */
  readonly name: string;
  readonly row: string;
  /** Flags of the load. */
  readonly flags: readonly string[];
  readonly start: (nodeFlags: readonly string[]) => Promise<System>;
}

export interface Wanted {
  readonly rows: readonly string[];
  readonly windows: readonly number[];
  readonly rates: readonly number[];
  readonly fsyncs: readonly Fsync[];
  readonly processes: readonly number[];
  readonly kept: readonly number[];
  readonly live: readonly number[];
  readonly folder: string;
}

/** What the rows' subscribers do; a row that is not here does what (b) does. */
const MIXES: Readonly<Record<string, readonly string[]>> = {
  b: ['--mix', 'notice'],
  c: ['--mix', 'otp'],
  d: ['--mix', 'notice', '--throttle', '5', '--ocs-silent', '1', '--linger', '60s'],
  e: ['--mix', 'ussd'],
};

interface Load {
  readonly name: string;
  readonly flags: readonly string[];
  readonly width: number;
}

function loadsOf({ windows, rates }: Wanted): readonly Load[] {
  return [
    ...windows.map((size) => ({ name: String(size), flags: ['--window', String(size)], width: size })),
    // An open loop is bound by nobody's window.
    ...rates.map((rate) => ({ name: `${rate}/s`, flags: ['--rate', String(rate)], width: 1000 })),
  ];
}

/** Every row under every load, in the order in which one round plays them. */
export function plansOf(wanted: Wanted): readonly RowPlan[] {
  return wanted.rows.flatMap((row) => loadsOf(wanted).flatMap((load) => plansOfRow(row, load, wanted)));
}

function plansOfRow(row: string, load: Load, wanted: Wanted): readonly RowPlan[] {
  const flags = [...load.flags, ...(MIXES[row] ?? [])];
  if (row === 'f')
    return (['none', 'file'] as const).map((store) => ({
      name: `f/store ${store}/${load.name}`,
      row,
      flags,
      start: () => Promise.resolve(kannelSystem({ folder: join(wanted.folder, 'kannel'), store, window: load.width })),
    }));
  if (row === 'a') return [{ name: `a/${load.name}`, row, flags, start: () => Promise.resolve(echoSystem()) }];
  if (MIXES[row] === undefined) throw new RangeError(`there is no row ${row}`);
  return orderdPlans(row, load, flags, wanted);
}

function orderdPlans(row: string, load: Load, flags: readonly string[], wanted: Wanted): readonly RowPlan[] {
  const { fsyncs, processes: counts, folder } = wanted;
  const stocks = wanted.kept.flatMap((kept) => wanted.live.map((live) => ({ kept, live })));
  const all = fsyncs.flatMap((appendfsync) =>
    counts.flatMap((processes) => stocks.map((stock) => ({ appendfsync, processes, stock }))),
  );
  return all.map((each) => ({
    name: [row, each.appendfsync, ...particulars(each), load.name].join('/'),
    row,
    flags,
    start: (nodeFlags) => startOrderd({ ...each, folder, window: load.width, nodeFlags, env: {} }),
  }));
}

interface Particulars {
  readonly processes: number;
  readonly stock: Stock;
}

function particulars({ processes, stock: { kept, live } }: Particulars): readonly string[] {
  const one = (shown: boolean, text: string): readonly string[] => (shown ? [text] : []);
  return [
    ...one(processes !== 1, `${processes} processes`),
    ...one(kept > 0, `${kept} kept`),
    ...one(live > 0, `${live} open`),
  ];
}
