import type { ConfigFault } from './faults.ts';
import { nearest } from './nearest.ts';
import type { SchemaNode } from './schema.ts';
import type { Key, Path } from './tree.ts';
import { childOf, isRecord, keysOf, pathText, takesText, valueAt } from './tree.ts';
import { readYaml } from './yaml.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ORDERD_';

/** What the environment put over the files: the new raw config, and which variable stands behind which path. */
export interface Overridden {
  readonly raw: unknown;
  readonly origins: ReadonlyMap<string, string>;
  readonly faults: readonly ConfigFault[];
}

/**
 * `ORDERD_SMPP__LINKS__0__PASSWORD=x` sets `smpp.links[0].password`: a double underscore goes one level down, single
 * ones and case do not count. Variables without a double underscore are taken only when they name a section as a whole
 * (`ORDERD_REDIS=embedded`), because container platforms set others of that form. `REDIS_URL` sets `redis.url`.
 */
export function overrideFromEnv(raw: unknown, env: Env, tree: SchemaNode): Overridden {
  const origins = new Map<string, string>();
  const faults: ConfigFault[] = [];
  let changed = raw;
  for (const [variable, value] of variablesOf(env, tree)) {
    const found = pathOf(variable, changed, tree);
    if (found.kind === 'unknown') {
      faults.push({ path: found.path, where: `env ${variable}`, text: found.text });
      continue;
    }
    origins.set(pathText(found.path), variable);
    changed = withValue(changed, found.path, coerce(value, found.node));
  }
  return { raw: changed, origins, faults };
}

function variablesOf(env: Env, tree: SchemaNode): readonly (readonly [string, string])[] {
  const whole = new Set(keysOf(tree).map((key) => `${PREFIX}${key.toUpperCase()}`));
  const url = env['REDIS_URL'];
  const own = Object.entries(env).flatMap(([variable, value]) =>
    value !== undefined && variable.startsWith(PREFIX) && (variable.includes('__') || whole.has(variable))
      ? [[variable, value] as const]
      : [],
  );
  own.sort(([left], [right]) => (left < right ? -1 : 1));
  return url === undefined || url === '' ? own : [['REDIS_URL', url], ...own];
}

type Found =
  | { readonly kind: 'found'; readonly path: Path; readonly node: SchemaNode }
  | { readonly kind: 'unknown'; readonly path: string; readonly text: string };

function pathOf(variable: string, raw: unknown, tree: SchemaNode): Found {
  const segments = variable === 'REDIS_URL' ? ['redis', 'url'] : variable.slice(PREFIX.length).split('__');
  let node = tree;
  const path: Key[] = [];
  for (const segment of segments) {
    const key = keyFor(segment, node, valueAt(raw, path));
    const child = key === undefined ? undefined : childOf(node, key);
    if (key === undefined || child === undefined) {
      const text = `has no part for ${segment}; ${adviceFor(segment, node, valueAt(raw, path))}`;
      return { kind: 'unknown', path: pathText(path), text };
    }
    path.push(key);
    node = child;
  }
  return { kind: 'found', path, node };
}

function adviceFor(segment: string, node: SchemaNode, given: unknown): string {
  if (childOf(node, 0) !== undefined)
    return `it is a list, whose next entry is ${Array.isArray(given) ? given.length : 0}`;
  const known = keysOf(node);
  if (known.length === 0) return 'it has no parts at all';
  const meant = nearest(segment.replaceAll('_', ''), known);
  return meant === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${meant}?`;
}

function keyFor(segment: string, node: SchemaNode, given: unknown): Key | undefined {
  if (/^\d{1,4}$/.test(segment) && childOf(node, 0) !== undefined) {
    const index = Number(segment);
    return index <= (Array.isArray(given) ? given.length : 0) ? index : undefined;
  }
  const folded = segment.replaceAll('_', '').toLowerCase();
  const names = [...keysOf(node), ...(isRecord(given) ? Object.keys(given) : [])];
  const known = names.find((name) => name.replaceAll(/[_-]/g, '').toLowerCase() === folded);
  return known ?? (childOf(node, '') === undefined ? undefined : segment.toLowerCase());
}

/** Text where text may stand (a password of digits stays text), YAML elsewhere. */
function coerce(value: string, node: SchemaNode): unknown {
  if (takesText(node)) return value;
  const yaml = readYaml(value);
  return yaml.ok ? yaml.value.value : value;
}

function withValue(raw: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list: unknown[] = Array.isArray(raw) ? [...(raw as unknown[])] : [];
    list[key] = withValue(list[key], rest, value);
    return list;
  }
  const map = isRecord(raw) ? raw : {};
  return { ...map, [key]: withValue(map[key], rest, value) };
}
