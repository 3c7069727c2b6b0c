import type { Dedupe } from '../flow/ports/ports.ts';

/** What a step takes of the MO that caused it: how long a repeat is recognised, and what the outbox tells evidence of it. */
export interface DedupeArg {
  readonly dedupeWindow: number;
  readonly byWords?: true;
  readonly since?: number;
  /** Heard, as JSON. */
  readonly heard?: string;
}

export function dedupeArg({ window, heard, byWords, since }: Dedupe): DedupeArg {
  return {
    dedupeWindow: window,
    ...(byWords === true ? { byWords } : {}),
    ...(since === undefined ? {} : { since }),
    ...(heard === undefined ? {} : { heard: JSON.stringify(heard) }),
  };
}
