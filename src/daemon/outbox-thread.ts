import type { Evidence } from '../domain/evidence/chain.ts';
import type { NoteFields } from '../lib/note.ts';
import { reasonOf, Refusal } from '../lib/reason.ts';
import type { CreditRules } from '../outbox/credit.ts';
import type { EvidenceWriter } from '../outbox/evidence/writer.ts';
import type { RedisSettings } from '../redis/settings.ts';
import type { BackCalls, ConsumerFacts, Consumers } from './consumers.ts';
import type { Port, PortCalls } from './port-calls.ts';
import { callsOver } from './port-calls.ts';
import { startWorker } from './start-worker.ts';

/** What the thread is started with. */
export interface ThreadFacts extends ConsumerFacts {
  readonly redis: RedisSettings;
  readonly rules: CreditRules;
}

export interface OutboxThread extends Consumers {
  rules(rules: CreditRules): void;
}

interface Ground extends BackCalls {
  /** A thread, unless a test plays it. */
  readonly begin?: (facts: ThreadFacts) => RunningWorker;
}

/** What is needed of a Worker. */
export interface RunningWorker extends Port {
  on(event: 'message' | 'error' | 'exit', listener: (value: unknown) => void): unknown;
  terminate(): Promise<unknown>;
}

/** Milliseconds before a thread that ended by itself is started again. */
const AGAIN = 1000;

/**
 * The outbox's consumers in a thread of their own, with a connection of their own: evidence, CDRs and credit take no time
 * from the orders (docs/adr/0024). The outbox keeps what a thread that died had in hand, as it does for a process (E24).
 */
export function startOutboxThread(facts: ThreadFacts, ground: Ground): OutboxThread {
  let rules = facts.rules;
  let [started, over] = [false, false];
  let thread = begin();

  function begin(): Thread {
    return startThread({ ...facts, rules }, ground, (reason) => {
      if (over) return;
      ground.note('outbox.failed', { group: 'all', reason });
      setTimeout(again, AGAIN).unref();
    });
  }

  function again(): void {
    if (over) return;
    thread = begin();
    // A thread that fails to start ends, and is started again.
    if (started) thread.calls.call('start').catch(() => undefined);
  }

  return {
    evidence: facts.evidence.folder === undefined ? undefined : writerIn(() => thread.calls),
    async start() {
      await thread.calls.call('start');
      started = true;
    },
    rules(next) {
      rules = next;
      thread.calls.call('rules', next).catch(() => undefined);
    },
    async stop() {
      over = true;
      await thread.calls.call('stop').catch(() => undefined);
      await thread.end();
    },
  };
}

interface Thread {
  readonly calls: PortCalls;
  end(): Promise<unknown>;
}

function startThread(facts: ThreadFacts, ground: Ground, onEnd: (reason: string) => void): Thread {
  const { tell, spent, note, begin = inOurs } = ground;
  const worker = begin(facts);
  const calls = callsOver(worker, {
    tell,
    spent,
    note: ([event, fields]: readonly [string, NoteFields | undefined]) => note(event, fields),
  });
  let reason = 'the thread ended';
  worker.on('error', (error) => (reason = reasonOf(error)));
  worker.on('exit', () => {
    calls.fail(new Refusal(reason));
    onEnd(reason);
  });
  return { calls, end: () => worker.terminate() };
}

function inOurs(facts: ThreadFacts): RunningWorker {
  return startWorker('outbox-worker', facts);
}

function writerIn(calls: () => PortCalls): EvidenceWriter {
  return {
    append: (records: readonly Evidence[]) => calls().call('append', records) as Promise<void>,
    among: (entries) => calls().call('among', entries) as Promise<ReadonlySet<string>>,
    seal: (now) => calls().call('seal', now) as Promise<void>,
  };
}
