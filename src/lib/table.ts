/** The part of a Map that a table of what is in flight needs. */
export interface Table<Key, Value> {
  readonly size: number;
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  /** Oldest first; what is deleted meanwhile may still come. */
  values(): Iterable<Value>;
  entries(): Iterable<readonly [Key, Value]>;
}

/** Deleted keys, as a multiple of those that are left and besides, after which the Map is made anew. */
const TIMES = 2;
const BESIDES = 64;

/**
 * A Map for values that come and go, made anew now and then. V8 links each inner table that a Map has outgrown to the next: one that
 * reached the old generation keeps all later ones, and what they held, until a full collection, which a daemon hardly ever
 * makes. With a thousand in flight every young collection copied four times as much (docs/adr/0032).
 */
export function createTable<Key, Value>(): Table<Key, Value> {
  let map = new Map<Key, Value>();
  let deleted = 0;
  return {
    get size() {
      return map.size;
    },
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    delete(key) {
      if (!map.delete(key)) return;
      deleted += 1;
      if (deleted <= TIMES * map.size + BESIDES) return;
      map = new Map(map);
      deleted = 0;
    },
    values: () => map.values(),
    entries: () => map.entries(),
  };
}
