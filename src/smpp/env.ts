import type { Clock } from '../lib/clock.ts';
import type { NoteFields } from '../lib/note.ts';
import type { SmppEvent } from './events.ts';

/** What the adapter takes from outside: time, randomness (`n` octets) and where notes go. */
export interface SmppEnv {
  readonly clock: Clock;
  readonly random: (n: number) => Uint8Array;
  readonly note: (event: SmppEvent, fields?: NoteFields) => void;
}

/** 0 up to, not including, 1. */
export function chanceOf(env: SmppEnv): number {
  const [high = 0, low = 0] = env.random(2);
  return (high * 256 + low) / 65536;
}
