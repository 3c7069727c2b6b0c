import type { FastifyInstance } from 'fastify';
import type { Note, NoteFields } from '../lib/note.ts';
import { isLoopback } from '../lib/loopback.ts';
import { reasonOf } from '../lib/reason.ts';
import { scrubText } from '../log-scrub.ts';
import { openApi } from './api/openapi.ts';
import { registerRoutes } from './api/register.ts';
import type { Desk } from './api/register.ts';
import { sessionRoutes } from './api/session.ts';
import { apiRoutes } from './api/table.ts';
import type { Access, AccessSettings } from './auth/access.ts';
import { createAccess } from './auth/access.ts';
import { boardView } from './board/board-view.ts';
import type { Feed } from './board/feed.ts';
import { createFeed } from './board/feed.ts';
import { createMeter } from './board/meter.ts';
import { createTally } from './board/tally.ts';
import { createTraces } from './board/traces.ts';
import { watchNotes } from './board/watch.ts';
import { healthRoutes } from './health.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import type { Server, ServerSettings } from './server.ts';
import { pageRoutes } from './pages.ts';
import { BOARD_PATH, queueBoardRoutes } from './queue-board.ts';
import { createServer } from './server.ts';
import type { NocSources } from './sources.ts';
import type { Identity } from './views.ts';

export type { NocSources, Readiness } from './sources.ts';

export interface NocSettings extends ServerSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly access: AccessSettings;
  /** The instance, as status shows it. */
  readonly name: string;
  readonly version: string;
}

/** Health, metrics, the API and the dashboard of one process. */
export interface Noc {
  /** Resolves with the port; rejects when the address may not or cannot be used. */
  listen(): Promise<number>;
  /** Answers what is under way, then closes. */
  close(): Promise<void>;
}

export interface NocEnv {
  /** Wall time, epoch milliseconds. */
  readonly now: () => number;
  readonly note: Note;
}

interface Rooms {
  readonly settings: NocSettings;
  readonly sources: NocSources;
  readonly self: Identity;
  readonly server: Server;
  readonly access: Access;
  readonly env: NocEnv;
  readonly board: Board;
}

type Board = ReturnType<typeof createBoard>;

function createBoard({ now }: NocEnv, metrics: Metrics) {
  const clock = (): number => performance.now();
  return {
    tally: createTally(now),
    meter: createMeter(clock, (fields) => metrics.observe('charge.timed', 'debug', fields)),
    traces: createTraces(now),
  };
}

/** Metrics count the notes that the log publishes (see log.ts). */
export function createNoc(settings: NocSettings, sources: NocSources, env: NocEnv): Noc {
  const { host, port, name, version } = settings;
  const metrics = createMetrics(sources, { version }, env.now);
  const access = createAccess(settings.access);
  const { storeUp = () => true } = sources;
  const server = createServer(settings, access, { ...env, storeUp });
  const { app } = server;
  const self = { name, version, startedAt: env.now() };
  const board = createBoard(env, metrics);
  const rooms = { settings, sources, self, server, access, env, board };
  healthRoutes(app, sources, metrics, server);
  void app.register(pageRoutes);
  const { queueBoard } = sources;
  if (queueBoard !== undefined) void app.register((scope) => queueBoardRoutes(scope, queueBoard(BOARD_PATH)));
  const stop: (() => void)[] = [];
  void app.register(async (scope) => {
    const feed = await api(scope, rooms);
    stop.push(
      () => feed.close(),
      watchNotes([
        (event, level, fields) => metrics.observe(event, level, fields),
        (event, _, fields) => watch(board, event, fields),
        (event) => (event.startsWith('order.') || event.startsWith('link.') ? feed.hint() : undefined),
      ]),
    );
  });
  return {
    async listen() {
      const why = unguarded(settings, access.isOpen());
      if (why !== undefined) throw new Error(why);
      await app.listen({ host, port }).catch(notListening);
      const [address] = app.addresses();
      return typeof address === 'object' ? address.port : port;
    },
    async close() {
      for (const each of stop.splice(0)) each();
      await app.close();
    },
  };
}

/** The system names the address, not the keys of the config that it comes from. */
function notListening(cause: unknown): never {
  throw new Error(`noc.host and noc.port cannot be listened at: ${reasonOf(cause)}`, { cause });
}

/** What would let somebody on another machine in who proved nothing; config is checked for the same. */
function unguarded({ host, hosts, tls }: NocSettings, isOpen: boolean): string | undefined {
  if (!isLoopback(host) && (isOpen || tls === undefined))
    return `the NOC answers on ${host} only with users or tokens, and with TLS`;
  const named = hosts.find((name) => !isLoopback(name));
  return isOpen && named !== undefined ? `the NOC answers to ${named} only with users or tokens` : undefined;
}

function watch({ tally, meter, traces }: Board, event: string, fields: NoteFields): void {
  tally.observe(event, fields);
  meter.observe(event, fields);
  traces.observe(event, fields);
}

async function api(app: FastifyInstance, rooms: Rooms): Promise<Feed> {
  const { settings, sources, self, server, access, env, board } = rooms;
  const onFault = (error: unknown): void => figuresMissing(rooms, error);
  const desk = { sources, self, now: env.now, onFault, ...board };
  await openApi(app, self.version);
  await sessionRoutes(app, {
    ...env,
    access,
    person: (request) => server.proof(request)?.person,
    sessionFor: settings.access.sessionFor,
  });
  registerRoutes(app, apiRoutes(desk, board.traces), {
    person: (request) => server.proof(request)?.person ?? { name: 'nobody', role: 'viewer' },
    audit: auditDesk(sources, env),
  });
  return createFeed(app, {
    view: () => boardView(desk),
    holds: ({ headers }) => access.identify(headers, env.now()) !== undefined,
    every: 2000,
    soonest: 300,
    onFault: (error) => env.note('noc.feed-failed', { reason: reasonOf(error) }),
  });
}

/** That the store is away is told by its own adapter; that it is there and does not tell its figures is told here. */
function figuresMissing({ sources, env }: Rooms, error: unknown): void {
  if (sources.storeUp?.() === false) return;
  const reason = scrubText(reasonOf(error));
  env.note('noc.failed', { method: 'GET', route: '/api/v1/status', reason });
}

/** A change that is done is told in the log whatever becomes of its record. */
function auditDesk({ audit }: NocSources, { now, note }: NocEnv): Desk['audit'] {
  return async (entry) => {
    const { who, what, subject, why, before, after } = entry;
    const facts = { before: JSON.stringify(before), after: JSON.stringify(after) };
    note('noc.changed', { who, what, subject, why, ...facts });
    try {
      await audit.record({ at: now(), ...entry });
    } catch (error) {
      note('noc.audit-failed', { who, what, subject, reason: reasonOf(error) });
    }
  };
}
