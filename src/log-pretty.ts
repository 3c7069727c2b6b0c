import { visible } from './domain/visible.ts';

/** Colours of ECMA-48 by level; a level that is not here is plain. */
const COLOURS: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 36, warn: 33, error: 31, fatal: 31 };

/** `12:34:56.789 INFO  order.opened order=03-… state=charging`: one JSON line of the log for a person's terminal. */
export function prettyLine(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const name = String(level);
  const clock = String(time).slice(11, 23);
  const facts = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `\u001b[90m${clock}\u001b[0m \u001b[${COLOURS[name] ?? 0}m${name.toUpperCase().padEnd(5)}\u001b[0m ${String(event)}${facts.join('')}\n`;
}

/** A peer may have written it: what would steer a terminal is only shown. */
function shown(value: unknown): string {
  const text = String(value);
  return visible(/[\s"=]/.test(text) ? JSON.stringify(text) : text);
}
