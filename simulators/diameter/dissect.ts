/** A message as plain JSON, AVPs by name, for logs and for a person's eye. */
import { commandName, definitionOf } from './dictionary.ts';
import { decodeAvps, M_BIT, type Avp } from './avp.ts';
import { E_BIT, P_BIT, R_BIT, T_BIT, type Header, type Message } from './message.ts';
import { shownValue } from './values.ts';

export interface DissectedAvp {
  readonly name: string;
  readonly code: number;
  readonly vendor?: number;
  readonly mandatory: boolean;
  readonly value: string | number | readonly DissectedAvp[];
}

export interface Dissected {
  readonly command: string;
  readonly application: number;
  /** R, P, E and T, those that are set. */
  readonly flags: string;
  readonly hopByHop: number;
  readonly endToEnd: number;
  readonly avps: readonly DissectedAvp[];
}

/** Deeper groups are shown as hex: a hostile message may nest further than a stack goes. */
const DEPTH = 16;

function dissectValue(a: Avp, grouped: boolean, depth: number): DissectedAvp['value'] {
  const inside = grouped && depth < DEPTH ? decodeAvps(a.data) : undefined;
  if (inside === undefined || 'kind' in inside) return shownValue(a);
  return inside.map((child) => dissectAvp(child, depth + 1));
}

function dissectAvp(a: Avp, depth: number): DissectedAvp {
  const definition = definitionOf(a.code, a.vendor);
  return {
    name: definition?.name ?? 'unknown',
    code: a.code,
    ...(a.vendor === 0 ? {} : { vendor: a.vendor }),
    mandatory: (a.flags & M_BIT) !== 0,
    value: dissectValue(a, definition?.type === 'Grouped', depth),
  };
}

const FLAGS = [
  ['R', R_BIT],
  ['P', P_BIT],
  ['E', E_BIT],
  ['T', T_BIT],
] as const;

export function dissectHeader(header: Header): Omit<Dissected, 'avps'> {
  return {
    command: commandName(header.command, (header.flags & R_BIT) !== 0),
    application: header.application,
    flags: FLAGS.filter(([, bit]) => (header.flags & bit) !== 0)
      .map(([letter]) => letter)
      .join(''),
    hopByHop: header.hopByHop,
    endToEnd: header.endToEnd,
  };
}

export function dissect(message: Message): Dissected {
  return { ...dissectHeader(message), avps: message.avps.map((a) => dissectAvp(a, 0)) };
}
