/** HTTP control of the OCS: JSON in and out, amounts in minor units, 400 with a reason for anything wrong. */
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { available, type Account } from './accounts.ts';
import type { OpenSession } from './charge-session.ts';
import { given } from './given.ts';
import { avpSchema } from './json-avp.ts';
import type { LedgerRow } from './ledger.ts';
import type { Answered } from './server-requests.ts';
import { dissect } from '../diameter/dissect.ts';
import { faultSchema, type FaultInput } from './faults.ts';
import { MAX_AMOUNT } from './money.ts';
import type { Ocs } from './contract.ts';

export interface Control {
  readonly port: number;
  close(): Promise<void>;
}

type Controlled = Omit<Ocs, 'ports' | 'close'>;

const msisdnSchema = z.strictObject({ msisdn: z.string().regex(/^\d{3,15}$/, '3 to 15 digits, without +') });
const amount = z.int().min(-Number(MAX_AMOUNT)).max(Number(MAX_AMOUNT));
const accountSchema = z.strictObject({
  balance: amount.optional(),
  blocked: z.boolean().optional(),
  free: z.boolean().optional(),
});
const listeningSchema = z.strictObject({ on: z.boolean() });
/** `after` is a row number or request id: only what came later. */
const aboutSchema = { msisdn: z.string().optional(), after: z.coerce.number().int().min(0).default(0) };
const ledgerSchema = z.strictObject({ format: z.enum(['json', 'jsonl', 'csv']).default('json'), ...aboutSchema });
const requestsSchema = z.strictObject(aboutSchema);
const idSchema = z.strictObject({ id: z.coerce.number().int().min(1) });
const sessionSchema = z.strictObject({
  sessionId: z.string().min(1),
  to: z.strictObject({ originHost: z.string().min(1), originRealm: z.string().min(1) }).optional(),
  avps: z.array(avpSchema).optional(),
});
const dprSchema = z.strictObject({ originHost: z.string().min(1), cause: z.int().min(0).max(2).default(0) });
const tariffsSchema = z.record(z.string(), z.int().min(0).nullable());

const shownAccount = (msisdn: string, account: Account): object => ({
  msisdn,
  balance: Number(account.balance),
  reserved: Number(account.reserved),
  available: Number(available(account)),
  blocked: account.blocked,
  free: account.free,
});

function accountRoutes(app: FastifyInstance, ocs: Controlled): void {
  app.get('/accounts', () => [...ocs.accounts.list()].map(([msisdn, account]) => shownAccount(msisdn, account)));

  app.get('/accounts/:msisdn', (request, reply) => {
    const { msisdn } = msisdnSchema.parse(request.params);
    const account = ocs.accounts.get(msisdn);
    return account === undefined ? missing(reply, `no account ${msisdn}`) : shownAccount(msisdn, account);
  });

  app.put('/accounts/:msisdn', (request) => {
    const { msisdn } = msisdnSchema.parse(request.params);
    const { balance, blocked, free } = accountSchema.parse(request.body);
    const account = ocs.accounts.set(
      msisdn,
      given({ balance: balance === undefined ? undefined : BigInt(balance), blocked, free }),
    );
    return shownAccount(msisdn, account);
  });

  app.delete('/accounts/:msisdn', (request, reply) => {
    const { msisdn } = msisdnSchema.parse(request.params);
    return ocs.accounts.remove(msisdn) ? reply.code(204).send() : missing(reply, `no account ${msisdn}`);
  });
}

function faultRoutes(app: FastifyInstance, ocs: Controlled): void {
  app.get('/faults', () => ocs.faults.list());

  app.post('/faults', (request, reply) => {
    faultSchema.parse(request.body);
    return reply.code(201).send(ocs.faults.add(request.body as FaultInput));
  });

  app.delete('/faults', (_request, reply) => {
    ocs.faults.clear();
    return reply.code(204).send();
  });

  app.delete('/faults/:id', (request, reply) => {
    const { id } = idSchema.parse(request.params);
    return ocs.faults.remove(id) ? reply.code(204).send() : missing(reply, `no fault rule ${id}`);
  });
}

function bookRoutes(app: FastifyInstance, ocs: Controlled): void {
  app.get('/ledger', (request, reply) => {
    const { format, msisdn, after } = ledgerSchema.parse(request.query);
    if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(ocs.ledger.csv());
    if (format === 'jsonl') return reply.type('application/x-ndjson').send(ocs.ledger.jsonLines());
    const asked = (row: LedgerRow): boolean => row.row > after && (msisdn === undefined || row.msisdn === msisdn);
    return reply.send(ocs.ledger.rows().filter(asked));
  });
  app.get('/debits', () => ocs.ledger.debits());
  app.get('/requests', (request) => {
    const { msisdn, after } = requestsSchema.parse(request.query);
    return ocs.requests.list().filter((one) => one.id > after && (msisdn === undefined || one.msisdn === msisdn));
  });
  app.get('/tariffs', () => Object.fromEntries([...ocs.tariffs].map(([service, price]) => [service, Number(price)])));
  app.put('/tariffs', (request) => {
    for (const [service, price] of Object.entries(tariffsSchema.parse(request.body))) {
      if (price === null) ocs.tariffs.delete(service);
      else ocs.tariffs.set(service, BigInt(price));
    }
    return Object.fromEntries([...ocs.tariffs].map(([service, price]) => [service, Number(price)]));
  });
}

const shownAnswer = (answered: Answered): object =>
  answered.kind === 'answered' ? { ...answered, answer: dissect(answered.answer) } : answered;

const shownSession = (session: OpenSession): object => ({
  ...session,
  held: Object.fromEntries([...session.held].map(([item, amount]) => [item, Number(amount)])),
});

/** RAR and ASR wait for the answer, or for the connection to go: an answer that never comes is the caller's to time. */
function sessionRoutes(app: FastifyInstance, ocs: Controlled): void {
  app.get('/sessions', () => ocs.sessions.list().map(shownSession));
  app.post('/rar', async (request, reply) => {
    const answered = await ocs.reauthorize(given(sessionSchema.parse(request.body)));
    return reply.code(answered.kind === 'nobody' ? 404 : 200).send(shownAnswer(answered));
  });
  app.post('/asr', async (request, reply) => {
    const answered = await ocs.abort(given(sessionSchema.parse(request.body)));
    return reply.code(answered.kind === 'nobody' ? 404 : 200).send(shownAnswer(answered));
  });
  app.post('/dpr', async (request, reply) => {
    const { originHost, cause } = dprSchema.parse(request.body);
    const answered = await ocs.disconnect(originHost, cause);
    return reply.code(answered.kind === 'nobody' ? 404 : 200).send(shownAnswer(answered));
  });
}

function nodeRoutes(app: FastifyInstance, ocs: Controlled): void {
  app.get('/peers', () => ocs.peers());
  app.get('/metrics', (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(ocs.metrics()));
  app.get('/listening', () => ({ on: ocs.listening() }));
  app.post('/listening', async (request) => {
    const { on } = listeningSchema.parse(request.body);
    await (on ? ocs.listen() : ocs.stopListening());
    return { on: ocs.listening() };
  });
}

function missing(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(404).send({ error });
}

/** Listens, or rejects with the reason (a taken port, say). */
export async function startControl(ocs: Controlled, place: { host: string; port: number }): Promise<Control> {
  const app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    return reply.code(error.statusCode ?? 500).send({ error: error.message });
  });
  for (const routes of [accountRoutes, faultRoutes, bookRoutes, sessionRoutes, nodeRoutes]) routes(app, ocs);
  await app.listen({ host: place.host, port: place.port });
  const [address] = app.addresses();
  return { port: typeof address === 'object' ? address.port : 0, close: () => app.close() };
}
