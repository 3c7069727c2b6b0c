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
  const waiting = new Map<Key, Waiting<Value>>();

  function removeWhere(due: (entry: Waiting<Value>) => boolean): readonly Value[] {
    const gone: Value[] = [];
    for (const [key, entry] of waiting) {
      if (!due(entry)) continue;
      waiting.delete(key);
      gone.push(entry.value);
    }
    return gone;
  }

  return {
    get size() {
      return waiting.size;
    },
    add: (key, value, deadline) => void waiting.set(key, { deadline, value }),
    peek: (key) => waiting.get(key)?.value,
    take(key) {
      const entry = waiting.get(key);
      waiting.delete(key);
      return entry?.value;
    },
    expire: (now) => removeWhere((entry) => entry.deadline <= now),
    drain: () => removeWhere(() => true),
    next() {
      let nearest: number | undefined;
      for (const { deadline } of waiting.values()) {
        if (nearest === undefined || deadline < nearest) nearest = deadline;
      }
      return nearest;
    },
  };
}
