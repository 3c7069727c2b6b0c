import type { Reply } from './scripts.ts';

/** The numbers that the Lua steps return, mirrored once; each file's header tells the rest of its reply. */
export const OPEN = { opened: 1, repeat: 2, already: 3, overCap: 4, stopped: 5 } as const;
export const ANSWER = {
  passed: 1,
  wrong: 2,
  locked: 3,
  late: 4,
  moved: 5,
  repeat: 6,
  overCap: 7,
  codeOver: 8,
  already: 9,
} as const;
export const END = { ended: 1, moved: 2, repeat: 3 } as const;
export const NEW_CODE = { renewed: 1, moved: 2, repeat: 3 } as const;
/** `more`, of record-charge alone: a renewal is under way that the step does not name. */
export const RECORD = { recorded: 1, repeat: 2, more: 3 } as const;
/** Steps that either did it or did not: take, permit, owe, stop, remember-choice. */
export const DONE = 1;
/** stop-services: orders or subscriptions are within its reach that the step does not name. */
export const STOP_MORE = 3;
/** accept-mt and record-receipt: a part of the text will never arrive. */
export const UNDELIVERED = 2;

/** The reply of a step that returns `{code, ...}`. */
export interface Parts {
  readonly code: number;
  number(index: number): number;
  text(index: number): string;
  /** A HGETALL reply inside the list. */
  fields(index: number): ReadonlyMap<string, string>;
}

export function partsOf(reply: Reply): Parts {
  const list: readonly Reply[] = Array.isArray(reply) ? (reply as readonly Reply[]) : [reply];
  return {
    code: Number(list[0]),
    number: (index) => Number(list[index]),
    text: (index) => String(list[index]),
    fields: (index) => fieldsOf(list[index] as readonly string[]),
  };
}

export function fieldsOf(flat: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  return fields;
}
