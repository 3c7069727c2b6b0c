import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { scrubText } from '../../log-scrub.ts';
import type { AuditEntry } from '../audit.ts';
import type { Person, Route } from './route.ts';
import { isRefused } from './route.ts';
import type { Shape } from './shape.ts';
import { record, text } from './shape.ts';

export interface Desk {
  /** Who asks; a request that reached a route has passed the guard. */
  readonly person: (request: FastifyRequest) => Person;
  readonly audit: (entry: Omit<AuditEntry, 'at'>) => Promise<void>;
}

const FAULT: Shape = {
  ...record({ error: record({ code: text('stable'), message: text('for people') }) }),
  description: 'why not',
};

/** Puts the table of routes on the server: shapes, roles, audit and OpenAPI all come from the one declaration. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[], desk: Desk): void {
  for (const route of routes)
    app.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(route),
      handler: (request, reply) => answer(route, request, reply, desk),
    });
}

function schemaOf(route: Route): object {
  const { path, tag, role, does, params, query, answer: shape } = route;
  return {
    operationId: `${route.method.toLowerCase()}${path.replace('/api/v1', '').replaceAll(/[/:-]+(\w)/g, (_, first: string) => first.toUpperCase())}`,
    summary: does,
    tags: [tag],
    'x-role': role,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(route.method === 'POST' ? { body: route.body } : {}),
    response: { 200: { description: does, ...shape }, '4xx': FAULT, '5xx': FAULT },
  };
}

async function answer(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { person, audit }: Desk,
): Promise<unknown> {
  const who = person(request);
  if (route.role === 'operator' && who.role !== 'operator')
    return fail(reply, 403, 'not-allowed', `${who.name} is a viewer: only an operator may do this`);
  const { params, query } = request;
  const endless = endlessOf(params) ?? endlessOf(query);
  if (endless !== undefined) return fail(reply, 400, 'bad-request', `${endless} must be a number that has an end`);
  const done = await route.handle({ params, query, body: scrubbed(request.body), who });
  if (isRefused(done)) return fail(reply, done.refused.status, done.refused.code, done.refused.message);
  if (route.method === 'GET') return done;
  const { view, deed } = done as { readonly view: object; readonly deed: Omit<AuditEntry, 'at' | 'who'> };
  await audit({ who: who.claimed === true ? `${who.name} (unproved)` : who.name, ...deed });
  return view;
}

/** The validator takes the text `1e999` for a number, and holds no limit against what it is then: Infinity. */
function endlessOf(given: unknown): string | undefined {
  const found = Object.entries(given ?? {}).find(([, value]) => Math.abs(value as number) === Infinity);
  return found?.[0];
}

/** What a person types as they like. */
const FREE = ['why', 'who'] as const;

/**
 * A reason, and who gives it where no login tells, are kept with orders, in credit books, in the log and in the audit record,
 * longer than the subscriber's number may be (E19): whatever number a person types into them goes no further than here.
 */
function scrubbed(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const given = body as Readonly<Record<string, unknown>>;
  const free = FREE.flatMap((name) => {
    const text = given[name];
    return typeof text === 'string' ? [[name, scrubText(text)] as const] : [];
  });
  return { ...body, ...Object.fromEntries(free) };
}

/** Every answer that is no view has this form. */
export function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { code, message } });
}
