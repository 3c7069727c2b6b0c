import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutboxThread, RunningWorker, ThreadFacts } from '../../src/daemon/outbox-thread.ts';
import { startOutboxThread } from '../../src/daemon/outbox-thread.ts';

const RULES = { rules: [], burst: { count: 3, within: 60_000 } } as unknown as ThreadFacts['rules'];
const OTHER = { ...RULES, rules: [{ name: 'r' }] } as unknown as ThreadFacts['rules'];

const FACTS: ThreadFacts = {
  partitions: 1,
  owner: 'one',
  instance: 'one.test',
  cdr: undefined,
  evidence: { folder: undefined, heads: 'heads' },
  evidenceKey: new Uint8Array(32),
  redis: { url: 'redis://127.0.0.1:1', prefix: 'test' },
  rules: RULES,
};

/** A thread that answers every call at once and remembers its name. */
class PlayedWorker extends EventEmitter implements RunningWorker {
  readonly asked: string[] = [];
  readonly facts: ThreadFacts;
  ended = 0;
  constructor(facts: ThreadFacts) {
    super();
    this.facts = facts;
  }
  postMessage(message: { readonly call?: string; readonly id?: number }): void {
    if (message.call === undefined) return;
    this.asked.push(message.call);
    queueMicrotask(() => this.emit('message', { done: message.id, value: undefined }));
  }
  terminate(): Promise<unknown> {
    this.ended++;
    this.emit('exit', 1);
    return Promise.resolve();
  }
}

function played(facts = FACTS) {
  const workers: PlayedWorker[] = [];
  const notes: unknown[] = [];
  const begin = (facts: ThreadFacts): RunningWorker => {
    const worker = new PlayedWorker(facts);
    workers.push(worker);
    return worker;
  };
  const note = (event: string, fields?: object): void => void notes.push({ event, ...fields });
  const nothing = (): Promise<void> => Promise.resolve();
  const thread: OutboxThread = startOutboxThread(facts, { tell: nothing, spent: nothing, note, begin });
  return { thread, workers, notes };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the thread of the outbox', () => {
  it('is started again when it dies, goes on where it was started, and has the rules that hold then', async () => {
    vi.useFakeTimers();
    const { thread, workers, notes } = played();
    await thread.start();
    thread.rules(OTHER);
    workers[0]?.emit('error', new Error('out of memory'));
    workers[0]?.emit('exit', 1);
    expect(notes).toEqual([{ event: 'outbox.failed', group: 'all', reason: 'out of memory' }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(workers.map(({ asked }) => asked)).toEqual([['start', 'rules'], ['start']]);
    expect(workers[1]?.facts.rules).toBe(OTHER);
  });

  it('seals the evidence in the thread that is at work', async () => {
    vi.useFakeTimers();
    const { thread, workers } = played({ ...FACTS, evidence: { folder: 'evidence', heads: 'heads' } });
    await thread.start();
    workers[0]?.emit('exit', 1);
    await vi.advanceTimersByTimeAsync(1000);
    await thread.evidence?.seal(true);
    expect(workers.map(({ asked }) => asked)).toEqual([['start'], ['start', 'seal']]);
  });

  it('that died before it was to start is made again, and starts when it is told to', async () => {
    vi.useFakeTimers();
    const { thread, workers } = played();
    workers[0]?.emit('exit', 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(workers.map(({ asked }) => asked)).toEqual([[], []]);
    await thread.start();
    expect(workers[1]?.asked).toEqual(['start']);
  });

  it('is left in peace when it was stopped', async () => {
    vi.useFakeTimers();
    const { thread, workers, notes } = played();
    await thread.start();
    await thread.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect([workers.length, notes]).toEqual([1, []]);
    expect([workers[0]?.asked, workers[0]?.ended]).toEqual([['start', 'stop'], 1]);
  });

  it('tells who waits for it that it ended', async () => {
    const { thread, workers } = played();
    const started = thread.start();
    workers[0]?.emit('exit', 1);
    await expect(started).rejects.toThrow('the thread ended');
    await thread.stop();
  });
});
