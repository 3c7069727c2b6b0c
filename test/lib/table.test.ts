import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTable } from '../../src/lib/table.ts';

describe('a table of what is in flight', () => {
  it('is a Map, however often it was made anew', () => {
    const key = fc.integer({ min: 0, max: 30 });
    const step = fc.oneof(fc.record({ set: key }), fc.record({ delete: key }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 1000, size: 'max' }), (steps) => {
        const [table, map] = [createTable<number, number>(), new Map<number, number>()];
        const take = (into: typeof table | typeof map, one: (typeof steps)[number], at: number): void => {
          if ('set' in one) into.set(one.set, at);
          else into.delete(one.delete);
        };
        for (const [at, one] of steps.entries()) {
          take(table, one, at);
          take(map, one, at);
          expect(table.size).toBe(map.size);
        }
        expect([...table.entries()]).toEqual([...map.entries()]);
        expect([...table.values()]).toEqual([...map.values()]);
        for (let at = 0; at <= 30; at++) expect(table.get(at)).toBe(map.get(at));
      }),
    );
  });

  it('gives each once where all are deleted while they are gone through', () => {
    const table = createTable<number, number>();
    for (let at = 0; at < 1000; at++) table.set(at, at);
    const seen: number[] = [];
    for (const [key, value] of table.entries()) {
      table.delete(key);
      seen.push(value);
    }
    expect(seen).toEqual(Array.from({ length: 1000 }, (_, at) => at));
    expect(table.size).toBe(0);
  });
});
