import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chargeRow } from './charge-view.ts';
import type { ChargesView } from './charge-view.ts';
import type { NocSources, ResolveWord } from './sources.ts';

type Fail = (reply: FastifyReply, status: number, code: string, message: string) => FastifyReply;
type ById = FastifyRequest<{ Params: { id: string } }>;

/** Ids of ours only: whatever else is asked for never reaches the store. */
export function isOrderId(id: string): boolean {
  return /^\d{2,4}-[0-9a-z]{1,64}$/.test(id);
}

/** What `orderctl reconcile` reads, and what `orderctl order resolve` does. */
export function chargeRoutes(app: FastifyInstance, sources: NocSources, fail: Fail): void {
  app.get('/api/v1/charges', async (request: FastifyRequest<{ Querystring: Range }>, reply) => {
    const [from, to] = [request.query.from, request.query.to].map((text) => Date.parse(text ?? ''));
    if (from === undefined || to === undefined || !(from <= to))
      return fail(reply, 400, 'bad-range', 'from and to are ISO 8601 times, from not after to');
    return chargesView(sources, from, to);
  });
  app.get('/api/v1/charges/:id', async ({ params: { id } }: ById, reply) => {
    const order = isOrderId(id) ? await sources.orders.orderById(id) : undefined;
    const row = order === undefined ? undefined : chargeRow(order);
    return row ?? fail(reply, 404, 'no-charge', 'no order of this id was charged');
  });
  const { resolve } = sources;
  if (resolve === undefined) return;
  app.post('/api/v1/orders/:id/resolve', async (request: ById, reply) => {
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      return fail(reply, 415, 'not-json', 'the body must be application/json');
    const word = wordOf(request.body);
    if (word === undefined) return fail(reply, 400, 'bad-word', WANTED);
    const { id } = request.params;
    const resolved = isOrderId(id) ? await resolve(id, word) : { kind: 'unknown' as const };
    if (resolved.kind === 'unknown') return fail(reply, 404, 'no-order', 'no order has this id');
    if (resolved.kind === 'resolved') return { order: id, state: resolved.state };
    return fail(reply, 409, 'not-disputed', `the order is ${resolved.state}: only a disputed one is resolved by hand`);
  });
}

interface Range {
  readonly from?: string;
  readonly to?: string;
}

async function chargesView({ orders }: NocSources, from: number, to: number): Promise<ChargesView> {
  const listed = await orders.between(from, to);
  return {
    charges: listed.orders.map(chargeRow).filter((row) => row !== undefined),
    from: new Date(listed.from).toISOString(),
  };
}

const OUTCOMES = ['placed', 'uncharged', 'refund'] as const;
const WANTED = `outcome (${OUTCOMES.join(', ')}), why (3 to 300 characters) and who (1 to 64 characters) are needed`;

function wordOf(body: unknown): ResolveWord | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { outcome, why, who } = body as Readonly<Record<string, unknown>>;
  const found = OUTCOMES.find((one) => one === outcome);
  if (found === undefined || !isText(why, 3, 300) || !isText(who, 1, 64)) return undefined;
  return { outcome: found, why, who };
}

function isText(value: unknown, least: number, most: number): value is string {
  return typeof value === 'string' && value.trim().length >= least && value.length <= most && !/\p{Cc}/u.test(value);
}
