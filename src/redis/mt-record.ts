import type { OwedMt } from '../domain/notice.ts';
import type { HeldMt } from '../flow/ports/ports.ts';

/** An owed text as a step takes it. */
export interface OweArg {
  readonly id: string;
  readonly json: string;
}

export function oweArg(mt: OwedMt): OweArg {
  return { id: mt.id, json: JSON.stringify(mt) };
}

/** Epoch milliseconds, and for how many milliseconds a lease is taken. */
export interface Times {
  readonly now: number;
  readonly leaseFor: number;
}

/** A text whose lease the step has just taken. */
export function justOwed(mt: OwedMt, fence: number, { now, leaseFor }: Times): HeldMt {
  return { mt, lease: { fence, until: now + leaseFor }, waits: 0, silences: 0 };
}

/** The stored text. Beside it: the tries that a wrong answer left, and how long it is worth since a person said it again. */
export function mtFrom(fields: ReadonlyMap<string, string>): OwedMt | undefined {
  const json = fields.get('json');
  if (json === undefined) return undefined;
  // JSON leaves out what is undefined, and reads as the same.
  const stored = JSON.parse(json) as OwedMt;
  const notAfter = fields.get('notAfter');
  const mt = notAfter === undefined ? stored : { ...stored, notAfter: Number(notAfter) };
  const triesLeft = fields.get('triesLeft');
  return triesLeft === undefined ? mt : withTriesLeft(mt, Number(triesLeft));
}

export function withTriesLeft(mt: OwedMt, triesLeft: number): OwedMt {
  return { ...mt, args: { ...mt.args, triesLeft } };
}
