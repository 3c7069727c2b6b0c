import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { faultText } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import type { Log } from '../log.ts';
import { createLog } from '../log.ts';
import { version } from '../version.ts';
import type { Daemon } from './daemon.ts';
import { startDaemon } from './daemon.ts';
import { EVENTS, FLOODS } from './events.ts';

/** What the system asks of the process while it runs. */
export interface Signals {
  /** Resolves with the signal's name. */
  readonly stopAsked: Promise<string>;
  /** Calls `reload` at each SIGHUP. */
  onReload(reload: () => void): void;
}

/** `orderd --config FILE`: runs until asked to stop; resolves with the exit code. */
export async function runDaemon(file: string, signals: Signals): Promise<number> {
  const hup = rememberedHup(signals);
  const loaded = await loadConfig(file);
  if (!loaded.ok) {
    for (const fault of loaded.fault) process.stderr.write(`${faultText(fault)}\n`);
    return 1;
  }
  const config = loaded.value;
  const pretty = config.log.pretty === 'always' || (config.log.pretty === 'auto' && process.stdout.isTTY);
  const log = createLog({ level: config.log.level, pretty, events: EVENTS, floods: FLOODS });
  // The state in memory can no longer be trusted; what is stored can (E1, E5). Node itself would print the error as it is, numbers and all (E19).
  const fail = (error: unknown): void => {
    log.fatal('daemon.failed', error);
    process.exit(1);
  };
  process.on('unhandledRejection', fail);
  process.on('uncaughtException', fail);
  try {
    const starting = startDaemon(config, log.note, () => loadConfig(file));
    const daemon = await Promise.race([starting, overdueStart(signals, config)]);
    if (daemon === 'overdue') return await over('overdue', config, log);
    log.note('daemon.ready', { version, noc: daemon.nocPort });
    // One that fails is noted there; the process goes on.
    hup.from(() => void daemon.reload().catch(() => undefined));
    log.note('daemon.draining', { why: await signals.stopAsked });
    return await stop(daemon, config, log);
  } catch (error) {
    log.fatal('daemon.failed', error);
    return 1;
  }
}

/**
 * A SIGHUP before the daemon can reload would end the process, and systemd would count that as a clean end. It is remembered
 * and acted on once the start is over.
 */
function rememberedHup(signals: Signals): { readonly from: (reload: () => void) => void } {
  let asked = false;
  let onHup = (): void => void (asked = true);
  signals.onReload(() => onHup());
  return {
    from(reload) {
      onHup = reload;
      if (asked) reload();
    },
  };
}

/** A start may wait long, for a Redis that reads a big file; nothing is begun then that recovery does not end. */
async function overdueStart({ stopAsked }: Signals, { instance }: Config): Promise<'overdue'> {
  await stopAsked;
  return pause(instance.drainWithin, 'overdue', { ref: false });
}

/** 0 when all parts ended within the deadline; otherwise 1, and recovery does the rest at the next start. */
async function stop(daemon: Daemon, config: Config, log: Log): Promise<number> {
  const { drainWithin } = config.instance;
  const ended = await Promise.race([
    daemon.stop().then(() => 'in time' as const),
    pause(drainWithin, 'overdue' as const),
  ]);
  return over(ended, config, log);
}

async function over(ended: 'in time' | 'overdue', { instance: { drainWithin } }: Config, log: Log): Promise<number> {
  log.note(ended === 'overdue' ? 'daemon.drain-overdue' : 'daemon.stopped', { drainWithin });
  await log.flush();
  return ended === 'overdue' ? 1 : 0;
}
