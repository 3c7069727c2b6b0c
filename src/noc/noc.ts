import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NoteFields } from '../lib/note.ts';
import { chargeRoutes, isOrderId } from './charge-routes.ts';
import { isLoopback, refusal, SAFE_HEADERS } from './guard.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import { orderDetail } from './order-view.ts';
import type { NocSources } from './sources.ts';
import type { Identity } from './views.ts';
import { deadLettersView, ordersView, queuesView, statusView } from './views.ts';

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

/** Health, metrics and the API of one process; it changes nothing but what a person decides on a disputed order. */
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
  const app = fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    // A path that is no URL never reaches the hooks.
    frameworkErrors: (_, __, reply) => void misunderstood(reply.headers(SAFE_HEADERS), 400),
  });
  guard(app, settings);
  routes(app, rooms, settings);
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
  app.setErrorHandler((error: { readonly statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 503;
    if (status < 500) return misunderstood(reply, status);
    return fail(reply, 503, 'unavailable', 'the store does not answer; see redis_up and the log');
  });
}

function misunderstood(reply: FastifyReply, status: number): FastifyReply {
  return fail(reply, status, 'bad-request', 'the request was not understood');
}

function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}

function routes(app: FastifyInstance, rooms: Rooms, settings: NocSettings): void {
  const { sources, self, metrics, now } = rooms;
  app.get('/livez', () => ({ ok: true }));
  app.get('/readyz', async (request, reply) => {
    const { ok, reasons } = await sources.ready();
    const trusted = refusal(request.headers, settings) === undefined;
    return reply.code(ok ? 200 : 503).send(trusted ? { ok, reasons } : { ok });
  });
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.get('/api/v1/status', () => statusView(sources, self, now()));
  listRoute(app, '/api/v1/orders', (limit) => ordersView(sources, limit));
  listRoute(app, '/api/v1/queues', (limit) => queuesView(sources, limit));
  listRoute(app, '/api/v1/dead-letters', (limit) => deadLettersView(sources, limit));
  chargeRoutes(app, sources, fail);
  app.get('/api/v1/orders/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const { id } = request.params;
    const order = isOrderId(id) ? await sources.orders.orderById(id) : undefined;
    return order === undefined ? fail(reply, 404, 'no-order', 'no order has this id') : orderDetail(order);
  });
}

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 500;

function listRoute(app: FastifyInstance, path: string, view: (limit: number) => Promise<object>): void {
  app.get(path, async (request: FastifyRequest<{ Querystring: { limit?: string } }>, reply) => {
    const text = request.query.limit ?? String(USUAL_LIMIT);
    const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (limit >= 1 && limit <= LARGEST_LIMIT) return view(limit);
    return fail(reply, 400, 'bad-limit', `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
  });
}
