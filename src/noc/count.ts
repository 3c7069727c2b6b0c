import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

/** Values of one label that a peer can make up: after so many, the rest is counted together. */
const MOST_VALUES = 60;

/** Labels whose values config names: it bounds them itself, and alerts look for each. */
const NAMED_BY_CONFIG: readonly string[] = ['link', 'peer'];

/** A counter whose series are plain numbers; prom-client hears of them when somebody looks. */
export interface Count {
  /** Names of the labels, in the order in which `add` takes their values. */
  readonly labels: readonly string[];
  add(values: readonly string[]): void;
}

export interface CountShape {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Values of the labels of series that are there before anything was counted. */
  readonly begun?: readonly (readonly string[])[] | undefined;
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  value: number;
}

export function countOf(registry: Registry, { name, help, labels, begun: awaited = [] }: CountShape): Count {
  const series = new Map<string, Series>();
  const bounds = labels.map(createBound);
  const counter = new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      counter.reset();
      for (const each of series.values()) counter.inc(each.labels, each.value);
    },
  });

  function begun(values: readonly string[]): Series {
    const bounded = values.map((value, at) => bounds[at]?.(value) ?? value);
    const key = keyOf(bounded);
    const known = series.get(key);
    if (known !== undefined) return known;
    const made = { labels: Object.fromEntries(labels.map((label, at) => [label, bounded[at] ?? 'none'])), value: 0 };
    series.set(key, made);
    return made;
  }

  for (const values of awaited) begun(values);
  return {
    labels,
    add(values) {
      const one = series.get(keyOf(values)) ?? begun(values);
      one.value++;
    },
  };
}

function keyOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : values.join('\0');
}

/** The value itself, or `other` once there are too many that a peer could have made up. */
export function createBound(label: string): (value: string) => string {
  if (NAMED_BY_CONFIG.includes(label)) return (value) => value;
  const seen = new Set<string>();
  return (value) => {
    if (seen.size < MOST_VALUES) seen.add(value);
    return seen.has(value) ? value : 'other';
  };
}
