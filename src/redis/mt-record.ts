import type { OwedMt } from '../domain/notice.ts';
import type { HeldMt } from '../flow/ports.ts';

/** An owed text as a step takes it. */
export interface OweArg {
  readonly id: string;
  readonly json: string;
}

export function oweArg(mt: OwedMt): OweArg {
  return { id: mt.id, json: JSON.stringify(mt) };
}

/** A text whose lease the step has just taken. */
export function justOwed(mt: OwedMt, fence: number, step: { readonly now: number; readonly leaseFor: number }): HeldMt {
  return { mt, lease: { fence, until: step.now + step.leaseFor }, waits: 0, silences: 0 };
}

/** The stored text; the step that counted a wrong answer left the tries beside it. */
export function mtFrom(fields: ReadonlyMap<string, string>): OwedMt | undefined {
  const json = fields.get('json');
  if (json === undefined) return undefined;
  // JSON leaves out what is undefined, and reads as the same.
  const mt = JSON.parse(json) as OwedMt;
  const triesLeft = fields.get('triesLeft');
  return triesLeft === undefined ? mt : withTriesLeft(mt, Number(triesLeft));
}

export function withTriesLeft(mt: OwedMt, triesLeft: number): OwedMt {
  return { ...mt, args: { ...mt.args, triesLeft } };
}
