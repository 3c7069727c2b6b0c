import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import type { DialogueCalls } from '../../src/redis/dialogue-calls.ts';
import { createDialogueCalls } from '../../src/redis/dialogue-calls.ts';
import { createManualClock } from '../manual-clock.ts';
import { useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
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
    // It calls again where an answer comes late.
    expect([new Set(first.asked), second.asked]).toEqual([new Set(['00-x-ordered']), []]);
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

  it('listens again, and nothing rejects unheard, where Redis goes just as it is asked to listen again', async () => {
    const way = await wayTo(server);
    const handle = await connectRedis({ url: way.url, prefix: bench.prefix }, () => undefined);
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', hear);
    try {
      const say = () => Promise.resolve({ kind: 'accepted', smsc: 'ussd', messageIds: ['1'] } as const);
      open.push(createDialogueCalls(handle, { process: 'a', say, clock: systemClock, note: () => undefined }));
      const caller = start('b');
      await heardBy(caller, 'a', '00-first');
      way.cutAtSubscribe(3);
      await heardBy(caller, 'a', '00-again');
      expect([way.cuts, unheard]).toEqual([4, []]);
    } finally {
      process.off('unhandledRejection', hear);
      await handle.close();
      way.close();
    }
  });
});

/** A way to the bench's Redis that is cut, and then so many times more just as something is subscribed to. */
async function wayTo({ socket }: { readonly socket: string }) {
  const ends = new Set<Socket>();
  let left = 0;
  let cuts = 0;
  const cut = (): void => {
    cuts += 1;
    for (const end of ends) end.destroy();
  };
  const server = createServer((near) => {
    const far = connect({ path: socket });
    for (const end of [near, far]) {
      ends.add(end);
      end
        .on('error', () => undefined)
        .on('close', () => {
          for (const each of [near, far]) each.destroy();
          ends.delete(end);
        });
    }
    near.on('data', (chunk: Buffer) => {
      if (left > 0 && /subscribe/i.test(chunk.toString('latin1'))) {
        left -= 1;
        cut();
      } else far.write(chunk);
    });
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    cutAtSubscribe(times: number) {
      left = times;
      cut();
    },
    close: () => server.close(),
  };
}
