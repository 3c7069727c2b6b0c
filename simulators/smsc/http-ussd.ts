// USSD on the control port: a phone that dials, answers and hangs up.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Core } from './core.ts';
import { receiverOf } from './core.ts';
import { check } from './requests.ts';
import type { UssdGateway } from './ussd.ts';
import type { DialogueRecord } from './ussd-dialogue.ts';

const waitMs = z.coerce.number().int().min(0).max(600_000);

const dialBody = z.strictObject({
  from: z.string().regex(/^\d{3,15}$/, 'an MSISDN of 3 to 15 digits'),
  code: z.string().regex(/^[*#0-9]{2,20}$/, 'a code such as *100#'),
  account: z.string().optional(),
  waitMs: waitMs.default(10_000),
});
const replyBody = z.strictObject({ text: z.string(), waitMs: waitMs.default(10_000) });
const listQuery = z.strictObject({ msisdn: z.string().optional() });
const leaveQuery = z.strictObject({ how: z.enum(['hangs-up', 'timeout']).default('hangs-up') });
const oneQuery = z.strictObject({ turns: z.coerce.number().int().min(0).default(0), waitMs: waitMs.default(0) });

/** The dialogue once it has more than `turns` turns, is released, or `ms` has passed. */
export function nextTurn(
  gateway: UssdGateway,
  id: string,
  turns: number,
  ms: number,
): Promise<DialogueRecord | undefined> {
  const isNews = (record: DialogueRecord | undefined): boolean =>
    record === undefined || record.turns.length > turns || record.state === 'released';
  const now = gateway.find(id);
  if (isNews(now) || ms === 0) return Promise.resolve(now);
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve(gateway.find(id));
    };
    const timer = setTimeout(done, ms);
    const stop = gateway.changed.on((record) => {
      if (record.id === id && isNews(record)) done();
    });
  });
}

const bad = (reply: FastifyReply, code: number, error: string): FastifyReply => reply.code(code).send({ error });

type ById = { Params: { id: string } };

export function ussdRoutes(app: FastifyInstance, core: Core): void {
  const gateway = core.ussd;
  app.post('/ussd', (request, reply) => {
    const body = check(dialBody, request.body);
    if ('error' in body) return bad(reply, 400, body.error);
    const names =
      body.value.account === undefined ? core.options.accounts.map(({ systemId }) => systemId) : [body.value.account];
    const session = names.map((name) => receiverOf(core, name)).find((found) => found !== undefined);
    if (session === undefined) return bad(reply, 503, 'no bind that receives; is the ESME running?');
    const dialled = gateway.dial({ ...body.value, session });
    if (dialled === undefined) return bad(reply, 409, 'this phone is in a dialogue already');
    return nextTurn(gateway, dialled.id, 1, body.value.waitMs);
  });
  app.get('/ussd', (request, reply) => {
    const query = check(listQuery, request.query);
    return 'error' in query ? bad(reply, 400, query.error) : gateway.list(query.value.msisdn);
  });
  app.get<ById>('/ussd/:id', async (request, reply) => {
    const query = check(oneQuery, request.query);
    if ('error' in query) return bad(reply, 400, query.error);
    const record = await nextTurn(gateway, request.params.id, query.value.turns, query.value.waitMs);
    return record ?? bad(reply, 404, 'no such dialogue');
  });
  app.post<ById>('/ussd/:id/reply', (request, reply) => {
    const body = check(replyBody, request.body);
    if ('error' in body) return bad(reply, 400, body.error);
    if (!gateway.reply(request.params.id, body.value.text))
      return bad(reply, 409, 'the dialogue does not wait for a reply');
    const turns = gateway.find(request.params.id)?.turns.length ?? 0;
    return nextTurn(gateway, request.params.id, turns, body.value.waitMs);
  });
  app.delete<ById>('/ussd/:id', (request, reply) => {
    const query = check(leaveQuery, request.query);
    if ('error' in query) return bad(reply, 400, query.error);
    const { id } = request.params;
    if (!(query.value.how === 'timeout' ? gateway.expire(id) : gateway.cancel(id)))
      return bad(reply, 409, 'the dialogue is over');
    return gateway.find(id);
  });
}
