import type { Table } from './table.ts';
import { createTable } from './table.ts';

/** One request that waits for its answer. `deadline` is monotonic milliseconds. */
export interface Waiting<Value> {
  readonly deadline: number;
  readonly value: Value;
}

/**
 * Requests in flight by their id. Nothing is ever forgotten: an entry leaves by `take` (its answer came), by `expire`
 * (its deadline passed) or by `drain` (the connection went), and each hands it back to the caller.
 */
export interface Pending<Key, Value> {
  readonly size: number;
  add(key: Key, value: Value, deadline: number): void;
  peek(key: Key): Value | undefined;
  take(key: Key): Value | undefined;
  /** All entries whose deadline is at or before `now`, oldest first; they are gone from the table. */
  expire(now: number): readonly Value[];
  /** Everything that waits, oldest first; the table is empty afterwards. */
  drain(): readonly Value[];
  /** The nearest deadline, or undefined when nothing waits. */
  next(): number | undefined;
}

export function createPending<Key, Value>(): Pending<Key, Value> {
  const waiting = createTable<Key, Waiting<Value>>();
  // One timeout for all is the rule: entries then lie in the order of their deadlines.
  let latest = -Infinity;
  let inOrder = true;

  return {
    get size() {
      return waiting.size;
    },
    add(key, value, deadline) {
      waiting.delete(key);
      inOrder = waiting.size === 0 || (inOrder && deadline >= latest);
      latest = deadline;
      waiting.set(key, { deadline, value });
    },
    peek: (key) => waiting.get(key)?.value,
    take(key) {
      const entry = waiting.get(key);
      waiting.delete(key);
      return entry?.value;
    },
    expire: (now) => removeWhere(waiting, (entry) => entry.deadline <= now),
    drain: () => removeWhere(waiting, () => true),
    next() {
      let nearest: number | undefined;
      for (const { deadline } of waiting.values()) {
        if (inOrder) return deadline;
        nearest = Math.min(nearest ?? deadline, deadline);
      }
      return nearest;
    },
  };
}

function removeWhere<Key, Value>(
  waiting: Table<Key, Waiting<Value>>,
  due: (entry: Waiting<Value>) => boolean,
): readonly Value[] {
  const gone: Value[] = [];
  for (const [key, entry] of waiting.entries()) {
    if (!due(entry)) continue;
    waiting.delete(key);
    gone.push(entry.value);
  }
  return gone;
}
