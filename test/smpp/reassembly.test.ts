import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartJoiner } from '../../src/smpp/mo/reassembly.ts';

const limits = { timeout: 1_000, messages: 10, octets: 1_000 };

function part(sequence: number, total: number, hold = `h${sequence}`, text = `t${sequence}`) {
  return { key: 'k', concat: { reference: 1, total, sequence }, data: Buffer.from(text), hold };
}

describe('joining parts', () => {
  it('joins any order with any duplicates, in order, with every hold answered once', () => {
    const order = fc.integer({ min: 2, max: 8 }).chain((total) => {
      const all = Array.from({ length: total }, (_, index) => index + 1);
      return fc
        .tuple(fc.shuffledSubarray(all, { minLength: total }), fc.array(fc.constantFrom(...all), { maxLength: 6 }))
        .map(([shuffled, again]) => ({
          total,
          sequences: [
            ...shuffled.slice(0, -1),
            ...again.filter((each) => each !== shuffled.at(-1)),
            ...shuffled.slice(-1),
          ],
        }));
    });
    fc.assert(
      fc.property(order, ({ total, sequences }) => {
        const joiner = new PartJoiner<string>(limits);
        const offered = sequences.map((sequence, index) => joiner.offer(part(sequence, total, `h${index}`), 0));
        expect(offered.slice(0, -1).every(({ kind }) => kind === 'waiting')).toBe(true);
        const last = offered.at(-1);
        if (last?.kind !== 'joined') throw new Error('not joined');
        const firstHolds = Array.from({ length: total }, (_, index) => `h${sequences.indexOf(index + 1)}`);
        expect(last.parts).toEqual(firstHolds);
        expect([...joiner.finish('k', true)].sort()).toEqual(sequences.map((_, index) => `h${index}`).sort());
      }),
    );
  });

  it('knows a repeat while storing and after it, until the timeout', () => {
    const joiner = new PartJoiner<string>(limits);
    joiner.offer(part(1, 2), 0);
    expect(joiner.offer(part(2, 2), 0).kind).toBe('joined');
    expect(joiner.offer(part(1, 2, 'again'), 0).kind).toBe('waiting');
    expect(joiner.next()).toBeUndefined();
    expect(joiner.expire(5_000)).toEqual([]);
    expect(joiner.finish('k', true)).toEqual(['h1', 'h2', 'again']);
    expect(joiner.offer(part(2, 2), 500).kind).toBe('repeat');
    expect(joiner.next()).toBe(1_000);
    expect(joiner.expire(1_000)).toEqual([]);
    expect(joiner.size).toBe(0);
    expect(joiner.offer(part(2, 2), 1_001).kind).toBe('waiting');
  });

  it('forgets what could not be stored, so that it can come again', () => {
    const joiner = new PartJoiner<string>(limits);
    joiner.offer(part(1, 2), 0);
    joiner.offer(part(2, 2), 0);
    expect(joiner.finish('k', false)).toHaveLength(2);
    expect(joiner.offer(part(1, 2), 0).kind).toBe('waiting');
    expect(joiner.finish('unknown', true)).toEqual([]);
  });

  it('gives up after the timeout and hands back everything held', () => {
    const joiner = new PartJoiner<string>(limits);
    joiner.offer(part(1, 3), 0);
    joiner.offer(part(1, 3, 'again'), 10);
    expect(joiner.expire(999)).toEqual([]);
    expect(joiner.expire(1_000)).toEqual([{ holds: ['h1', 'again'], have: 1, total: 3 }]);
    expect(joiner.next()).toBeUndefined();
  });

  it('takes a different text under a used reference for a new message', () => {
    const joiner = new PartJoiner<string>(limits);
    joiner.offer(part(1, 2), 0);
    expect(joiner.offer(part(1, 2, 'new', 'other'), 0)).toEqual({ kind: 'waiting', displaced: ['h1'] });
    expect(joiner.offer(part(1, 3, 'newer', 'other'), 0)).toEqual({ kind: 'waiting', displaced: ['new'] });
  });

  it('has another message under the reference of one that is being stored come again, and answers that one whole', () => {
    const joiner = new PartJoiner<string>(limits);
    joiner.offer(part(1, 2), 0);
    joiner.offer(part(2, 2), 0);
    expect(joiner.offer(part(1, 2, 'other', 'other'), 0)).toEqual({ kind: 'full', displaced: [] });
    expect(joiner.offer(part(3, 3, 'longer'), 0)).toEqual({ kind: 'full', displaced: [] });
    expect(joiner.finish('k', true)).toEqual(['h1', 'h2']);
    // It was answered: nothing of it is when the other comes again.
    expect(joiner.offer(part(1, 2, 'other', 'other'), 0)).toEqual({ kind: 'waiting', displaced: [] });
  });

  it('is bounded in messages and in octets, and gives its room back', () => {
    const few = new PartJoiner<string>({ ...limits, messages: 1 });
    few.offer({ ...part(1, 2), key: 'a' }, 0);
    expect(few.offer({ ...part(1, 2), key: 'b' }, 0).kind).toBe('full');
    const small = new PartJoiner<string>({ ...limits, octets: 3 });
    small.offer({ ...part(1, 2, 'h', 'xxxx'), key: 'a' }, 0);
    expect(small.offer({ ...part(1, 2), key: 'b' }, 0).kind).toBe('full');
    small.expire(1_000);
    expect(small.offer({ ...part(1, 2), key: 'b' }, 0).kind).toBe('waiting');
  });
});
