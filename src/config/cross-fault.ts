import type { Path } from './tree.ts';

/** A fault between values that are each right by themselves. */
export interface CrossFault {
  readonly path: Path;
  readonly text: string;
}

/** Entries of a list whose name was used before. */
export function doubles(names: readonly string[], pathOf: (index: number) => Path): readonly CrossFault[] {
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    return first === index
      ? []
      : [{ path: pathOf(index), text: `is the same as entry ${first}; each must be its own` }];
  });
}

export function atMost(value: number, limit: number, path: Path, limitName: string): readonly CrossFault[] {
  return value <= limit ? [] : [{ path, text: `must not be longer than ${limitName}` }];
}
