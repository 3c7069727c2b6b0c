import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { ConfigFault } from '../config/faults.ts';
import { createClient } from '../diameter/client.ts';
import type { Client } from '../diameter/client.ts';
import { reasonOf } from '../lib/reason.ts';
import { buildChannels } from './channels.ts';
import type { Channels } from './channels.ts';
import { guardCharging } from './charging.ts';
import { createPressure } from './pressure.ts';
import type { Pressure } from './pressure.ts';
import { buildNoc } from './noc.ts';
import { buildOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';
import { createRunning } from './running.ts';
import type { Running } from './running.ts';
import type { Live } from './live.ts';
import { createLive, settingsOf } from './live.ts';
import { createRandom } from './random.ts';
import { createReload } from './reload.ts';
import { openStorage } from './storage.ts';
import type { Storage } from './storage.ts';
import type { UssdParts } from './ussd.ts';
import { buildUssd, ussdHandler } from './ussd.ts';
import { goOn, resumeMt, resumeOrder } from '../flow/go-on.ts';
import type { Ports, Ratings } from '../flow/ports/ports.ts';
import { receiveMo } from '../flow/receive-mo.ts';
import { tellProvider } from '../flow/charge/provide.ts';
import { receiveReceipt } from '../flow/say/receive-receipt.ts';
import type { Late } from '../flow/charge/record-charge.ts';
import { recordLate } from '../flow/charge/record-charge.ts';
import { sweep } from '../flow/sweep.ts';
import type { Note } from '../lib/note.ts';
import { ok } from '../lib/result.ts';
import type { Result } from '../lib/result.ts';
import { createRatings } from '../redis/ratings.ts';
import { webhooksOf } from './provision.ts';
import { createQueues } from '../queue/queues.ts';
import type { Queues } from '../queue/queues.ts';
import { createGateway } from '../smpp/gateway.ts';
import type { PartStore } from '../flow/ports/part-store.ts';
import type { Gateway, GatewayHandlers } from '../smpp/gateway.ts';

export interface Daemon {
  readonly nocPort: number;
  /** Takes a changed config over (SIGHUP); a faulty one changes nothing. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** The live parts, in the order in which they start; they stop in the reverse order. */
interface Parts {
  readonly storage: Storage;
  readonly running: Running;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly channels: Channels;
  readonly ussd: UssdParts | undefined;
  readonly queues: Queues;
  readonly outbox: Outbox;
  readonly ports: Ports;
  readonly pressure: Pressure;
}

const random = createRandom();

/** Builds every part, recovers what a last run left, and only then lets MOs in. */
export async function startDaemon(
  config: Config,
  note: Note,
  load: () => Promise<Result<Config, readonly ConfigFault[]>> = () => Promise.resolve(ok(config)),
): Promise<Daemon> {
  const live = createLive(config);
  const storage = await openStorage(live, note);
  const parts = buildParts(live, storage, note);
  const reload = createReload({ ...parts, load, live, now: () => storage.clock.now(), note });
  let draining = false;
  let started = false;
  const noc = buildNoc(live, { ...parts, reload, draining: () => draining, started: () => started }, note);
  const nocPort = await noc.listen();
  await parts.queues.ready();
  note('leases.taken-over', { count: await storage.takeOver() });
  await storage.suspensions.refresh();
  await parts.outbox.start();
  parts.client.start();
  parts.queues.start();
  const stopSweeping = startSweeping(parts, note);
  parts.gateway.start();
  started = true;
  return {
    nocPort,
    reload: () => reload.run(),
    async stop() {
      draining = true;
      parts.gateway.drain();
      stopSweeping();
      await drain(parts, config.instance.drainWithin);
      await handOver(storage, note);
      await parts.queues.close();
      await noc.close();
      await storage.close();
    },
  };
}

/** Where Redis does not take it back, the others do once the leases have ended: the rest is ended all the same. */
async function handOver(storage: Storage, note: Note): Promise<void> {
  try {
    note('leases.handed-over', { count: await storage.handOver() });
  } catch (error) {
    note('leases.kept', { reason: reasonOf(error) });
  }
}

/** Lets what is under way end and takes its leave of both networks; `ms` is for all of it. */
async function drain({ running, queues, gateway, channels, ussd, client, outbox }: Parts, ms: number): Promise<void> {
  await Promise.all([running.idle(ms / 2), queues.drain()]);
  await gateway.stop(ms / 5);
  channels.close();
  ussd?.close();
  await client.stop(ms / 10);
  // What still waited for an answer has heard that none comes.
  await running.idle(ms / 10);
  await outbox.stop();
}

function buildParts(live: Live, storage: Storage, note: Note): Parts {
  const { config } = live;
  const running = createRunning(note);
  const env = { clock: storage.clock, random };
  const promote = (): void => running.go('promote settle jobs', () => queues.promoteAll('settle'));
  const onLateAnswer = (late: Late): void => running.go('late answer', () => recordLate(ports, late));
  const onOpen = (open: boolean): void => (open ? promote() : undefined);
  const client = createClient(config.node, { onLateAnswer, onOpen }, { ...env, note });
  const onServed = (routes: ReadonlySet<string>): void => queues.serve(routes);
  const handlers = { ...handlersOf(() => ports, running, storage.parts), onServed };
  const gateway = createGateway(config.links, handlers, { ...env, note });
  const queues = queuesOf(live, storage, () => ports, note);
  const pressure = pressureOf(live, storage, note);
  const ussd = buildUssd(() => live.config, { storage, gateway, ports: () => ports, note });
  const onLinks = { sms: gateway, flash: gateway, ...(ussd === undefined ? {} : { ussd: ussd.speaker }) };
  const channels = buildChannels(config, onLinks, storage);
  const ports: Ports = {
    ...storage.stores,
    credit: storage.credit,
    charging: guardCharging(client, { settings: config.charging.breaker, ...env, note, onMended: promote }),
    ratings: ratingsOf(live, storage),
    overloaded: () => pressure.overloaded(),
    suspended: (id) => storage.suspensions.of(id) !== undefined,
    speaker: channels.speaker,
    ...(ussd === undefined ? {} : { ussd: ussd.ussd }),
    later: queues,
    provide: webhooksOf(live, storage),
    get words() {
      return live.words;
    },
    hashing: storage.hashing,
    ...env,
    note,
    catalogue: () => live.config.catalogue,
    policy: () => live.config.policy,
    settings: settingsOf(live, channels.offered),
  };
  const outbox = buildOutbox(live, storage, queues, ports);
  return { storage, running, client, gateway, channels, ussd, queues, outbox, ports, pressure };
}

function pressureOf(live: Live, { stores, watch }: Storage, note: Note): Pressure {
  const limit = (): number => live.config.charging.backlogLimit;
  return createPressure(stores.index, { limit, unwell: () => watch.problem() !== undefined }, note);
}

function ratingsOf(live: Live, { redis, clock }: Storage): Ratings {
  return createRatings(redis, {
    failures: () => live.config.charging.ratingFailures,
    pause: () => live.config.charging.ratingPause,
    catalogueVersion: () => live.config.catalogue.version,
    now: () => clock.monotonic(),
  });
}

function queuesOf(live: Live, { redis }: Storage, ports: () => Ports, note: Note): Queues {
  const flows = {
    settle: (id: string, fence?: number) => resumeOrder(ports(), id, fence),
    say: (id: string, fence?: number) => resumeMt(ports(), id, fence),
    provision: (id: string) => tellProvider(ports(), id),
  };
  return createQueues(
    {
      connection: redis.target,
      prefix: redis.prefix,
      flows,
      retry: () => live.config.flow.settle,
      concurrency: 50,
      drainFor: live.config.instance.drainWithin / 2,
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
    onUssd: ussdHandler(ports, running),
  };
}

/** Sweeps at once, which is crash recovery, and then again and again; returns what ends it. */
function startSweeping({ storage, ports, pressure, gateway }: Parts, note: Note): () => void {
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const again = async (): Promise<void> => {
    try {
      await storage.watch.look();
      await sweep(ports);
      await gateway.handLateParts();
      await storage.suspensions.refresh();
      await pressure.measure();
    } catch (error) {
      // The last one may be cut off by the stop.
      if (!over) note('sweep.failed', { reason: reasonOf(error) });
    }
    if (!over) timer = setTimeout(() => void again(), ports.settings().sweepEvery);
  };
  void again();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
