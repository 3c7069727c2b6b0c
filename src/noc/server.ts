import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Note, NoteFields } from '../lib/note.ts';
import { scrubText } from '../log-scrub.ts';
import { fail } from './api/register.ts';
import type { Access, Proof } from './auth/access.ts';
import type { GuardSettings } from './guard.ts';
import { refusal, SAFE_HEADERS } from './guard.ts';

export interface ServerSettings extends GuardSettings {
  /** Addresses and networks of proxies: what they say of whom they speak for is believed. */
  readonly proxies: readonly string[];
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** The HTTP server with everything that stands before a route. */
export interface Server {
  readonly app: FastifyInstance;
  /** Who asks; undefined for somebody who proved nothing. */
  readonly proof: (request: FastifyRequest) => Proof | undefined;
}

/** Probes must work by address, whatever name a load balancer gives; they tell nobody anything. */
const PROBES = new Set(['/livez', '/readyz', '/startupz']);

/** What holds nothing: the page, the login. */
function isPublic(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return path === '/' || path.startsWith('/web/') || path === '/api/v1/session' || path === '/api/v1/session/end';
}

/** What the server asks and tells beside requests. */
export interface ServerEnv {
  /** Wall time, epoch milliseconds. */
  readonly now: () => number;
  readonly note: Note;
  readonly storeUp: () => boolean;
}

export function createServer(settings: ServerSettings, access: Access, env: ServerEnv): Server {
  const app = instance(settings);
  const proofs = new WeakMap<FastifyRequest, Proof>();
  const own = {
    ...settings,
    host: settings.host.toLowerCase(),
    hosts: settings.hosts.map((name) => name.toLowerCase()),
  };
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS);
    if (settings.tls !== undefined) reply.header('strict-transport-security', 'max-age=31536000');
    const { method, headers, url } = request;
    const proof = access.identify(headers, env.now());
    const why = refusal({ method, headers, isPublic: isPublic(url) }, own, proof);
    if (why === undefined && proof !== undefined) proofs.set(request, proof);
    if (why === undefined || PROBES.has(url)) return;
    if (why.status === 401) reply.header('www-authenticate', 'Bearer');
    await fail(reply, why.status, why.code, why.message);
  });
  const methods = methodsByPath(app);
  app.setNotFoundHandler((request, reply) => notFound(request, reply, methods));
  app.setErrorHandler((error: Fault, request, reply) => {
    if (isOfTheRequest(error)) return refused(error, reply);
    env.note('noc.failed', failureOf(error, request));
    return broken(reply, env);
  });
  return { app, proof: (request) => proofs.get(request) };
}

function instance({ tls, proxies }: ServerSettings): FastifyInstance {
  const app = fastify({
    logger: false,
    trustProxy: proxies.length === 0 ? false : [...proxies],
    bodyLimit: 4096,
    requestTimeout: 10_000,
    forceCloseConnections: true,
    // What no shape names is a fault to tell, not to drop in silence.
    ajv: { customOptions: { removeAdditional: false } },
    // A path that is no URL never reaches the hooks.
    frameworkErrors: (_, __, reply) => void misunderstood(reply.headers(SAFE_HEADERS), 400),
    clientErrorHandler: unread,
    ...(tls === undefined ? {} : { https: { ...tls, minVersion: 'TLSv1.2' } }),
  }) as unknown as FastifyInstance;
  // A form of another site may send text; JSON it may not.
  app.removeContentTypeParser('text/plain');
  return app;
}

/** What may be asked of a path, by the routes that are put on the server from now on. */
function methodsByPath(app: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const plain = url.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
    const path = new RegExp(`^${plain.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`);
    routes.push({ path, methods: [method].flat() });
  });
  return (asked) => [...new Set(routes.flatMap(({ path, methods }) => (path.test(asked) ? methods : [])))];
}

function notFound(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  methods: ReturnType<typeof methodsByPath>,
): FastifyReply {
  const allowed = methods(url.split('?', 1)[0] ?? '');
  if (allowed.length === 0 || allowed.includes(method))
    return fail(reply, 404, 'not-found', 'there is nothing under this path');
  const allow = [...allowed].sort().join(', ');
  return fail(reply.header('allow', allow), 405, 'wrong-method', `this path takes ${allow} only`);
}

interface Fault {
  readonly statusCode?: number;
  readonly message?: string;
  /** The request did not have the shape that its route declares. */
  readonly validation?: unknown;
}

function isOfTheRequest({ statusCode = 500, validation }: Fault): boolean {
  return validation !== undefined || statusCode < 500;
}

function refused(error: Fault, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 400;
  if (error.validation !== undefined) return fail(reply, 400, 'bad-request', error.message ?? '');
  if (status === 429) return fail(reply, 429, 'too-many', error.message ?? '');
  return misunderstood(reply, status);
}

/** The route as it is declared, not the path: that may name a subscriber, and the reason may quote one. */
function failureOf(error: Fault, { method, routeOptions }: FastifyRequest): NoteFields {
  return { method, route: routeOptions.url, reason: scrubText(error.message ?? 'none was given') };
}

/** Whoever asks is told of the store only while it is the store. */
function broken(reply: FastifyReply, { storeUp }: ServerEnv): FastifyReply {
  if (!storeUp()) return fail(reply, 503, 'unavailable', 'the store does not answer; see orderd_redis_up and the log');
  return fail(reply, 500, 'failed', 'this failed for a reason that noc.failed in the log names');
}

const MISUNDERSTOOD = { error: { code: 'bad-request', message: 'the request was not understood' } };

/** What Node itself tells of a request that is no HTTP, or not all of one; any other is 400. */
const UNREAD: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** There is no reply yet to say it by. */
function unread({ code = '' }: { readonly code?: string }, socket: Socket): void {
  const status = UNREAD[code] ?? 400;
  const body = JSON.stringify(MISUNDERSTOOD);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    ...SAFE_HEADERS,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines].join('\r\n');
  if (socket.writable) socket.write(`${head}\r\n\r\n${body}`);
  socket.destroySoon();
}

function misunderstood(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send(MISUNDERSTOOD);
}
