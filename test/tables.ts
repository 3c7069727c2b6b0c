import type { Table } from '../src/lib/fsm.ts';

type AnyTable = Table<string, string, unknown>;

/** Every row of a table as "from -event-> to", sorted. */
export function rowsOf(table: AnyTable): readonly string[] {
  return Object.entries(table)
    .flatMap(([from, row]) => Object.entries(row).map(([event, cell]) => `${from} -${event}-> ${cell?.to ?? '?'}`))
    .sort();
}

/** The states that some chain of events leads to, the first one included; sorted. */
export function reachableFrom(table: AnyTable, first: string): readonly string[] {
  const seen = new Set([first]);
  for (const state of seen) for (const to of targetsOf(table, state)) seen.add(to);
  return [...seen].sort();
}

function targetsOf(table: AnyTable, state: string): readonly string[] {
  return Object.values(table[state] ?? {}).flatMap((cell) => (cell === undefined ? [] : [cell.to]));
}
