import type { Command } from './commands.ts';
import type { Tlv } from './tlv.ts';
import { tlvValue } from './tlv.ts';

export type FieldValue = number | string | Uint8Array;

/** One decoded PDU. `fields` holds the mandatory parameters under the standard's names. */
export interface Pdu {
  readonly command: Command;
  readonly status: number;
  readonly sequence: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly tlvs: readonly Tlv[];
}

export interface PduParts {
  readonly status?: number;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly tlvs?: readonly Tlv[];
}

export const pdu = (command: Command, sequence: number, parts: PduParts = {}): Pdu => ({
  command,
  sequence,
  status: parts.status ?? 0,
  fields: parts.fields ?? {},
  tlvs: parts.tlvs ?? [],
});

const EMPTY = new Uint8Array(0);

/** An absent field reads as its null value: 0, "" or no octets (SMPP 3.4 section 3.1). */
export function intField(of: Pdu, name: string): number {
  const value = of.fields[name];
  return typeof value === 'number' ? value : 0;
}

export function textField(of: Pdu, name: string): string {
  const value = of.fields[name];
  return typeof value === 'string' ? value : '';
}

export function octetsField(of: Pdu, name: string): Uint8Array {
  const value = of.fields[name];
  return value instanceof Uint8Array ? value : EMPTY;
}

export const tlvOf = (of: Pdu, tag: number): Tlv | undefined => of.tlvs.find((tlv) => tlv.tag === tag);

export function intTlv(of: Pdu, tag: number): number | undefined {
  const tlv = tlvOf(of, tag);
  const value = tlv === undefined ? undefined : tlvValue(tlv);
  return typeof value === 'number' ? value : undefined;
}
