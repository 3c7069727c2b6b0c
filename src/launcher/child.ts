import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ROOT } from './paths.ts';

/** What a child tells in its ready line: `{"event": "<name>", …}`. */
export type Ready = Readonly<Record<string, unknown>>;

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL after `ms`; resolves when it is gone. */
  stop(ms: number): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

export interface ChildPlan {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The event of the line that says it is ready. */
  readonly readyEvent: string;
  /** Everything it prints goes here as well. */
  readonly logFile: string;
}

/** A hang guard: a part is ready within a second or two. */
const READY_MS = 60_000;

/** Starts one node process and resolves with what its ready line said; rejects with its last words when it ends before. */
export async function startChild(plan: ChildPlan): Promise<Child> {
  const child = spawn(process.execPath, [...plan.args], {
    cwd: ROOT,
    env: { ...process.env, ...plan.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group: Ctrl-C reaches only the launcher, which then stops everything in the right order.
    detached: true,
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await readyLine(child, plan, exited);
  return {
    name: plan.name,
    pid: child.pid ?? 0,
    ready,
    exited,
    stop: (ms) => stop(child, exited, ms),
    kill: (signal) => child.kill(signal),
  };
}

function readyLine(child: ChildProcess, plan: ChildPlan, exited: Promise<number | null>): Promise<Ready> {
  const log = createWriteStream(plan.logFile, { flags: 'a' });
  const last: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        last.push(line);
        if (last.length > 20) last.shift();
        const ready = parseReady(line, plan.readyEvent);
        if (ready === undefined) return;
        clearTimeout(patience);
        resolve(ready);
      });
    }
    child.once('error', reject);
    const patience = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${plan.name} did not say that it is ready within ${READY_MS / 1000} s:\n${last.join('\n')}`));
    }, READY_MS);
    void exited.then((code) => {
      log.end();
      clearTimeout(patience);
      reject(new Error(whyEnded(plan.name, code, last.join('\n'))));
    });
  });
}

function whyEnded(name: string, code: number | null, last: string): string {
  const port = /EADDRINUSE: address already in use \S*:(\d+)/.exec(last)?.[1];
  if (port !== undefined) return `${name} cannot listen: port ${port} is in use; does another lab run?`;
  return `${name} ended with ${code ?? 'a signal'} before it was ready:\n${last}`;
}

function parseReady(line: string, event: string): Ready | undefined {
  if (!line.includes(event)) return undefined;
  try {
    const parsed = JSON.parse(line) as Ready;
    return parsed['event'] === event ? parsed : undefined;
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess, exited: Promise<number | null>, ms: number): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), ms);
  const code = await exited;
  clearTimeout(force);
  return code;
}
