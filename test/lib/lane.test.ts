import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLane, LATE } from '../../src/lib/lane.ts';

/** A lane whose time stands until it is moved, and work that ends when it is told to. */
function stage(atOnce: number, patience = 100) {
  let now = 0;
  const begun: number[] = [];
  const ends = new Map<number, { readonly done: (value: number) => void; readonly failed: (error: Error) => void }>();
  const lane = createLane({ atOnce, patience, monotonic: () => now });
  return {
    begun,
    pass: (ms: number) => void (now += ms),
    ask: (id: number) =>
      lane(() => {
        begun.push(id);
        return new Promise<number>((done, failed) => ends.set(id, { done, failed }));
      }),
    end: (id: number) => ends.get(id)?.done(id * 10),
    fail: (id: number) => ends.get(id)?.failed(new Error(`no ${id}`)),
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a lane', () => {
  it('begins so many at once, and the others in their order, whatever became of those before', async () => {
    const { begun, ask, end, fail } = stage(2);
    const asked = [1, 2, 3, 4].map(ask);
    expect(begun).toEqual([1, 2]);
    fail(2);
    await expect(asked[1]).rejects.toThrow('no 2');
    expect(begun).toEqual([1, 2, 3]);
    end(1);
    await expect(asked[0]).resolves.toBe(10);
    expect(begun).toEqual([1, 2, 3, 4]);
    end(3);
    end(4);
    await expect(Promise.all(asked.slice(2))).resolves.toEqual([30, 40]);
  });

  it('takes no place for what throws at once', async () => {
    const lane = createLane({ atOnce: 1, patience: 100, monotonic: () => 0 });
    const thrown = lane(() => {
      throw new TypeError('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    await expect(lane(() => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('does not begin what waited for longer than its patience, and goes on to what did not', async () => {
    const { begun, pass, ask, end } = stage(1, 100);
    const first = ask(1);
    const late = Promise.allSettled([ask(2), ask(3)]);
    pass(60);
    const last = ask(4);
    pass(50);
    end(1);
    await first;
    expect(await late).toEqual([2, 3].map(() => ({ status: 'rejected', reason: new Error(LATE) })));
    expect(begun).toEqual([1, 4]);
    end(4);
    await expect(last).resolves.toBe(40);
  });

  it('never has more at work, and ends all of it', async () => {
    const each = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), each, async (atOnce, succeeds) => {
        const lane = createLane({ atOnce, patience: 100, monotonic: () => 0 });
        let [atWork, most] = [0, 0];
        const work = async (ok: boolean): Promise<boolean> => {
          most = Math.max(most, ++atWork);
          await settled();
          atWork -= 1;
          if (!ok) throw new Error('no');
          return ok;
        };
        const ended = await Promise.allSettled(succeeds.map((ok) => lane(() => work(ok))));
        expect(ended.map(({ status }) => status === 'fulfilled')).toEqual(succeeds);
        expect(most).toBe(Math.min(atOnce, succeeds.length));
      }),
    );
  });
});
