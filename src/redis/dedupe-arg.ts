import type { Dedupe } from '../flow/ports.ts';

/** What a step takes of the MO that caused it: how long a repeat is recognised, and what the outbox tells evidence of it. */
export interface DedupeArg {
  readonly dedupeWindow: number;
  /** Heard, as JSON. */
  readonly heard?: string;
}

export function dedupeArg({ window, heard }: Dedupe): DedupeArg {
  return { dedupeWindow: window, ...(heard === undefined ? {} : { heard: JSON.stringify(heard) }) };
}
