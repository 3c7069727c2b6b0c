import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { SchemaNode } from './schema.ts';
import type { Key, Path } from './tree.ts';
import { expectedKey, isRecord, keysOf, nodeAt, pathText, valueAt } from './tree.ts';

/** Why a config cannot be used. */
export interface ConfigFault {
  /** `smpp.links[0].port`, or empty when a whole file is at fault. */
  readonly path: string;
  /** `file:line:column`, or `env NAME`. */
  readonly where: string;
  /** What is wrong and what is expected; never a value from the file. */
  readonly text: string;
}

/** One line: `lab.yaml:14:11 smpp.links[0].port: ...`. */
export function faultText({ path, where, text }: ConfigFault): string {
  return `${where}${path === '' ? '' : ` ${path}`}: ${text}`;
}

/** What a fault needs to know beyond the issue. */
export interface Reading {
  readonly tree: SchemaNode;
  readonly raw: unknown;
  readonly locate: (path: Path, of?: 'key' | 'value') => string;
}

type Issue = z.core.$ZodIssue;

/** `meant`: the path of the key that an unknown one most likely stands for. */
interface ReadFault extends ConfigFault {
  readonly meant?: string;
}

const MISSING = 'is missing';

/** Type and length, never the value itself: it may be a secret that was put in the wrong place. */
export function shapeOf(value: unknown): string {
  if (value === undefined) return MISSING;
  if (value === null) return 'is empty';
  if (typeof value === 'string') return `is a text of ${count(value.length, 'character')}`;
  if (typeof value === 'number') return `is a number of ${count(String(value).length, 'character')}`;
  if (typeof value === 'boolean') return 'is true or false';
  if (Array.isArray(value)) return `is a list of ${count(value.length, 'entry', 'entries')}`;
  return `is a map of ${count(Object.keys(value).length, 'key')}`;
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** A missing key is not told again when an unknown key beside it is most likely its misspelling. */
export function faultsOf(issues: readonly Issue[], reading: Reading, base: Path = []): readonly ConfigFault[] {
  const found = issues.flatMap((issue) => faultsOfIssue(issue, reading, [...base, ...(issue.path as Key[])]));
  const meant = new Set(found.map((fault) => fault.meant));
  return found.filter(({ path, text }) => !(meant.has(path) && text.startsWith(MISSING)));
}

function faultsOfIssue(issue: Issue, reading: Reading, path: Path): readonly ReadFault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(reading, path, key));
  if (issue.code === 'invalid_key') return [wrongKey(reading, path)];
  if (issue.code === 'invalid_union') {
    const inner = closestBranch(issue.errors, valueAt(reading.raw, path));
    if (inner !== undefined) return faultsOf(inner, reading, path);
  }
  return [wrongValue(reading, path)];
}

/** Inside a union a map is judged by the branch that takes a map with the fewest complaints. */
function closestBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  if (!isRecord(value)) return undefined;
  const maps = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const least = Math.min(...maps.map((issues) => issues.length));
  const closest = maps.filter((issues) => issues.length === least);
  return closest.length === 1 ? closest[0] : undefined;
}

function unknownKey({ tree, raw, locate }: Reading, path: Path, key: string): ReadFault {
  const known = keysOf(nodeAt(tree, path) ?? {});
  const given = valueAt(raw, path);
  const free = known.filter((other) => !isRecord(given) || !(other in given));
  const meant = nearest(key, free);
  const advice = meant === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${meant}?`;
  const full = [...path, key];
  return {
    path: pathText(full),
    where: locate(full, 'key'),
    text: `unknown key (its value ${shapeOf(valueAt(raw, full))}); ${advice}`,
    ...(meant === undefined ? {} : { meant: pathText([...path, meant]) }),
  };
}

/** Its value may be right. */
function wrongKey({ tree, locate }: Reading, path: Path): ConfigFault {
  const expected = expectedKey(nodeAt(tree, path.slice(0, -1)) ?? {}) ?? 'another key';
  return {
    path: pathText(path),
    where: locate(path, 'key'),
    text: `is no key that can stand here; expected ${expected}`,
  };
}

function wrongValue({ tree, raw, locate }: Reading, path: Path): ConfigFault {
  const value = valueAt(raw, path);
  const node = nodeAt(tree, path) ?? {};
  return {
    path: pathText(path),
    where: locate(path),
    text: `${shapeOf(value)}; expected ${expectation(node)}${meantValue(node, value)}`,
  };
}

function expectation(node: SchemaNode): string {
  if (node.expected !== undefined) return node.expected;
  return node.properties === undefined ? 'a value' : `a map with ${Object.keys(node.properties).join(', ')}`;
}

/** For a value out of a short list, the entry that was most likely meant. */
function meantValue({ enum: names }: SchemaNode, value: unknown): string {
  const meant = names === undefined || typeof value !== 'string' ? undefined : nearest(value, names);
  return meant === undefined ? '' : ` (${meant} is the nearest)`;
}
