/**
 * The parts of a CCR that differ from OCS to OCS, as data: an AVP tree whose texts may hold placeholders. It is held
 * against the dictionary once, at start; what passes there cannot fail while charging.
 *
 * A leaf is a number, a text with `{placeholders}`, or `hex:` and octets. A placeholder alone in a numeric AVP is its number.
 */
import { isIP } from 'node:net';
import type { CcrRequest } from './ccr-request.ts';
import { fault, ok, type Result } from '../lib/result.ts';
import { entryNamed } from './dictionary/dictionary.ts';
import type { AvpType } from './dictionary/entries.ts';
import type { Field, FieldValue } from './message.ts';

export type LayoutValue = string | number | Layout;

/** AVPs by dictionary name, in order. */
export type Layout = readonly (readonly [name: string, value: LayoutValue])[];

/** What a placeholder may say of a charge. */
const PLACEHOLDERS: Readonly<Record<string, (charge: CcrRequest) => string>> = {
  msisdn: ({ msisdn }) => msisdn,
  orderId: ({ orderId }) => orderId,
  sessionId: ({ identity }) => identity.sessionId,
  serviceIdentifier: ({ serviceIdentifier }) => String(serviceIdentifier),
  action: ({ action }) => action,
  minor: ({ price }) => String(price.minor),
  currency: ({ price }) => price.currency,
};

const WIDE: readonly AvpType[] = ['Integer64', 'Unsigned64'];

/** The placeholders that are numbers, and the types that hold every value of theirs. */
const NUMERIC: Readonly<Record<string, readonly AvpType[]>> = {
  serviceIdentifier: ['Unsigned32', ...WIDE],
  minor: WIDE,
  msisdn: WIDE,
};

const PLACEHOLDER = /\{([^{}]*)\}/g;

type Write = (charge: CcrRequest) => FieldValue;

function fill(text: string, charge: CcrRequest): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => PLACEHOLDERS[name]?.(charge) ?? '');
}

function compileText(text: string): Result<Write, string> {
  const unknown = [...text.matchAll(PLACEHOLDER)].find(([, name = '']) => PLACEHOLDERS[name] === undefined);
  if (unknown !== undefined)
    return fault(`no placeholder ${unknown[0]}; there is ${Object.keys(PLACEHOLDERS).join(', ')}`);
  return ok((charge) => fill(text, charge));
}

function compileOctets(text: string): Result<Write, string> {
  if (!/^hex:([0-9a-f]{2})*$/i.test(text)) return fault('hex: wants pairs of hex digits');
  const octets = Buffer.from(text.slice(4), 'hex');
  return ok(() => octets);
}

const RANGES: Readonly<Partial<Record<AvpType, readonly [bigint, bigint]>>> = {
  Integer32: [-(2n ** 31n), 2n ** 31n - 1n],
  Unsigned32: [0n, 2n ** 32n - 1n],
  Time: [0n, 2n ** 32n - 1n],
  Integer64: [-(2n ** 63n), 2n ** 63n - 1n],
  Unsigned64: [0n, 2n ** 64n - 1n],
};

function written(text: string, type: AvpType): FieldValue {
  return WIDE.includes(type) ? BigInt(text) : Number(text);
}

function compilePlaceholder(text: string, type: AvpType): Result<Write, string> {
  const name = text.slice(1, -1);
  const read = PLACEHOLDERS[name];
  const fits = NUMERIC[name]?.includes(type) === true;
  return read !== undefined && fits
    ? ok((charge) => written(read(charge), type))
    : fault(`${text} does not fit ${type}`);
}

function compileNumber(text: string, type: AvpType): Result<Write, string> {
  if (/^\{.*\}$/.test(text)) return compilePlaceholder(text, type);
  if (!/^-?\d{1,20}$/.test(text)) return fault(`${type} wants a whole number`);
  const [lowest, highest] = RANGES[type] ?? [0n, 0n];
  const whole = BigInt(text);
  return whole < lowest || whole > highest ? fault(`beyond the range of ${type}`) : ok(() => written(text, type));
}

function compileLeaf(text: string, type: AvpType): Result<Write, string> {
  if (text.startsWith('hex:')) return compileOctets(text);
  if (RANGES[type] !== undefined) return compileNumber(text, type);
  if (type === 'IPAddress' && isIP(text) === 0) return fault('wants an IP address, or hex:');
  return compileText(text);
}

/** Members add their own faults; this gives back only what is wrong with the AVP itself. */
function compileAvp(name: string, value: LayoutValue, path: string, faults: string[]): Result<Write, string> {
  const type = entryNamed(name)?.type;
  if (type === undefined) return fault('no such AVP in the dictionary; code:vendor names any');
  if (typeof value !== 'object')
    return type === 'Grouped' ? fault('a group: wants a list') : compileLeaf(String(value), type);
  return type === 'Grouped' ? ok(compileAll(value, `${path}/`, faults)) : fault(`${type}, not a group`);
}

function compileAll(layout: Layout, path: string, faults: string[]): (charge: CcrRequest) => readonly Field[] {
  const writers = layout.flatMap(([name, value]) => {
    const compiled = compileAvp(name, value, `${path}${name}`, faults);
    if (compiled.ok) return [(charge: CcrRequest): Field => [name, compiled.value(charge)]];
    faults.push(`${path}${name}: ${compiled.fault}`);
    return [];
  });
  return (charge) => writers.map((write) => write(charge));
}

export interface CompiledLayout {
  readonly fields: (charge: CcrRequest) => readonly Field[];
  /** `path: what is wrong`, one for each fault; empty for a layout that may be used. */
  readonly faults: readonly string[];
}

export function compileLayout(layout: Layout): CompiledLayout {
  const faults: string[] = [];
  return { fields: compileAll(layout, '', faults), faults };
}
