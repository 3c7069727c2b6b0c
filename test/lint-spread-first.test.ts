import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rule } from 'eslint';
import { Linter } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'spread-'));
const at = new URL('../.ci/lint-spread-first.mjs', import.meta.url);
const { spreadFirst } = (await import(at.href)) as { readonly spreadFirst: Rule.RuleModule };

const TYPES = `
  declare const two: { readonly a: number; readonly b?: number };
  declare const one: { readonly a: number };
  declare const either: { readonly a: number } | { readonly a: number; readonly c: number };
  declare const any: Record<string, number>;
  declare const maybe: boolean;
`;

/** Keys that the rule names in what this text makes. */
function named(literal: string): readonly string[] {
  const file = join(folder, 'literal.ts');
  const text = `${TYPES}\nexport const made = ${literal};\n`;
  writeFileSync(file, text);
  const programs = [ts.createProgram([file], { strict: true, target: ts.ScriptTarget.ES2022 })];
  const messages = new Linter({ cwd: folder }).verify(
    text,
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser, parserOptions: { programs } },
      plugins: { orderd: { rules: { 'spread-first': spreadFirst } } },
      rules: { 'orderd/spread-first': 'error' },
    },
    { filename: file },
  );
  return messages.map(({ message }) => /^'(.+)' comes after the spread/.exec(message)?.[1] ?? message);
}

describe('the lint rule for literals that begin with a spread', () => {
  it.each([
    ['a key that the spread has not', '{ ...one, z: 1 }', 'z'],
    ['the first of them', '{ ...one, a: 2, y: 1, z: 1 }', 'y'],
    ['a key in quotes', "{ ...one, 'z-z': 1 }", 'z-z'],
    ['a spread of one', '{ ...one, ...two }', 'b'],
    ['a spread that may be none', '{ ...one, ...(maybe && { z: 1 }) }', 'z'],
    ['a key that no member of a union has', '{ ...either, z: 1 }', 'z'],
  ])('names %s', (_, literal, key) => {
    expect(named(literal)).toEqual([key]);
  });

  it.each([
    ['a key before the spread', '{ z: 1, ...one }'],
    ['keys and spreads of what the first has', '{ ...two, b: 1, ...one }'],
    ['a key that one member of a union has', '{ ...either, c: 1 }'],
    ['what may have any key, first or later', '{ ...any, z: 1 }'],
    ['what may have any key, later', '{ ...one, ...any }'],
    ['a key that only running it tells', '{ ...one, [String(maybe)]: 1 }'],
    ['a spread alone', '{ ...one }'],
  ])('leaves alone %s', (_, literal) => {
    expect(named(literal)).toEqual([]);
  });
});
