/** What the bench measures: something that binds to the load's SMSC, and perhaps to its OCS. */
import { spawn } from 'node:child_process';
import type { EmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { Ports } from './load.ts';

export interface System {
  /** Binds that it makes. */
  readonly binds: number;
  /** Whether it needs the OCS. */
  readonly charges: boolean;
  readonly redis?: EmbeddedRedis;
  start(ports: Ports): Promise<void>;
  /** Resolves when a process of it ended that nobody stopped: there is nothing more to wait for. */
  readonly ended?: Promise<string>;
  pids(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export function echoSystem(): System {
  let child: ReturnType<typeof spawn> | undefined;
  return {
    binds: 1,
    charges: false,
    start(ports) {
      child = spawn(process.execPath, ['--import', 'tsx', 'test/bench/echo.ts', String(ports.smpp)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      return Promise.resolve();
    },
    pids: () => ({ echo: child?.pid ?? 0 }),
    stop() {
      child?.kill();
      return Promise.resolve();
    },
  };
}
