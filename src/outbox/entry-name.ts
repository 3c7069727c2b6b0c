import type { OutboxEntry } from '../flow/ports/outbox.ts';

/** Names an entry in every file that tells of it: `<partition>:<epoch ms>-<number>`. */
export function nameOf({ partition, id }: OutboxEntry): string {
  return `${partition}:${id}`;
}

/**
 * The first UTC day, `2026-11-30`, whose files may hold one of these entries: a record is never older than its entry. A clock
 * that was set back is no reason to miss a file of the day before.
 */
export function writtenFrom(names: readonly string[]): string {
  const first = names.reduce((least, name) => Math.min(least, writtenAt(name)), Number.MAX_SAFE_INTEGER);
  return new Date(Math.max(0, Math.min(first, LAST_TIME) - DAY)).toISOString().slice(0, 10);
}

const DAY = 86_400_000;
/** The last that a Date can hold. */
const LAST_TIME = 8.64e15;

function writtenAt(name: string): number {
  return Number(/:(\d+)-/.exec(name)?.[1] ?? '0');
}
