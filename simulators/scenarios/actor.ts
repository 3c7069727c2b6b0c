/** Who plays, what is kept of it, and how a step is waited for. */
import type { Pattern, Script } from './step.ts';
import type { Stage } from './stage.ts';

/** One line of the transcript; `text` is what was seen, where something was. */
export interface Line {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly line: number;
  readonly told: string;
  readonly seen: string | undefined;
  readonly failed: string | undefined;
}

export interface Verdict {
  readonly name: string;
  readonly passed: boolean;
  /** Milliseconds. */
  readonly took: number;
  readonly lines: readonly Line[];
}

/** A step that did not come true. */
export class Unfulfilled extends Error {}

export interface Actor {
  readonly msisdn: string;
  lastHeard: number;
  /** Screens of USSD dialogues that were seen. */
  screensSeen: number;
  /** Ledger row and request id before the scenario. */
  readonly firstRow: number;
  readonly firstRequest: number;
}

export interface Play {
  readonly stage: Stage;
  readonly script: Script;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly kept: Map<string, string>;
  readonly started: number;
}

/** How often a ledger is read while it is waited for, milliseconds. */
const POLL_MS = 100;

export function actorOf(play: Play, name: string): Actor {
  const actor = play.actors.get(name);
  if (actor === undefined) throw new Unfulfilled(`no subscriber is called ${name}`);
  return actor;
}

/** `{name}` becomes what was kept under it, or that subscriber's number; `quote` guards it inside an expression. */
export function filled(play: Play, text: string, quote: (value: string) => string = (value) => value): string {
  return text.replace(/\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    const value = play.kept.get(name) ?? play.actors.get(name)?.msisdn;
    return value === undefined ? whole : quote(value);
  });
}

const quoted = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

export function fits(play: Play, pattern: Pattern, text: string): boolean {
  if (pattern.kind === 'part') return text.includes(filled(play, pattern.text));
  return new RegExp(filled(play, pattern.source, quoted), pattern.flags).test(text);
}

/** Keeps what the first group of each expression matches in `text`. */
export function keepFrom(play: Play, keep: Readonly<Record<string, string>>, text: string): void {
  for (const [name, source] of Object.entries(keep)) {
    const value = new RegExp(source).exec(text)?.[1];
    if (value === undefined) throw new Unfulfilled(`nothing in "${text}" fits ${source} for {${name}}`);
    play.kept.set(name, value);
  }
}

/** Reads until `check` says yes; a wrong end state is told as it was last seen. */
export async function until(
  play: Play,
  within: number,
  read: () => Promise<{ right: boolean; seen: string }>,
): Promise<string> {
  const end = play.stage.now() + within;
  for (;;) {
    const { right, seen } = await read();
    if (right) return seen;
    if (play.stage.now() >= end) throw new Unfulfilled(seen);
    await play.stage.sleep(POLL_MS);
  }
}
