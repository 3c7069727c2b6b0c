/** Something that happens, and who wants to hear of it. */
export interface Topic<T> {
  tell(value: T): void;
  /** Gives back how to stop listening. */
  on(listener: (value: T) => void): () => void;
  readonly isHeard: () => boolean;
}

export function topic<T>(): Topic<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    tell: (value) => [...listeners].forEach((listener) => listener(value)),
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isHeard: () => listeners.size > 0,
  };
}
