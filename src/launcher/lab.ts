import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { nodeArgs, ROOT } from './paths.ts';
import type { EmbeddedRedis } from './redis-server.ts';
import { startEmbeddedRedis } from './redis-server.ts';

/** Where the lab's parts listen; 0 picks a free port. */
export interface LabPorts {
  readonly smpp: number;
  readonly smscHttp: number;
  readonly diameter: number;
  readonly ocsHttp: number;
  readonly noc: number;
  readonly smtp: number;
  readonly mailHttp: number;
}

/** The well-known ports, so that what the README shows works as it stands. */
export const FIXED_PORTS: LabPorts = {
  smpp: 2775,
  smscHttp: 8775,
  diameter: 3868,
  ocsHttp: 8868,
  noc: 8080,
  smtp: 2525,
  mailHttp: 8825,
};
export const FREE_PORTS: LabPorts = { smpp: 0, smscHttp: 0, diameter: 0, ocsHttp: 0, noc: 0, smtp: 0, mailHttp: 0 };

export interface LabOptions {
  /** Holds Redis's data, logs, ledgers and captures. */
  readonly dir: string;
  readonly ports: LabPorts;
  /** The daemon's config file. */
  readonly config: string;
  /** More environment for the daemon. */
  readonly env?: Readonly<Record<string, string>>;
  /** With a mail server as well, and the daemon's email channel on it. */
  readonly mail?: boolean;
}

export interface Lab {
  readonly smscUrl: string;
  readonly ocsUrl: string;
  /** Of the daemon that runs now. */
  readonly nocUrl: () => string;
  readonly ports: LabPorts;
  readonly redis: EmbeddedRedis;
  readonly daemon: () => Child;
  /** Starts a daemon anew, after the last one ended. */
  startDaemon(env?: Readonly<Record<string, string>>): Promise<Child>;
  /** The daemon first, so that it can take its leave of both networks. */
  stop(): Promise<void>;
}

/** How long a part may take to stop before it is killed. */
const STOP_MS = 15_000;

const number = (child: Child, key: string): number => Number(child.ready[key]);

/** Starts Redis, both simulators and the daemon, in this order, and resolves when all are ready. */
export async function startLab(options: LabOptions): Promise<Lab> {
  mkdirSync(options.dir, { recursive: true });
  const stops: (() => Promise<unknown>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return await startParts(options, stops, stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startParts(
  options: LabOptions,
  stops: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Lab> {
  const redis = await startEmbeddedRedis({ dir: join(options.dir, 'redis'), allowApt: true });
  stops.push(() => redis.stop());
  const mail = await startMailServer(options, stops);
  const smsc = await startChild(smscPlan(options, mail.mailHttp));
  stops.push(() => smsc.stop(STOP_MS));
  const ocs = await startChild(ocsPlan(options));
  stops.push(() => ocs.stop(STOP_MS));
  const ports: LabPorts = {
    smpp: number(smsc, 'smpp'),
    smscHttp: number(smsc, 'http'),
    diameter: number(ocs, 'diameter'),
    ocsHttp: number(ocs, 'http'),
    noc: options.ports.noc,
    ...mail,
  };
  const launch = (env: Readonly<Record<string, string>>): Promise<Child> =>
    startChild(daemonPlan(options, ports, redis, env));
  let daemon = await launch({});
  const startDaemon = async (env: Readonly<Record<string, string>> = {}): Promise<Child> => {
    daemon = await launch(env);
    return daemon;
  };
  stops.push(() => daemon.stop(STOP_MS));
  return {
    smscUrl: `http://127.0.0.1:${ports.smscHttp}`,
    ocsUrl: `http://127.0.0.1:${ports.ocsHttp}`,
    nocUrl: () => `http://127.0.0.1:${number(daemon, 'noc')}`,
    ports,
    redis,
    daemon: () => daemon,
    startDaemon,
    stop,
  };
}

async function startMailServer(
  options: LabOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Pick<LabPorts, 'smtp' | 'mailHttp'>> {
  if (options.mail !== true) return { smtp: 0, mailHttp: 0 };
  const mail = await startChild(mailPlan(options));
  stops.push(() => mail.stop(STOP_MS));
  return { smtp: number(mail, 'smtp'), mailHttp: number(mail, 'http') };
}

function mailPlan({ dir, ports }: LabOptions) {
  const listen = ['--smtp-port', String(ports.smtp), '--http-port', String(ports.mailHttp), '--json'];
  const args = [...nodeArgs('simulators/mail/main'), ...listen];
  return { name: 'the mail simulator', args, readyEvent: 'ready', logFile: join(dir, 'mail.log') };
}

function smscPlan({ dir, ports }: LabOptions, mailHttp: number) {
  const phones = mailHttp === 0 ? [] : ['--mail-url', `http://127.0.0.1:${mailHttp}`];
  const files = ['--log', join(dir, 'smsc.jsonl'), '--pcap', join(dir, 'smpp.pcap'), ...phones];
  const listen = ['--smpp-port', String(ports.smpp), '--http-port', String(ports.smscHttp)];
  const args = [...nodeArgs('simulators/smsc/main'), ...listen, '--account', 'orderd:secret', ...files, '--json'];
  return { name: 'the SMSC simulator', args, readyEvent: 'ready', logFile: join(dir, 'smsc.log') };
}

function ocsPlan({ dir, ports }: LabOptions) {
  const files = ['--ledger', join(dir, 'ledger.jsonl'), '--pcap', join(dir, 'diameter.pcap')];
  const listen = ['--diameter-port', String(ports.diameter), '--http-port', String(ports.ocsHttp)];
  const args = [...nodeArgs('simulators/ocs/main'), ...listen, ...files, '--json'];
  return { name: 'the OCS simulator', args, readyEvent: 'ready', logFile: join(dir, 'ocs.log') };
}

function daemonPlan(options: LabOptions, ports: LabPorts, redis: EmbeddedRedis, env: Readonly<Record<string, string>>) {
  return {
    name: 'orderd',
    args: [...nodeArgs('src/main'), '--config', options.config],
    readyEvent: 'daemon.ready',
    logFile: join(options.dir, 'orderd.log'),
    env: {
      ORDERD_SMPP__LINKS__0__PORT: String(ports.smpp),
      ORDERD_DIAMETER__PEERS__0__PORT: String(ports.diameter),
      ORDERD_REDIS__URL: redis.url,
      ORDERD_NOC__PORT: String(ports.noc),
      ORDERD_INSTANCE__STATE_DIR: options.dir,
      ORDERD_LOG__PRETTY: 'never',
      ORDERD_CDR__FOLDER: join(options.dir, 'cdr'),
      ...(ports.smtp === 0 ? {} : mailEnv(ports.smtp)),
      ...options.env,
      ...env,
    },
  };
}

/** The email channel on the lab's mail server. */
function mailEnv(port: number): Readonly<Record<string, string>> {
  return {
    ORDERD_MAIL__HOST: '127.0.0.1',
    ORDERD_MAIL__PORT: String(port),
    ORDERD_MAIL__SECURITY: 'none',
    ORDERD_MAIL__FROM: 'orders@orderd.lab.example',
  };
}

export const LAB_CONFIG = join(ROOT, 'config', 'lab.yaml');
