// What an account may send: PDUs per second by a token bucket. Time is an argument.

export interface Bucket {
  /** Takes one token; false when there is none. */
  take(now: number): boolean;
  /** Share of the bucket in use, 0 to 100: the congestion_state of SMPP 5.0 section 4.8.4.18. */
  congestion(now: number): number;
}

/** `rate` tokens a second, one second's worth kept; 0 is without limit. `now` in ms. */
export function bucket(rate: number): Bucket {
  let tokens = rate;
  let last = 0;
  const fill = (now: number): void => {
    tokens = last === 0 ? rate : Math.min(rate, tokens + ((now - last) / 1000) * rate);
    last = now;
  };
  return {
    take(now) {
      if (rate === 0) return true;
      fill(now);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    congestion(now) {
      if (rate === 0) return 0;
      fill(now);
      return Math.round(((rate - tokens) / rate) * 100);
    },
  };
}

/** One bucket per account, made when first asked for. */
export interface Allowance {
  of(account: string): Bucket;
  /** From now on so many a second; every account begins anew. */
  set(rate: number): void;
}

export function buckets(first: number): Allowance {
  let rate = first;
  const byAccount = new Map<string, Bucket>();
  return {
    of(account) {
      const known = byAccount.get(account) ?? bucket(rate);
      byAccount.set(account, known);
      return known;
    },
    set(next) {
      rate = next;
      byAccount.clear();
    },
  };
}
