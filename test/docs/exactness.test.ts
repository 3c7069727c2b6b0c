import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const doc = readFileSync('docs/exactness.md', 'utf8');
const rows = [...doc.matchAll(/^\| ([EP]\d+) \|/gm)].map(([, name = '']) => name);

it('docs/exactness.md has every rule that the sources cite', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.(ts|lua)$/.test(file));
  const cited = files.flatMap((file) => readFileSync(join('src', file), 'utf8').match(/\bE\d{1,2}\b/g) ?? []);
  expect(cited.length).toBeGreaterThan(100);
  expect([...new Set(cited)].filter((name) => !rows.includes(name))).toEqual([]);
  expect(rows.filter((name) => name.startsWith('P'))).toHaveLength(7);
});

it('names files that are there', () => {
  const named = [...doc.matchAll(/`((?:src|test)\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(rows.length);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});
