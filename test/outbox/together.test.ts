import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../src/flow/ports/outbox.ts';
import type { Consumer } from '../../src/outbox/consumer.ts';
import { readOnce } from '../../src/outbox/read-once.ts';
import { together } from '../../src/outbox/together.ts';
import { entry } from './support.ts';

interface Heard extends Consumer {
  readonly batches: { readonly ids: readonly string[]; readonly again: boolean }[];
}

function hearing(name: string, fails?: unknown): Heard {
  const batches: Heard['batches'] = [];
  return {
    name,
    batches,
    handle(entries: readonly OutboxEntry[], again: boolean) {
      batches.push({ ids: entries.map(({ id }) => id), again });
      // What is thrown may be no Error.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return fails === undefined ? Promise.resolve() : Promise.reject(fails);
    },
  };
}

describe('consumers of one group', () => {
  it('are each given every batch, after its beginning', async () => {
    const [one, other] = [hearing('one'), hearing('other')];
    const begun: number[] = [];
    const both = together('both', [one, other], () => begun.push(one.batches.length));
    await both.handle([entry()], false);
    await both.handle([entry({ id: '1700000000001-0' })], true);
    expect(begun).toEqual([0, 1]);
    expect(one.batches).toEqual([
      { ids: ['1700000000000-0'], again: false },
      { ids: ['1700000000001-0'], again: true },
    ]);
    expect(other.batches).toEqual(one.batches);
  });

  it('get their turn though one fails, which is told by its name', async () => {
    const last = hearing('last');
    const all = together('all', [hearing('cdr', new Error('ENOSPC')), hearing('evidence', 'gone'), last], () => 0);
    await expect(all.handle([entry()], false)).rejects.toThrow('cdr: ENOSPC; evidence: gone');
    expect(last.batches).toHaveLength(1);
  });

  it('are not handed again what they have done, however often the batch comes for one that fails', async () => {
    const counts = hearing('counts');
    let full = true;
    const writes: Consumer = {
      name: 'writes',
      handle: () => (full ? Promise.reject(new Error('ENOSPC')) : Promise.resolve()),
    };
    const both = together('both', [counts, writes], () => 0);
    const [first, second] = [entry(), entry({ id: '1700000000001-0' })];
    await expect(both.handle([first], false)).rejects.toThrow('writes: ENOSPC');
    await expect(both.handle([first, second], true)).rejects.toThrow('writes: ENOSPC');
    full = false;
    await both.handle([first, second], true);
    expect(counts.batches.map(({ ids }) => ids)).toEqual([[first.id], [second.id]]);
  });

  it('fail as those do that throw at once', async () => {
    const thrower: Consumer = {
      name: 'thrower',
      handle() {
        throw new TypeError('no batch');
      },
    };
    await expect(together('all', [thrower], () => 0).handle([entry()], false)).rejects.toThrow('thrower: no batch');
  });

  it('are told how far the group is, where one of them asks', async () => {
    const told: string[] = [];
    const asks: Consumer = {
      ...hearing('asks'),
      caughtUp: (partition, upTo) => Promise.resolve(void told.push(`${partition} ${upTo}`)),
      looked: () => Promise.resolve(void told.push('looked')),
    };
    const both = together('both', [hearing('quiet'), asks], () => 0);
    await both.caughtUp?.(3, 17);
    await both.looked?.();
    expect(told).toEqual(['3 17', 'looked']);
    expect(together('quiet', [hearing('quiet')], () => 0)).not.toHaveProperty('caughtUp');
  });
});

describe('reading once', () => {
  it('asks the store again only after it forgot', async () => {
    const asked: string[] = [];
    const ask = (id: string) => Promise.resolve(void asked.push(id));
    const once = readOnce({ order: ask, text: ask });
    await Promise.all([once.order('a'), once.order('a'), once.text('a'), once.order('b')]);
    await once.text('a');
    expect(asked).toEqual(['a', 'a', 'b']);
    once.forget();
    await once.order('a');
    expect(asked).toHaveLength(4);
  });

  it('hands a failure to all who asked', async () => {
    const once = readOnce({
      order: () => Promise.reject(new Error('no Redis')),
      text: () => Promise.resolve(undefined),
    });
    const both = await Promise.allSettled([once.order('a'), once.order('a')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
