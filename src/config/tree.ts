import type { SchemaNode } from './schema.ts';

export type Key = string | number;
export type Path = readonly Key[];

/** `smpp.links[0].port` */
export function pathText(path: Path): string {
  return path.reduce<string>((sofar, key) => {
    if (typeof key === 'number') return `${sofar}[${key}]`;
    return sofar === '' ? key : `${sofar}.${key}`;
  }, '');
}

/** The node and, for a union, its branches. */
function branches(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branches)];
}

/** Keys that may stand below `node`. */
export function keysOf(node: SchemaNode): readonly string[] {
  return [...new Set(branches(node).flatMap((branch) => Object.keys(branch.properties ?? {})))];
}

/** What the keys of a map with names of one's own must be. */
export function expectedKey(node: SchemaNode): string | undefined {
  return branches(node).find(({ propertyNames }) => propertyNames?.expected !== undefined)?.propertyNames?.expected;
}

export function childOf(node: SchemaNode, key: Key): SchemaNode | undefined {
  for (const branch of branches(node)) {
    const child = typeof key === 'number' ? branch.items : (branch.properties?.[key] ?? recordValue(branch));
    if (child !== undefined) return child;
  }
  return undefined;
}

function recordValue({ additionalProperties }: SchemaNode): SchemaNode | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

export function nodeAt(root: SchemaNode, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const key of path) node = node === undefined ? undefined : childOf(node, key);
  return node;
}

/** Whether a plain text may stand here, so that an env override is not read as YAML. */
export function takesText(node: SchemaNode): boolean {
  return branches(node).some(({ type }) => type === 'string');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path)
    value = isRecord(value) || Array.isArray(value) ? (value as Record<Key, unknown>)[key] : undefined;
  return value;
}
