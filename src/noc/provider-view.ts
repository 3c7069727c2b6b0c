/** One provider as the NOC sees it. */
export interface ProviderSummary {
  readonly id: string;
  readonly name: string;
  readonly services: number;
  /** Undefined while it is unknown (E18). */
  readonly score: number | undefined;
  readonly band: string | undefined;
  readonly interaction: string | undefined;
  readonly reading: 'known' | 'stale' | 'unknown';
  readonly suspended: SuspendedView | undefined;
  /** By its fall into a band whose consequence is `service-suspended`; `until` is epoch milliseconds. */
  readonly suspendedServices: readonly { readonly service: string; readonly until: number }[];
}

export interface SuspendedView {
  readonly by: 'config' | 'person';
  readonly who?: string;
  readonly why?: string;
  readonly at?: number;
}

export interface LedgerLine {
  readonly id: string;
  readonly points: number;
  readonly reason: string;
  readonly who: string;
  readonly evidence: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly expiresAt: number | undefined;
}

export interface ProviderBook {
  readonly summary: ProviderSummary;
  readonly startingPoints: number;
  readonly bands: readonly { readonly name: string; readonly from: number; readonly interaction: string }[];
  /** Newest first. */
  readonly entries: readonly LedgerLine[];
}

export interface ScoreAt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly score: number;
}

/** The score from `from` to `now`: one point wherever it changed, the ends included. Entries count from `at` until `expiresAt`. */
export function scoreHistory(book: ProviderBook, from: number, now: number): readonly ScoreAt[] {
  const { entries, startingPoints } = book;
  const turns = entries.flatMap(({ at, expiresAt }) => (expiresAt === undefined ? [at] : [at, expiresAt]));
  const times = [...new Set([from, ...turns.filter((at) => at > from && at < now), now])].sort((a, b) => a - b);
  return times.map((at) => ({ at, score: scoreAt(entries, startingPoints, at) }));
}

function scoreAt(entries: readonly LedgerLine[], startingPoints: number, time: number): number {
  const live = entries.filter(({ at, expiresAt }) => at <= time && (expiresAt === undefined || expiresAt > time));
  const sum = live.reduce((points, entry) => points + entry.points, startingPoints);
  return Math.max(0, Math.min(100, sum));
}
