/** A part of the load in a process of its own, so that it takes no time from the rest: the OCS, or the sink. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Busy } from './busy.ts';
import { watchBusy } from './busy.ts';

export type Ask = 'begin' | 'report' | 'end';

export interface PartReport {
  readonly busy: Busy;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Part {
  readonly port: number;
  /** The measured time begins. */
  begin(): void;
  report(): Promise<PartReport>;
  end(): void;
}

/** `name` is a file of this folder; it calls `serveAsPart` with what it got as JSON. */
export async function startPart(name: string, settings: object): Promise<Part> {
  const built = import.meta.url.endsWith('.js');
  const file = fileURLToPath(new URL(`./${name}.${built ? 'js' : 'ts'}`, import.meta.url));
  const child = fork(file, [JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: built ? [] : ['--import', 'tsx'],
  });
  const port = (await heard(child)) as number;
  const ask = (what: Ask): void => void child.send(what);
  return {
    port,
    begin: () => ask('begin'),
    report: async () => {
      ask('report');
      return (await heard(child)) as PartReport;
    },
    end: () => ask('end'),
  };
}

function heard(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`a part of the load ended: ${child.spawnargs.join(' ')}`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}

/** In the part's process: says where it listens, and then answers what it is asked. It ends with its parent. */
export function serveAsPart(port: number, counts: () => Readonly<Record<string, number>>): void {
  let busy = watchBusy();
  process.on('message', (ask: Ask) => {
    if (ask === 'begin') busy = watchBusy();
    else if (ask === 'report') process.send?.({ busy: busy(), counts: counts() } satisfies PartReport);
    else process.exit(0);
  });
  process.once('disconnect', () => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.send?.(port);
}
