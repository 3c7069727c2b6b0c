// The HTTP control port: what tests, the handset and people use to play subscriber and network.
import type { FastifyInstance, FastifyReply } from 'fastify';
import fastify from 'fastify';
import type { Core } from './core.ts';
import { receiverOf } from './core.ts';
import type { MoResult, MoSender } from './mo.ts';
import {
  check,
  fateBody,
  faultBody,
  limitsBody,
  messagesQuery,
  moBody,
  moQuery,
  outbindBody,
  pdusQuery,
  powerBody,
  rawBody,
} from './requests.ts';
import { ussdRoutes } from './http-ussd.ts';
import { callEsme } from './outbind.ts';
import { mailRoutes } from './mails.ts';
import { webRoutes } from './web.ts';
import { canReceive, isBound } from './session-fsm.ts';
import type { Session } from './session.ts';

export interface BindRecord {
  readonly bind: string;
  readonly account: string;
  readonly state: string;
  readonly receives: boolean;
  readonly version: number;
  readonly peerPort: number;
  readonly inFlight: number;
}

const bindRecord = (session: Session): BindRecord => ({
  bind: session.id,
  account: session.account ?? '',
  state: session.state,
  receives: canReceive(session.state),
  version: session.version,
  peerPort: session.peerPort,
  inFlight: session.inFlight,
});

export const bindsOf = (core: Core): BindRecord[] =>
  [...core.sessions].filter((session) => isBound(session.state)).map(bindRecord);

const bad = (reply: FastifyReply, error: string, code = 400): FastifyReply => reply.code(code).send({ error });

/** The result if it comes within `ms`. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  const first = await Promise.race([promise, limit]);
  clearTimeout(timer);
  return first;
}

function messageRoutes(app: FastifyInstance, core: Core, sendMo: MoSender): void {
  app.post('/mo', async (request, reply) => {
    const body = check(moBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    const sent = sendMo(body.value);
    if ('error' in sent) return bad(reply, sent.error, sent.reason === 'no-bind' ? 503 : 400);
    const result: MoResult | undefined = await within(sent, body.value.waitMs);
    return result ?? reply.code(202).send({ pending: true, error: 'not answered yet; it goes on being redelivered' });
  });
  app.get('/mo', (request, reply) => {
    const query = check(moQuery, request.query);
    return 'error' in query ? bad(reply, query.error) : core.sent.list(query.value.from);
  });
  app.get('/messages', async (request, reply) => {
    const query = check(messagesQuery, request.query);
    if ('error' in query) return bad(reply, query.error);
    return core.inbox.read(query.value);
  });
  app.get('/submits', () => core.book.submits());
  app.get('/pdus', (request, reply) => {
    const query = check(pdusQuery, request.query);
    return 'error' in query ? bad(reply, query.error) : core.traffic.after(query.value.after);
  });
}

function faultRoutes(app: FastifyInstance, core: Core): void {
  app.get('/faults', () => core.faults.list());
  app.post('/faults', (request, reply) => {
    const body = check(faultBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    return body.value.map((rule) => core.faults.add(rule));
  });
  app.delete('/faults', () => ({ removed: core.faults.remove() }));
  app.delete<{ Params: { id: string } }>('/faults/:id', (request) => ({
    removed: core.faults.remove(Number(request.params.id)),
  }));
}

function handsetRoutes(app: FastifyInstance, core: Core): void {
  app.get('/fates', () => core.fates.list());
  app.post('/fates', (request, reply) => {
    const body = check(fateBody, request.body);
    return 'error' in body ? bad(reply, body.error) : core.fates.add(body.value);
  });
  app.delete('/fates', () => ({ removed: core.fates.remove() }));
  app.put<{ Params: { msisdn: string } }>('/handsets/:msisdn', (request, reply) => {
    const body = check(powerBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    core.power.set(request.params.msisdn, body.value.power === 'on');
    return { msisdn: request.params.msisdn, power: body.value.power };
  });
}

function linkRoutes(app: FastifyInstance, core: Core): void {
  app.get('/binds', () => bindsOf(core));
  app.delete<{ Params: { bind: string } }>('/binds/:bind', (request, reply) => {
    const session = [...core.sessions].find(({ id }) => id === request.params.bind);
    if (session === undefined) return bad(reply, 'no such bind', 404);
    session.drop();
    return { dropped: session.id };
  });
  app.post('/outbind', async (request, reply) => {
    const body = check(outbindBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    const { waitMs, ...call } = body.value;
    const session = await callEsme(core, call, waitMs).catch((error: unknown) => String(error));
    if (typeof session === 'string') return bad(reply, `nobody takes the call: ${session}`, 503);
    return session === undefined ? bad(reply, 'the ESME did not bind', 504) : bindRecord(session);
  });
  app.put('/limits', (request, reply) => {
    const body = check(limitsBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    core.allowance.set(body.value.rate);
    return body.value;
  });
  app.post('/raw', (request, reply) => {
    const body = check(rawBody, request.body);
    if ('error' in body) return bad(reply, body.error);
    const session = receiverOf(core, body.value.account);
    if (session === undefined) return bad(reply, 'no bind of that account receives', 503);
    const bytes = Buffer.from(body.value.hex.replaceAll(/\s/g, ''), 'hex');
    session.write(bytes);
    return { bind: session.id, octets: bytes.length };
  });
  app.get('/metrics', async (_request, reply) => reply.type(core.metrics.contentType).send(await core.metrics.text()));
}

export function controlPort(core: Core, sendMo: MoSender): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  messageRoutes(app, core, sendMo);
  faultRoutes(app, core);
  handsetRoutes(app, core);
  linkRoutes(app, core);
  ussdRoutes(app, core);
  webRoutes(app, core);
  mailRoutes(app, core);
  return app;
}
