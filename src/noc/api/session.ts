import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Note } from '../../lib/note.ts';
import type { Access } from '../auth/access.ts';
import { COOKIE } from '../auth/session.ts';
import type { Limit } from '../auth/tries.ts';
import { createTries } from '../auth/tries.ts';
import { fail } from './register.ts';
import type { Person } from './route.ts';
import { oneOf, record, text, yesNo } from './shape.ts';

export interface SessionDesk {
  readonly access: Access;
  readonly person: (request: FastifyRequest) => Person | undefined;
  readonly now: () => number;
  readonly note: Note;
  /** Milliseconds. */
  readonly sessionFor: number;
}

const SELF = record(
  {
    name: text('who asks'),
    role: oneOf(['viewer', 'operator'], 'what they may do'),
    login: yesNo('false where the NOC asks no login on this machine'),
  },
  ['name', 'role'],
);

const CREDENTIALS = record({
  name: text('user', { minLength: 1, maxLength: 64 }),
  password: text('password', { minLength: 1, maxLength: 1024 }),
});

/** Failed logins; the next try is answered 429. Of a name from anywhere many, for they shut its owner out too. */
const PER_NAME_AND_ADDRESS: Limit = { max: 10, within: 60_000 };
const PER_NAME: Limit = { max: 200, within: 15 * 60_000 };

/** Tries of an address under whatever names: each costs the hash of a password. */
const PER_ADDRESS = { max: 100, timeWindow: 60_000 } as const;

type Credentials = FastifyRequest<{ Body: { readonly name: string; readonly password: string } }>;

/** Log in, who am I, log out. Not in the table of routes: these are open to whoever has not logged in yet. */
export async function sessionRoutes(app: FastifyInstance, desk: SessionDesk): Promise<void> {
  await app.register(rateLimit, { global: false });
  const perAddress = app.createRateLimit(PER_ADDRESS);
  const limited = limits(desk.now);
  app.get('/api/v1/session', { schema: schemaOf('getSession', 'Who asks') }, (request) =>
    self(desk, desk.person(request)),
  );
  const schema = { ...schemaOf('postSession', 'Log in: sets the session cookie'), body: CREDENTIALS };
  app.post('/api/v1/session', { schema }, async (request: Credentials, reply) => {
    const spent = await perAddress(request);
    const tried = !spent.isAllowed && spent.isExceeded ? undefined : limited(request);
    if (tried !== undefined) return login(desk, tried, request, reply);
    desk.note('noc.login-refused', { address: request.ip, why: 'too-many' });
    return fail(reply, 429, 'too-many', 'too many tries to log in; wait some minutes');
  });
  const ends = schemaOf('postSessionEnd', 'Log out: ends the session cookie');
  app.post('/api/v1/session/end', { schema: ends }, (request, reply) => {
    reply.header('set-cookie', cookie('', 0, request));
    return self(desk, undefined);
  });
}

function schemaOf(operationId: string, summary: string): object {
  return { operationId, summary, tags: ['session'], security: [], 'x-role': 'anybody', response: { 200: SELF } };
}

/** What takes a try back that was none; undefined where there were too many. */
function limits(now: () => number): (request: Credentials) => (() => void) | undefined {
  const [perName, perBoth] = [createTries(PER_NAME), createTries(PER_NAME_AND_ADDRESS)];
  return ({ ip, body: { name } }) => {
    const both = JSON.stringify([ip, name]);
    // What one address may no longer try counts for no other.
    if (!perBoth.begin(both, now()) || !perName.begin(name, now())) return undefined;
    return () => {
      perBoth.succeeded(both, now());
      perName.succeeded(name, now());
    };
  };
}

function self({ access }: SessionDesk, person: Person | undefined): object {
  const login = !access.isOpen();
  return person === undefined ? { login } : { name: person.name, role: person.role, login };
}

async function login(
  desk: SessionDesk,
  tried: () => void,
  request: Credentials,
  reply: FastifyReply,
): Promise<unknown> {
  const { name, password } = request.body;
  const found = await desk.access.login(name, password, desk.now());
  if (found === undefined) {
    desk.note('noc.login-refused', { address: request.ip });
    return fail(reply, 401, 'wrong-login', 'name or password is wrong');
  }
  tried();
  desk.note('noc.login', { who: name, role: found.person.role });
  reply.header('set-cookie', cookie(found.session, desk.sessionFor / 1000, request));
  return self(desk, found.person);
}

/** Secure wherever the browser says that it came by https, a proxy before us included. */
function cookie(value: string, seconds: number, { headers, protocol }: FastifyRequest): string {
  const secure = protocol === 'https' || headers.origin?.startsWith('https:') === true;
  const parts = [`${COOKIE}=${value}`, 'Path=/', `Max-Age=${Math.floor(seconds)}`, 'HttpOnly', 'SameSite=Strict'];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}
