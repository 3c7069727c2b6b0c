import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Settled } from '../../src/flow/ports/settled.ts';
import type { Note } from '../../src/lib/note.ts';
import type { Queues } from '../../src/queue/queues.ts';
import { useServer } from '../redis/support.ts';
import { eventually, playing, REST, useQueues } from './support.ts';

const server = useServer();
const bench = useQueues(() => server.socket);

const HOUR = 3_600_000;
const RETRY = { first: 1, cap: 5, maxAge: HOUR };

/** A flow that takes an order as the store does, each time under a higher fence, and waits for an OCS that is away. */
function takenUp(first: number) {
  let now = first;
  const fences: number[] = [];
  const flow = (_id: string, fence?: number): Promise<Settled> => {
    if (fence !== undefined && fence !== now) return Promise.resolve(REST);
    fences.push(++now);
    return Promise.resolve({ kind: 'wait', ms: HOUR, reason: 'no Diameter peer is open', fence: now });
  };
  return { fences, flow };
}

afterEach(() => void vi.useRealTimers());

describe('a job', () => {
  it('calls the flow with the id and is gone when it rests', async () => {
    const { asked, flow } = playing();
    const queues = bench.make({ flows: { settle: flow, say: () => Promise.resolve(REST), provision: flow } });
    await queues.settle('03-abc', 1, 0, 'due');
    queues.start();
    await eventually(() => asked.length === 1);
    await eventually(async () => (await queues.counts()).settle.active === 0);
    expect(asked).toEqual(['03-abc']);
    expect((await queues.counts()).settle).toEqual({ waiting: 0, delayed: 0, active: 0, failed: 0, oldest: undefined });
  });

  it('tells how long the oldest has been there, of all lanes of its queue', async () => {
    const queues = bench.make();
    const [first, second] = [1_700_000_000_000, 1_700_000_000_005];
    vi.useFakeTimers({ toFake: ['Date'], now: first });
    await queues.say({ id: '03-abc-ordered', route: 'north' }, 1, HOUR, 'no link is bound');
    vi.setSystemTime(second);
    await queues.say({ id: '04-abd-ordered', route: undefined }, 1, 0, 'no link is bound');
    expect((await queues.counts()).say.oldest).toBe(first);
  });

  it('is one per id and fence, however often it is put there (E24)', async () => {
    const queues = bench.make();
    for (const fence of [1, 1, 1, 2])
      await queues.say({ id: '03-abc-ordered', route: undefined }, fence, HOUR, 'no link is bound');
    for (let time = 0; time < 2; time++) await queues.tell('03-abc--placed--5');
    const { say, provision } = await queues.counts();
    expect([say.delayed, provision.waiting]).toEqual([2, 1]);
  });

  it('that is due runs now, whatever of the same fence still waits', async () => {
    const { asked, flow } = playing();
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    queues.start();
    await queues.settle('03-abc', 1, HOUR, 'no answer from the OCS');
    for (let time = 0; time < 3; time++) await queues.settle('03-abc', 1, 0, 'due');
    await eventually(() => asked.length > 0);
    expect((await queues.counts()).settle.delayed).toBe(1);
  });

  const LEFT = {
    settle: (to: Queues, fence: number, ms: number) => to.settle('03-abc', fence, ms, 'it waits'),
    say: (to: Queues, fence: number, ms: number) =>
      to.say({ id: '03-abc-code', route: undefined }, fence, ms, 'it waits'),
  };

  it.each(['settle', 'say'] as const)(
    'to %s steps aside once what it is about was taken up since it began to wait, and the one that took it waits on',
    async (name) => {
      const { fences, flow } = takenUp(1);
      const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
      await queues.ready();
      queues.start();
      // Left inline, found late by the sweep, and late again by the next one.
      await LEFT[name](queues, 1, HOUR);
      await LEFT[name](queues, 1, 0);
      await eventually(async () => (await queues.counts())[name].delayed === 2);
      await LEFT[name](queues, 2, 0);
      await eventually(async () => (await queues.counts())[name].delayed === 3);
      for (let outage = 0; outage < 3; outage++) {
        const before = fences.length;
        await queues.promoteAll(name);
        await eventually(async () => {
          const { waiting, active } = (await queues.counts())[name];
          return waiting + active === 0 && fences.length > before;
        });
      }
      expect(fences).toEqual([2, 3, 4, 5, 6]);
      expect((await queues.counts())[name]).toMatchObject({ waiting: 0, active: 0, delayed: 1, failed: 0 });
    },
  );

  it('to say a text of a route steps aside for nobody: its lane holds no other', async () => {
    const given: (number | undefined)[] = [];
    const flow = (_id: string, fence?: number): Promise<Settled> =>
      Promise.resolve(given.push(fence) === 1 ? { kind: 'wait', ms: 0, reason: 'no answer', fence: 7 } : REST);
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    queues.serve(new Set(['5000']));
    queues.start();
    await queues.say({ id: '03-abc-code', route: '5000' }, 1, 1, 'no link is bound');
    await eventually(() => given.length === 2);
    expect(given).toEqual([undefined, undefined]);
  });

  it('that waited does not step aside for its own try that threw', async () => {
    const given: (number | undefined)[] = [];
    const flow = (_id: string, fence?: number): Promise<Settled> => {
      const turn = given.push(fence);
      if (turn === 2) return Promise.reject(new Error('Redis is away'));
      return Promise.resolve(turn === 1 ? { kind: 'wait', ms: 0, reason: 'no answer', fence: 7 } : REST);
    };
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(() => given.length === 3);
    expect(given).toEqual([undefined, 7, undefined]);
  });

  it('that tells a provider is named while it is at work, and neither before nor after', async () => {
    let answer: (settled: Settled) => void = () => undefined;
    const flow = () => new Promise<Settled>((resolve) => (answer = resolve));
    const rest = () => Promise.resolve(REST);
    const queues = bench.make({ flows: { settle: rest, say: rest, provision: flow }, concurrency: 1 });
    await queues.tell('03-abc--placed--5');
    await queues.tell('03-abd--placed--5');
    expect(await queues.telling()).toEqual([]);
    queues.start();
    await eventually(async () => (await queues.telling()).length > 0);
    expect(await queues.telling()).toEqual(['03-abc--placed--5']);
    answer(REST);
    await eventually(async () => (await queues.telling())[0] === '03-abd--placed--5');
    answer(REST);
    await eventually(async () => (await queues.telling()).length === 0);
  });

  it('waits as long as the flow asks, uses no attempt, and tells the NOC why', async () => {
    const { asked, flow } = playing({ kind: 'wait', ms: HOUR, reason: 'no Diameter peer is open' });
    const notes: string[] = [];
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } }, (event) => notes.push(event));
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(async () => (await queues.counts()).settle.delayed === 1);
    expect(await queues.waiting(10)).toEqual([
      {
        queue: 'settle',
        job: '03-abc-1',
        id: '03-abc',
        reason: 'no Diameter peer is open',
        until: expect.any(Number) as number,
      },
    ]);
    await queues.promoteAll('settle');
    await eventually(() => asked.length === 2);
    await eventually(async () => notes.length > 0 && (await queues.counts()).settle.delayed === 0);
    expect(notes).toEqual(['queue.done']);
    expect(await queues.failed(10)).toEqual([]);
  });

  it('waits again and again without ever running out of attempts', async () => {
    const waits = Array.from({ length: 30 }, (): Settled => ({ kind: 'wait', ms: 0, reason: 'throttled' }));
    const { asked, flow } = playing(...waits);
    const done: unknown[] = [];
    const note: Note = (event, fields) => {
      if (event === 'queue.done') done.push(fields);
    };
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } }, note);
    queues.start();
    await queues.say({ id: '03-abc-code', route: undefined }, 1, 0, 'due');
    await eventually(() => asked.length === 31);
    expect(await queues.failed(10)).toEqual([]);
    await eventually(() => done.length === 1);
    expect(done).toMatchObject([{ job: '03-abc-code-1', attempts: 31 }]);
  });

  it('is a dead letter when the flow says so, until somebody retries it', async () => {
    const { asked, flow } = playing({ kind: 'dead', reason: 'the OCS refused the refund with 5012' });
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    queues.start();
    await queues.settle('03-abc', 4, 0, 'due');
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    expect(await queues.failed(10)).toMatchObject([
      { queue: 'settle', job: '03-abc-4', id: '03-abc', reason: 'the OCS refused the refund with 5012' },
    ]);
    expect(await queues.retry('settle', '03-abc-4')).toBe(true);
    await eventually(() => asked.length === 2);
    await eventually(async () => (await queues.counts()).settle.failed === 0);
    expect(await queues.retry('settle', '03-abc-4')).toBe(false);
  });

  it('that a person tries again does not step aside for its own try that failed', async () => {
    const given: (number | undefined)[] = [];
    const flow = (_id: string, fence?: number): Promise<Settled> =>
      given.push(fence) === 1 ? Promise.reject(new Error('poison')) : Promise.resolve(REST);
    const retry = () => ({ ...RETRY, maxAge: -1 });
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow }, retry });
    await queues.settle('03-abc', 1, HOUR, 'no Diameter peer is open');
    queues.start();
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    await queues.retry('settle', '03-abc-1-later');
    await eventually(() => given.length === 2);
    expect(given).toEqual([1, undefined]);
  });

  it('is discarded only as a dead letter', async () => {
    const { flow } = playing({ kind: 'dead', reason: 'no' });
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    await queues.settle('03-abc', 1, 0, 'due');
    expect(await queues.discard('settle', '03-abc-1')).toBe(false);
    queues.start();
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    expect(await queues.discard('settle', '03-abc-1')).toBe(true);
    expect(await queues.failed(10)).toEqual([]);
  });

  it('is discarded with all that were given up about its order, and no other', async () => {
    const { flow } = playing(...Array.from({ length: 3 }, (): Settled => ({ kind: 'dead', reason: 'no' })));
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    await queues.settle('03-abc', 1, 0, 'due');
    await queues.settle('03-abc', 2, 0, 'due');
    await queues.settle('03-abd', 1, 0, 'due');
    queues.start();
    await eventually(async () => (await queues.counts()).settle.failed === 3);
    await queues.discardSettling('03-abc');
    expect(await queues.failed(10)).toMatchObject([{ id: '03-abd' }]);
  });

  it('is tried again after a throw, with backoff', async () => {
    const { asked, flow } = playing(new Error('Redis is away'), new Error('Redis is away'));
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow } });
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(() => asked.length === 3);
    expect((await queues.counts()).settle.failed).toBe(0);
  });

  it('is a dead letter when its flow still throws past the age limit', async () => {
    const flow = (): Promise<Settled> => Promise.reject(new Error('poison'));
    const queues = bench.make({
      flows: { settle: flow, say: flow, provision: flow },
      retry: () => ({ ...RETRY, maxAge: -1 }),
    });
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    expect(await queues.failed(10)).toMatchObject([{ id: '03-abc', reason: 'poison' }]);
  });

  it('that tells a provider is tried until the flow ends it, however old it is: no other record tells of it (E10)', async () => {
    const poison = Array.from({ length: 5 }, () => new Error('the store is away'));
    const { asked, flow } = playing(...poison, { kind: 'dead', reason: 'the provider answered 409' });
    const retry = () => ({ ...RETRY, maxAge: -1 });
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow }, retry });
    queues.start();
    await queues.tell('03-abc--placed--5');
    await eventually(async () => (await queues.counts()).provision.failed === 1);
    expect(asked).toHaveLength(6);
    expect(await queues.failed(10)).toMatchObject([{ reason: 'the provider answered 409' }]);
  });

  it('is tried and given up as config says now, which a reload may change', async () => {
    const { asked, flow } = playing(new Error('poison'), new Error('poison'), new Error('poison'));
    // What config said when the worker began would put the second try off by an hour.
    const told = [{ ...RETRY, first: HOUR, cap: HOUR }, RETRY, { ...RETRY, maxAge: -1 }];
    const retry = () => told[asked.length] ?? RETRY;
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow }, retry });
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await eventually(async () => (await queues.counts()).settle.failed === 1);
    expect(asked).toHaveLength(2);
  });
});

describe('draining', () => {
  it('waits for the job at work and takes no other', async () => {
    let finish: (settled: Settled) => void = () => undefined;
    const asked: string[] = [];
    const flow = (id: string): Promise<Settled> => {
      asked.push(id);
      return new Promise((resolve) => (finish = resolve));
    };
    const queues = bench.make({ flows: { settle: flow, say: flow, provision: flow }, concurrency: 1 });
    queues.start();
    await queues.settle('03-abc', 1, 0, 'due');
    await queues.settle('03-def', 1, 0, 'due');
    await eventually(() => asked.length === 1);
    const drained = queues.drain();
    finish(REST);
    await drained;
    expect(asked).toEqual(['03-abc']);
    expect((await queues.counts()).settle).toMatchObject({ waiting: 1, active: 0 });
  });
});
