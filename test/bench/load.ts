/** The load generator as a child process of the bench: its events and its report. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LoadReport } from '../../simulators/load/run.ts';

export interface Ports {
  readonly smpp: number;
  readonly diameter: number | undefined;
}

export interface RunningLoad {
  readonly ports: Ports;
  /** Resolves when every bind is there, when the measured time begins, and when it is over. */
  readonly bound: Promise<void>;
  readonly measuring: Promise<void>;
  readonly measured: Promise<void>;
  readonly report: Promise<LoadReport>;
  kill(): void;
}

/** Starts a load that waits for its peer. Everything rejects when it ends too early. */
export async function startLoad(flags: readonly string[]): Promise<RunningLoad> {
  const args = ['--import', 'tsx', 'simulators/load/main.ts', '--json', '--smpp-port', '0', '--diameter-port', '0'];
  const child = spawn(process.execPath, [...args, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const heard = events(child);
  // Whoever waits for one hears that it ended too early; nobody needs to wait for all of them.
  const told = (name: string): Promise<void> => heard(name).then(() => undefined);
  const [bound, measuring, measured] = [told('bound'), told('measuring'), told('measured')];
  const report = heard('report').then((each) => each as unknown as LoadReport);
  for (const each of [bound, measuring, measured, report]) each.catch(() => undefined);
  const ports = (await heard('listening')) as unknown as Ports;
  return {
    ports,
    bound,
    measuring,
    measured,
    report,
    kill: () => void child.kill(),
  };
}

type Event = Readonly<Record<string, unknown>>;

function events(child: ChildProcess): (name: string) => Promise<Event> {
  const waiting = new Map<string, (event: Event) => void>();
  const failures: ((error: Error) => void)[] = [];
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      waiting.get(String(event['event']))?.(event);
    });
  child.once('exit', (code) => {
    for (const fail of failures) fail(new Error(`the load ended with ${code ?? 'a signal'}`));
  });
  return (name) =>
    new Promise((resolve, reject) => {
      waiting.set(name, resolve);
      failures.push(reject);
    });
}
