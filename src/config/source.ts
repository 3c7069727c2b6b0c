import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { ConfigFault } from './faults.ts';
import type { Key, Path } from './tree.ts';
import { utf8Of } from './utf8.ts';
import type { Yaml, YamlFault } from './yaml.ts';
import { readYaml } from './yaml.ts';

/** One YAML file and where its content stands in the whole config. */
export interface Source extends Yaml {
  readonly file: string;
  readonly prefix: Path;
}

/** A config or catalogue above this is a mistake, not a config. */
const LARGEST_FILE = 16 * 1024 * 1024;

export async function readSource(file: string, prefix: Path): Promise<Result<Source, readonly ConfigFault[]>> {
  const refuse = (text: string, where = shortName(file)) => fault([{ path: '', where, text }]);
  let octets: Buffer;
  try {
    octets = await readFile(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return refuse(`cannot be read (${why})`);
  }
  if (octets.length > LARGEST_FILE) return refuse('is larger than 16 MB');
  const content = utf8Of(octets);
  if (!content.ok) return refuse('is no UTF-8', `${shortName(file)}:${content.fault}`);
  const yaml = readYaml(content.value);
  if (yaml.ok) return ok({ file, prefix, ...yaml.value });
  return fault(yaml.fault.map((spot) => ({ path: '', where: placeText(file, spot), text: spot.text })));
}

/** A path in a config file is relative to the file that names it. */
export function besideFile(source: Source, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(source.file), path);
}

/** `file:line:column` of the value at `path`, or of the nearest thing above it that exists. */
export function locate(sources: readonly Source[], path: Path, of: 'key' | 'value' = 'value'): string {
  const source = owner(sources, path);
  if (source === undefined) return '';
  const way = wayDown(source.doc.contents, path.slice(source.prefix.length));
  const starts = way.flatMap(({ key, value }) => (of === 'key' ? [startOf(key)] : [startOf(value) ?? startOf(key)]));
  return place(source, starts.findLast((start) => start !== undefined) ?? 0);
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

/** What stands along `path`, as far as it exists. */
function wayDown(top: unknown, path: Path): readonly Entry[] {
  const way: Entry[] = [{ key: top, value: top }];
  for (const key of path) {
    const next = below(way.at(-1)?.value, key);
    if (next === undefined) break;
    way.push(next);
  }
  return way;
}

/** The source whose prefix is the longest beginning of `path`. */
export function owner(sources: readonly Source[], path: Path): Source | undefined {
  const owners = sources.filter(({ prefix }) => prefix.every((key, index) => path[index] === key));
  return owners.reduce<Source | undefined>(
    (best, next) => (best === undefined || next.prefix.length > best.prefix.length ? next : best),
    undefined,
  );
}

function below(node: unknown, key: Key): Entry | undefined {
  if (isSeq(node) && typeof key === 'number') {
    return node.items[key] === undefined ? undefined : { key: node.items[key], value: node.items[key] };
  }
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(key));
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}

function place({ file, lines }: Source, offset: number): string {
  return placeText(file, lines.linePos(offset));
}

function placeText(file: string, { line, col }: Pick<YamlFault, 'line' | 'col'>): string {
  return `${shortName(file)}:${line}:${col}`;
}

/** Relative where that is shorter: the name as it was most likely typed. */
function shortName(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}
