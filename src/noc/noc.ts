import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { NoteFields } from '../lib/note.ts';
import { openApi } from './api/openapi.ts';
import { fail, registerRoutes } from './api/register.ts';
import type { Person } from './api/route.ts';
import { apiRoutes } from './api/table.ts';
import { isLoopback, refusal, SAFE_HEADERS } from './guard.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import type { NocSources } from './sources.ts';
import type { Identity } from './views.ts';

export type { NocSources, Readiness } from './sources.ts';

export interface NocSettings {
  /** Loopback, or any address when there is a token. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: string | undefined;
  /** The instance, as status shows it. */
  readonly name: string;
  readonly version: string;
}

/** Health, metrics and the API of one process. */
export interface Noc {
  /** Resolves with the port; rejects when the address may not or cannot be used. */
  listen(): Promise<number>;
  /** Answers what is under way, then closes. */
  close(): Promise<void>;
}

interface Rooms {
  readonly sources: NocSources;
  readonly self: Identity;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** `now` is wall time in epoch milliseconds. Metrics count the notes that the log publishes (see log.ts). */
export function createNoc(settings: NocSettings, sources: NocSources, now: () => number): Noc {
  const { host, port, token, name, version } = settings;
  const metrics = createMetrics(sources, { version }, now);
  const rooms = { sources, self: { name, version, startedAt: now() }, metrics, now };
  const app = server();
  guard(app, settings);
  routes(app, rooms, settings);
  void app.register((scope) => api(scope, rooms, settings));
  const listener = (message: unknown): void => observe(metrics, message);
  return {
    async listen() {
      if (!isLoopback(host) && token === undefined) throw new Error(`the NOC answers on ${host} only with a token`);
      await app.listen({ host, port });
      subscribe('orderd', listener);
      const [address] = app.addresses();
      return typeof address === 'object' ? address.port : port;
    },
    async close() {
      unsubscribe('orderd', listener);
      await app.close();
    },
  };
}

function server(): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 4096,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    // What no shape names is a fault to tell, not to drop in silence.
    ajv: { customOptions: { removeAdditional: false } },
    // A path that is no URL never reaches the hooks.
    frameworkErrors: (_, __, reply) => void misunderstood(reply.headers(SAFE_HEADERS), 400),
  });
  // A form of another site may send text; JSON it may not.
  app.removeContentTypeParser('text/plain');
  return app;
}

async function api(app: FastifyInstance, { sources, self, now }: Rooms, settings: NocSettings): Promise<void> {
  await openApi(app, self.version);
  registerRoutes(app, apiRoutes(sources, self, now), {
    person: () => personOf(settings),
    audit: (entry) => sources.audit.record({ at: now(), ...entry }),
  });
}

/** Whoever holds the token, or is on this machine, is an operator. */
function personOf({ token }: NocSettings): Person {
  return token === undefined
    ? { name: 'this machine', role: 'operator', claimed: true }
    : { name: 'token', role: 'operator' };
}

function observe(metrics: Metrics, message: unknown): void {
  const { event, level, fields } = message as { event: string; level: string; fields: NoteFields };
  metrics.observe(event, level, fields);
}

/** Probes carry no token; everything else passes the guard. */
const OPEN = new Set(['/livez', '/readyz']);

function guard(app: FastifyInstance, settings: NocSettings): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS);
    const why = refusal(request.headers, settings);
    if (why === undefined || (why.code === 'no-token' && OPEN.has(request.url))) return;
    if (why.status === 401) reply.header('www-authenticate', 'Bearer');
    await fail(reply, why.status, why.code, why.message);
  });
  app.setNotFoundHandler((request, reply) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads) return fail(reply, 404, 'not-found', 'there is nothing under this path');
    return fail(reply.header('allow', 'GET, HEAD'), 405, 'read-only', 'nothing may be changed here');
  });
  app.setErrorHandler((error: Fault, _, reply) => {
    const status = error.statusCode ?? 503;
    if (error.validation !== undefined) return fail(reply, 400, 'bad-request', error.message ?? '');
    if (status < 500) return misunderstood(reply, status);
    return fail(reply, 503, 'unavailable', 'the store does not answer; see redis_up and the log');
  });
}

interface Fault {
  readonly statusCode?: number;
  readonly message?: string;
  /** The request did not have the shape that its route declares. */
  readonly validation?: unknown;
}

function misunderstood(reply: FastifyReply, status: number): FastifyReply {
  return fail(reply, status, 'bad-request', 'the request was not understood');
}

function routes(app: FastifyInstance, rooms: Rooms, settings: NocSettings): void {
  const { sources, metrics } = rooms;
  app.get('/livez', () => ({ ok: true }));
  app.get('/readyz', async (request, reply) => {
    const { ok, reasons } = await sources.ready();
    const trusted = refusal(request.headers, settings) === undefined;
    return reply.code(ok ? 200 : 503).send(trusted ? { ok, reasons } : { ok });
  });
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
