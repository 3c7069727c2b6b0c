import { afterEach, describe, expect, it } from 'vitest';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { systemClock } from '../../src/clock.ts';
import type { DialogueCalls } from '../../src/redis/dialogue-calls.ts';
import { createDialogueCalls } from '../../src/redis/dialogue-calls.ts';
import { createManualClock } from '../manual-clock.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const open: DialogueCalls[] = [];

afterEach(() => {
  for (const calls of open.splice(0)) calls.close();
});

interface Listener {
  readonly calls: DialogueCalls;
  readonly asked: string[];
}

/** A process of that name, which says what it is asked to. */
function start(process: string, clock: Clock = systemClock, say?: () => Promise<SubmitOutcome>): Listener {
  const asked: string[] = [];
  const said = (mtId: string): Promise<SubmitOutcome> => {
    asked.push(mtId);
    return say?.() ?? Promise.resolve({ kind: 'accepted', smsc: 'ussd', messageIds: [mtId] });
  };
  const calls = createDialogueCalls(bench.handle, { process, say: said, clock, note: () => undefined });
  open.push(calls);
  return { calls, asked };
}

/** Calls until that process listens. */
async function heardBy({ calls }: Listener, process: string, mtId: string): Promise<SubmitOutcome> {
  for (;;) {
    const outcome = await calls.call(process, mtId);
    if (outcome !== undefined) return outcome;
  }
}

describe('E23: one process asks another', () => {
  it('to say a text in the dialogue that it holds, by its id alone, and hears what became of it', async () => {
    const [first, second] = [start('a'), start('b')];
    const outcome = await heardBy(second, 'a', '00-x-ordered');
    expect(outcome).toEqual({ kind: 'accepted', smsc: 'ussd', messageIds: ['00-x-ordered'] });
    expect([first.asked, second.asked]).toEqual([['00-x-ordered'], []]);
  });

  it('many at once, each with its own answer, both ways', async () => {
    const [first, second] = [start('a'), start('b')];
    await Promise.all([heardBy(second, 'a', 'warm'), heardBy(first, 'b', 'warm')]);
    const ids = Array.from({ length: 50 }, (_, index) => `00-${index}`);
    const answers = await Promise.all(
      ids.map((id, index) => (index % 2 === 0 ? first.calls.call('b', id) : second.calls.call('a', id))),
    );
    expect(answers).toEqual(ids.map((id) => ({ kind: 'accepted', smsc: 'ussd', messageIds: [id] })));
  });

  it('that is gone: undefined at once', async () => {
    expect(await start('b').calls.call('nobody', '00-x')).toBeUndefined();
  });

  it('that hangs: undefined when a dialogue would not have waited longer', async () => {
    const clock = createManualClock();
    const hung = start('a', clock, () => new Promise<never>(() => undefined));
    const caller = start('b', clock);
    let ended = false;
    const outcome = (async () => {
      for (;;) {
        const found = await caller.calls.call('a', '00-x');
        if (found !== undefined || hung.asked.length > 0) return found;
      }
    })().finally(() => (ended = true));
    while (hung.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ended).toBe(false);
    clock.advance(5_000);
    expect(await outcome).toBeUndefined();
  });

  it('while the store is away: undefined, and nothing rejects', async () => {
    const { calls } = start('a');
    bench.handle.redis.disconnect();
    expect(await calls.call('a', '00-x')).toBeUndefined();
  });
});
