/** Uses that are limited within a sliding window, whichever process sees them. */
export interface Quotas {
  /** Counts one use, once per token while `sameFor` lasts; false, and nothing is counted, when the limit is used up. */
  take(name: string, token: string, quota: Quota): Promise<boolean>;
}

export interface Quota {
  readonly limit: number;
  /** Milliseconds. */
  readonly window: number;
  /** Milliseconds that a token means the same use; left out: the window. */
  readonly sameFor?: number;
}

/** Services that the OCS cannot rate (5031). */
export interface Ratings {
  /** Once more; true when this is what stops the service. */
  failed(serviceId: string): Promise<boolean>;
  /** It was rated after all: counts anew. */
  rated(serviceId: string): Promise<void>;
  /** Never rejects. */
  stopped(serviceId: string): Promise<boolean>;
}
