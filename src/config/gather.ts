import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { Env } from './env.ts';
import { overrideFromEnv } from './env.ts';
import type { ConfigFault } from './faults.ts';
import type { SchemaNode } from './schema.ts';
import type { Source } from './source.ts';
import { besideFile, locate, readSource } from './source.ts';
import type { Key, Path } from './tree.ts';
import { isRecord, pathText, valueAt } from './tree.ts';

/** The main file with the files that it names put in their places, still unchecked. */
export interface Gathered {
  readonly raw: unknown;
  readonly sources: readonly Source[];
  /** Which variable of the environment stands behind which path, of those that may name a file. */
  readonly origins: ReadonlyMap<string, string>;
}

const FILE: SchemaNode = { properties: { file: {} } };

/** Where files are named: the environment may name others, before any is read. */
const NAMES: SchemaNode = {
  properties: {
    catalogue: FILE,
    policy: { properties: { profile: FILE } },
    ussd: { properties: { menu: FILE } },
    language: { properties: { files: { items: {} } } },
  },
};

export async function gather(file: string, env: Env): Promise<Result<Gathered, readonly ConfigFault[]>> {
  const main = await readSource(file, []);
  if (!main.ok) return main;
  // What names no file is a fault only of this small tree; the whole one judges it later.
  const { raw, origins } = overrideFromEnv(main.value.value, env, NAMES);
  const faults: ConfigFault[] = [];
  const sources: Source[] = [main.value];
  for (const [path, name] of includesOf(raw)) {
    const included = await readSource(besideFile(main.value, name), path);
    if (included.ok) sources.push(included.value);
    else {
      const variable = origins.get(pathText([...path, 'file'])) ?? origins.get(pathText(path));
      const named = variable === undefined ? locate([main.value], path) : `env ${variable}`;
      faults.push(...included.fault.map((why) => ({ ...why, path: pathText(path), where: placeOf(named, why) })));
    }
  }
  if (faults.length > 0) return fault(faults);
  const [, ...includes] = sources;
  return ok({ raw: includes.reduce((whole, { prefix, value }) => put(whole, prefix, value), raw), sources, origins });
}

/** A file that cannot be read is a fault of what names it, a line or a variable; broken YAML one of the file itself. */
function placeOf(named: string, { where, text }: ConfigFault): string {
  return text.startsWith('cannot be read') ? `${named} (${where})` : where;
}

/** `catalogue: { file: X }`, `policy.profile: { file: X }`, `ussd.menu: { file: X }` and the message files. */
function includesOf(raw: unknown): readonly (readonly [Path, string])[] {
  const single: readonly Path[] = [['catalogue'], ['policy', 'profile'], ['ussd', 'menu']];
  const named = single.flatMap((path) => {
    const value = valueAt(raw, path);
    const name = isRecord(value) && Object.keys(value).length === 1 ? value['file'] : undefined;
    return typeof name === 'string' ? [[path, name] as const] : [];
  });
  const files = valueAt(raw, ['language', 'files']);
  const messages = Array.isArray(files) ? (files as readonly unknown[]) : [];
  return [
    ...named,
    ...messages.flatMap((name, index) =>
      typeof name === 'string' ? [[['language', 'files', index], name] as const] : [],
    ),
  ];
}

function put(raw: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(raw)) return raw.map((entry: unknown, index) => (index === key ? put(entry, rest, value) : entry));
  return { ...(raw as Record<Key, unknown>), [key]: put((raw as Record<Key, unknown>)[key], rest, value) };
}
