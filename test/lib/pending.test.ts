import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPending } from '../../src/lib/pending.ts';

describe('requests in flight', () => {
  it('hands an entry back once, by its id', () => {
    const pending = createPending<number, string>();
    pending.add(7, 'submit_sm 7', 100);
    expect(pending.peek(7)).toBe('submit_sm 7');
    expect(pending.take(7)).toBe('submit_sm 7');
    expect(pending.take(7)).toBeUndefined();
    expect(pending.size).toBe(0);
  });

  it('expires what is due at its deadline and not before', () => {
    const pending = createPending<number, string>();
    pending.add(1, 'first', 100);
    pending.add(2, 'second', 101);
    expect(pending.expire(99)).toEqual([]);
    expect(pending.next()).toBe(100);
    expect(pending.expire(100)).toEqual(['first']);
    expect(pending.next()).toBe(101);
    expect(pending.take(1)).toBeUndefined();
  });

  it('drains everything, oldest first', () => {
    const pending = createPending<string, number>();
    pending.add('a', 1, 9);
    pending.add('b', 2, 3);
    expect(pending.drain()).toEqual([1, 2]);
    expect(pending.next()).toBeUndefined();
  });

  it('forgets nothing: what went in comes out by exactly one way', () => {
    const entries = fc.uniqueArray(fc.record({ id: fc.nat(), deadline: fc.nat(100) }), { selector: ({ id }) => id });
    fc.assert(
      fc.property(entries, fc.nat(100), fc.array(fc.nat()), (all, now, answered) => {
        const pending = createPending<number, number>();
        for (const { id, deadline } of all) pending.add(id, id, deadline);
        const out = [
          ...answered.map((id) => pending.take(id)).filter((id) => id !== undefined),
          ...pending.expire(now),
          ...pending.drain(),
        ];
        expect(out.sort()).toEqual(all.map(({ id }) => id).sort());
        expect(pending.size).toBe(0);
      }),
    );
  });
});
