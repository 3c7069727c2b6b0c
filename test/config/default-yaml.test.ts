import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import type { SchemaNode } from '../../src/config/schema.ts';
import { configTree } from '../../src/config/schema.ts';
import { isRecord } from '../../src/config/tree.ts';

interface Leaf {
  readonly path: readonly string[];
  readonly node: SchemaNode;
}

/** Every key of the schema; entries of lists stand for one entry. Message files and the menu document themselves. */
function keysBelow(node: SchemaNode, path: readonly string[]): readonly Leaf[] {
  if (['language.files', 'ussd.menu'].includes(path.join('.'))) return [];
  if (node.secret === true && path.join('.') !== 'keys') return [];
  const branches = [node, ...(node.anyOf ?? [])];
  return branches.flatMap((branch) => [
    ...Object.entries(branch.properties ?? {}).flatMap(([key, child]) => [
      { path: [...path, key], node: child },
      ...keysBelow(child, [...path, key]),
    ]),
    ...(branch.items === undefined ? [] : keysBelow(branch.items, path)),
  ]);
}

const text = await readFile('config/default.yaml', 'utf8');
const sections = sectionsOf(text.split('\n'));

/** Each top-level key's lines, with the remarks at the margin above it. */
function sectionsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let margin: string[] = [];
  let section: string[] = [];
  for (const line of lines) {
    const name = /^([a-z]\w*):/.exec(line)?.[1];
    if (name !== undefined) found.set(name, (section = margin));
    if (name === undefined && /^(#|$)/.test(line)) margin = line === '' ? [] : [...margin, line];
    else section.push(line);
  }
  return found;
}

const all = keysBelow(configTree, []);

function given(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => {
    const one: unknown = Array.isArray(at) ? at[0] : at;
    return isRecord(one) ? one[key] : undefined;
  }, value);
}

describe('config/default.yaml', () => {
  it('finds the keys of the schema at all', () => {
    expect(all.length).toBeGreaterThan(130);
    expect(all.map(({ path }) => path.join('.'))).toContain('smpp.links.tls.serverName');
    expect(all.map(({ path }) => path.join('.'))).toContain('keys.currentCode');
  });

  it('has a word of what is expected for every value of the schema', () => {
    const values = all.filter(({ node }) => node.properties === undefined && node.items === undefined);
    const bare = values.filter(({ node: { expected, additionalProperties, anyOf } }) => {
      return expected === undefined && typeof additionalProperties !== 'object' && anyOf === undefined;
    });
    expect(values.length).toBeGreaterThan(100);
    expect(bare.map(({ path }) => path.join('.'))).toEqual([]);
  });

  it.each(all.map(({ path }) => [path.join('.'), path] as const))('documents %s', (_, path) => {
    const lines = sections.get(path[0] ?? '') ?? [];
    const at = lines.findIndex((line) => new RegExp(`^[\\s#-]*${path.at(-1) ?? ''}:`).test(line));
    expect(at).toBeGreaterThanOrEqual(0);
    const line = lines[at] ?? '';
    const opens = /:\s*$/.test(line);
    expect(opens || / # \S/.test(line) || (lines[at - 1] ?? '').includes('#') || path.length === 1).toBe(true);
  });

  const parsed: unknown = parse(text);
  const defaults = all.filter(
    ({ path, node }) =>
      typeof node.default !== 'object' && node.default !== undefined && given(parsed, path) !== undefined,
  );

  it.each(defaults.map(({ path, node }) => [path.join('.'), path, node.default] as const))(
    'shows the default of %s',
    (_, path, value) => {
      expect(given(parsed, path)).toEqual(value);
    },
  );

  it('shows nearly all defaults as values', () => {
    expect(defaults.length).toBeGreaterThan(60);
  });

  it.each(['config/default.yaml', 'config/lab.yaml'])('%s is a config', async (file) => {
    expect(await loadConfig(file, {})).toMatchObject({ ok: true });
  });

  it('is YAML with its optional keys too', () => {
    const withOptional = text.replaceAll(/^(\s*)#([a-zA-Z]+:.*| {2}[a-zA-Z]+:.*)$/gmu, '$1$2');
    expect(withOptional).toContain('\n      moIdTlv: 0x1403');
    expect(Object.keys(parse(withOptional) as object)).toEqual(Object.keys(parsed as object));
  });
});
