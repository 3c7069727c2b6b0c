import { randomBytes } from 'node:crypto';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { faultText } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import { createClient } from '../diameter/client.ts';
import type { Client } from '../diameter/client.ts';
import { buildChannels } from './channels.ts';
import type { Channels } from './channels.ts';
import { guardCharging } from './charging.ts';
import { createPressure } from './pressure.ts';
import type { Pressure } from './pressure.ts';
import { buildNoc } from './noc.ts';
import { EVENTS } from './events.ts';
import { buildOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import { createRunning } from './running.ts';
import type { Running } from './running.ts';
import { openStorage } from './storage.ts';
import type { Storage } from './storage.ts';
import { goOn, resumeMt, resumeOrder } from '../flow/go-on.ts';
import type { Ports, Ratings } from '../flow/ports.ts';
import { receiveMo } from '../flow/receive-mo.ts';
import { receiveReceipt } from '../flow/receive-receipt.ts';
import { recordLate } from '../flow/record-charge.ts';
import { sweep } from '../flow/sweep.ts';
import type { Note } from '../lib/note.ts';
import { createLog } from '../log.ts';
import { createRatings } from '../redis/ratings.ts';
import { createQueues } from '../queue/queues.ts';
import type { Queues } from '../queue/queues.ts';
import { createGateway } from '../smpp/gateway.ts';
import type { Gateway, GatewayHandlers, PartStore } from '../smpp/gateway.ts';
import { version } from '../version.ts';
import { createWords } from '../words/words.ts';

/** Milliseconds that a clean stop may take in all. */
const DRAIN_MS = 10_000;

/** `orderd --config FILE`: runs until asked to stop; resolves with the exit code. */
export async function runDaemon(file: string, stopAsked: Promise<string>): Promise<number> {
  const loaded = await loadConfig(file);
  if (!loaded.ok) {
    for (const fault of loaded.fault) process.stderr.write(`${faultText(fault)}\n`);
    return 1;
  }
  const config = loaded.value;
  const pretty = config.log.pretty === 'always' || (config.log.pretty === 'auto' && process.stdout.isTTY);
  const log = createLog({ level: config.log.level, pretty, events: EVENTS });
  process.on('unhandledRejection', (error) => {
    // The state in memory can no longer be trusted; what is stored can (E1, E5).
    log.fatal('daemon.failed', error);
    process.exit(1);
  });
  try {
    const daemon = await startDaemon(config, log.note);
    log.note('daemon.ready', { version, noc: daemon.nocPort });
    log.note('daemon.draining', { why: await stopAsked });
    await daemon.stop();
    log.note('daemon.stopped');
    await log.flush();
    return 0;
  } catch (error) {
    log.fatal('daemon.failed', error);
    return 1;
  }
}

export interface Daemon {
  readonly nocPort: number;
  stop(): Promise<void>;
}

/** The live parts, in the order in which they start; they stop in the reverse order. */
interface Parts {
  readonly storage: Storage;
  readonly running: Running;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly channels: Channels;
  readonly queues: Queues;
  readonly outbox: Outbox;
  readonly ports: Ports;
  readonly pressure: Pressure;
}

const env = { clock: systemClock, random: (count: number): Uint8Array => new Uint8Array(randomBytes(count)) };

/** Builds every part, recovers what a last run left, and only then lets MOs in. */
export async function startDaemon(config: Config, note: Note): Promise<Daemon> {
  const storage = await openStorage(config, note);
  const parts = buildParts(config, storage, note);
  let draining = false;
  const noc = buildNoc(config, { ...parts, draining: () => draining });
  const nocPort = await noc.listen();
  await parts.queues.ready();
  await parts.outbox.start();
  parts.client.start();
  parts.queues.start();
  const stopSweeping = startSweeping(parts, note);
  parts.gateway.start();
  return {
    nocPort,
    async stop() {
      draining = true;
      parts.gateway.drain();
      stopSweeping();
      await drain(parts);
      await noc.close();
      await storage.close();
    },
  };
}

/** Lets what is under way end, takes its leave of both networks, and leaves the rest to the next start. */
async function drain({ running, queues, gateway, channels, client, outbox }: Parts): Promise<void> {
  await running.idle(DRAIN_MS / 2);
  await queues.drain();
  await gateway.stop(DRAIN_MS / 4);
  channels.close();
  await client.stop(DRAIN_MS / 4);
  await outbox.stop();
  await queues.close();
}

function buildParts(config: Config, storage: Storage, note: Note): Parts {
  const running = createRunning(note);
  const promote = (): void => running.go('promote settle jobs', () => queues.promoteAll('settle'));
  const client = createClient(
    config.node,
    {
      onLateAnswer: (late) => running.go('late answer', () => recordLate(ports, late)),
      onOpen: (open) => {
        if (open) promote();
      },
    },
    { ...env, note },
  );
  const handlers = handlersOf(() => ports, running, storage.parts);
  const gateway = createGateway(config.links, handlers, { ...env, note });
  const queues = queuesOf(config, storage, () => ports, note);
  const pressure = createPressure(() => storage.stores.index.census(), config.charging.backlogLimit, note);
  const channels = buildChannels(config, { sms: gateway, flash: gateway }, storage);
  const settings = { ...config.flow, channels: channels.offered };
  const ports: Ports = {
    ...storage.stores,
    credit: storage.credit,
    charging: guardCharging(client, { settings: config.charging.breaker, ...env, note, onMended: promote }),
    ratings: ratingsOf(config, storage),
    overloaded: () => pressure.overloaded(),
    speaker: channels.speaker,
    later: queues,
    words: createWords(config.languages),
    hashing: storage.hashing,
    ...env,
    note,
    catalogue: () => config.catalogue,
    policy: () => config.policy,
    settings: () => settings,
  };
  const outbox = buildOutbox(config, storage, note);
  return { storage, running, client, gateway, channels, queues, outbox, ports, pressure };
}

function ratingsOf(config: Config, { redis }: Storage): Ratings {
  const { ratingFailures: failures, ratingPause: pause } = config.charging;
  const now = (): number => systemClock.monotonic();
  return createRatings(redis, { failures, pause, catalogueVersion: () => config.catalogue.version, now });
}

function queuesOf(config: Config, { redis }: Storage, ports: () => Ports, note: Note): Queues {
  const { settle } = config.flow;
  const flows = { settle: (id: string) => resumeOrder(ports(), id), say: (id: string) => resumeMt(ports(), id) };
  return createQueues(
    {
      connection: redis.target,
      prefix: redis.prefix,
      flows,
      backoff: settle,
      maxAge: settle.maxAge,
      concurrency: 50,
      random: Math.random,
      now: () => systemClock.now(),
    },
    note,
  );
}

/** What the links hand in: an MO is acknowledged once the store holds it, and goes on after that. */
function handlersOf(ports: () => Ports, running: Running, parts: PartStore): GatewayHandlers {
  return {
    parts,
    onMo: async (mo) => {
      const { ack, next } = await receiveMo(ports(), mo);
      return { ack, after: () => running.go('order', () => goOn(ports(), next)) };
    },
    onReceipt: (receipt) => receiveReceipt(ports(), receipt),
  };
}

/** Sweeps at once, which is crash recovery, and then again and again; returns what ends it. */
function startSweeping({ ports, pressure }: Parts, note: Note): () => void {
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const again = async (): Promise<void> => {
    try {
      await sweep(ports);
      await pressure.measure();
    } catch (error) {
      note('sweep.failed', { reason: error instanceof Error ? error.message : String(error) });
    }
    if (!over) timer = setTimeout(() => void again(), ports.settings().sweepEvery);
  };
  void again();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
