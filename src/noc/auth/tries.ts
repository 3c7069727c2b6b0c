import { createRecent } from '../../lib/recent.ts';

export interface Limit {
  /** Failures that a key may have ... */
  readonly max: number;
  /** ... within so many milliseconds of the first. */
  readonly within: number;
}

/** What failed too often is not tried again for a while. */
export interface Tries {
  /** Counts a try as failed until it is known to be none, so that many at once are no way round; false where it may not be made. */
  begin(key: string, now: number): boolean;
  succeeded(key: string, now: number): void;
}

/** Keys whose failures are known: whoever has more of them to spend is held by other limits. */
const MOST = 10_000;

export function createTries({ max, within }: Limit): Tries {
  const known = createRecent<string, { readonly failed: number; readonly until: number }>(MOST);
  const at = (key: string, now: number) => {
    const one = known.get(key);
    return one !== undefined && one.until > now ? one : { failed: 0, until: now + within };
  };
  return {
    begin(key, now) {
      const { failed, until } = at(key, now);
      if (failed >= max) return false;
      known.set(key, { failed: failed + 1, until });
      return true;
    },
    succeeded(key, now) {
      const { failed, until } = at(key, now);
      known.set(key, { failed: Math.max(0, failed - 1), until });
    },
  };
}
