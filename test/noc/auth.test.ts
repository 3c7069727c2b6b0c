import { afterEach, describe, expect, it } from 'vitest';
import type { Logins } from '../../src/noc/auth/access.ts';
import { hashPassword, isPassword } from '../../src/noc/auth/password.ts';
import { sessionName, signSession } from '../../src/noc/auth/session.ts';
import type { Running } from './fakes.ts';
import { noted, NOW, ORDER_ID, SOURCES, useNocs } from './fakes.ts';

const [AMINA, VIKTOR] = await Promise.all([hashPassword('amina has a secret'), hashPassword('viktor only looks')]);
const USERS = [
  { name: 'amina', role: 'operator', password: AMINA },
  { name: 'viktor', role: 'viewer', password: VIKTOR },
] as const;
const HOST = '127.0.0.1:8080';
const OWN = { host: HOST, origin: `http://${HOST}` };

const begin = useNocs();
let resolved: string[] = [];

function start(options: Parameters<typeof begin>[0] = {}): Promise<Running> {
  const resolve = (id: string) => {
    resolved.push(id);
    return Promise.resolve({ kind: 'resolved', state: 'placed' } as const);
  };
  return begin({ sources: { ...SOURCES, resolve }, access: { users: USERS }, ...options });
}

afterEach(() => {
  resolved = [];
});

async function login(one: Running, name: string, password: string, headers: object = OWN): Promise<string> {
  const answer = await one.post('/api/v1/session', { name, password }, { ...headers });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.headers['set-cookie']?.[0]);
}

const pair = (cookie: string): string => cookie.split(';')[0] ?? '';
const WORD = { outcome: 'placed', why: 'row 4711 of the book' };
const RESOLVE = `/api/v1/orders/${ORDER_ID}/resolve`;

describe('passwords', () => {
  it('are held to their line; whatever is no line holds none', async () => {
    expect(await isPassword('amina has a secret', AMINA)).toBe(true);
    expect(await isPassword('amina has a secreT', AMINA)).toBe(false);
    expect(await isPassword('', '')).toBe(false);
    for (const cost of ['31:8:1', '16:16:1', '16:1:1', '0:8:1', '15:0:1', '15:8:0'])
      expect(await isPassword('x', AMINA.replace('15:8:1', cost))).toBe(false);
  });

  it('are the same however a keyboard puts their letters together', async () => {
    expect(await isPassword('cafe\u0301 noir', await hashPassword('caf\u00e9 noir'))).toBe(true);
  });

  it('are salted', async () => {
    expect(await hashPassword('the same one')).not.toBe(await hashPassword('the same one'));
  });
});

describe('sessions', () => {
  const key = new Uint8Array(32).fill(1);
  const terms = { key, standing: (name: string) => (name === 'amina' ? AMINA : undefined) };
  const session = signSession('amina', NOW + 1000, terms);

  it.each([
    ['a right one', session, terms, NOW, 'amina'],
    ['one that is over', session, terms, NOW + 1000, undefined],
    ['one with a later end', session.replace(String(NOW + 1000), String(NOW + 9000)), terms, NOW, undefined],
    ['one of another key', session, { ...terms, key: new Uint8Array(32) }, NOW, undefined],
    ['one from before role or password changed', session, { ...terms, standing: () => VIKTOR }, NOW, undefined],
    ['one of a user who is gone', session, { ...terms, standing: () => undefined }, NOW, undefined],
    ['one with more behind it', `${session}A`, terms, NOW, undefined],
    ['nothing', '', terms, NOW, undefined],
  ])('%s', (...[, text, held, now, name]) => {
    expect(sessionName(text, now, held)).toBe(name);
  });
});

describe('login', () => {
  it('sets a cookie that no script reads and no other site sends', async () => {
    const one = await start();
    const cookie = await login(one, 'amina', 'amina has a secret');
    expect(cookie).toMatch(/^orderd-session=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/);
    expect((await one.get('/api/v1/session', { cookie: pair(cookie) })).json()).toEqual({
      name: 'amina',
      role: 'operator',
      login: true,
    });
    expect((await one.get('/api/v1/status', { cookie: pair(cookie) })).status).toBe(200);
  });

  it('is found among the cookies of others', async () => {
    const one = await start();
    const own = pair(await login(one, 'amina', 'amina has a secret'));
    const cookie = `theme=dark; orderd-session-old=gone; ${own};last=1`;
    expect((await one.get('/api/v1/status', { cookie })).status).toBe(200);
  });

  it('is Secure where the browser came by https', async () => {
    const one = await start({ settings: { hosts: ['noc.example.net'] } });
    const https = { host: 'noc.example.net', origin: 'https://noc.example.net' };
    expect(await login(one, 'amina', 'amina has a secret', https)).toMatch(/; Secure$/);
  });

  it.each([
    ['a wrong password', { name: 'amina', password: 'amina has no secret' }, 401],
    ['nobody', { name: 'mallory', password: 'amina has a secret' }, 401],
    ['another one’s password', { name: 'viktor', password: 'amina has a secret' }, 401],
    ['no password', { name: 'amina' }, 400],
    ['more than asked', { name: 'amina', password: 'amina has a secret', role: 'operator' }, 400],
  ])('%s: refused', async (_, body, status) => {
    const one = await start();
    const answer = await one.post('/api/v1/session', body, OWN);
    expect(answer.status).toBe(status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('tells the log who did not get in from where, and no password', async () => {
    const one = await start();
    noted.length = 0;
    await one.post('/api/v1/session', { name: 'amina', password: 'not this one' }, OWN);
    expect(noted).toEqual([{ event: 'noc.login-refused', fields: { address: '127.0.0.1' } }]);
  });

  it('ends', async () => {
    const one = await start();
    const answer = await one.post('/api/v1/session/end', {}, OWN);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^orderd-session=; Path=\/; Max-Age=0;/);
    expect(answer.json()).toEqual({ login: true });
  });
});

describe('who may do what', () => {
  it.each(['/api/v1/status', '/api/v1/orders', '/api/v1/openapi.json', '/metrics', '/api/v1/nothing'])(
    'nobody reads %s without a login',
    async (path) => {
      const answer = await (await start()).get(path);
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ error: { code: 'no-login' } });
    },
  );

  it('nobody writes without a login', async () => {
    const one = await start();
    expect((await one.post(RESOLVE, WORD, OWN)).status).toBe(401);
    expect((await one.post(RESOLVE, WORD, { ...OWN, cookie: 'orderd-session=YQ.9999999999999.AAAA' })).status).toBe(
      401,
    );
    expect((await one.post(RESOLVE, WORD, { ...OWN, authorization: 'Bearer wrong' })).status).toBe(401);
    expect(resolved).toEqual([]);
  });

  it('a viewer reads and changes nothing', async () => {
    const one = await start();
    const cookie = pair(await login(one, 'viktor', 'viktor only looks'));
    expect((await one.get('/api/v1/orders', { cookie })).status).toBe(200);
    const answer = await one.post(RESOLVE, WORD, { ...OWN, cookie });
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({
      error: { code: 'not-allowed', message: 'viktor is a viewer: only an operator may do this' },
    });
    expect((await one.get('/api/v1/audit', { cookie })).status).toBe(403);
    expect(resolved).toEqual([]);
  });

  it('an operator changes, from our own page only', async () => {
    const one = await start();
    const cookie = pair(await login(one, 'amina', 'amina has a secret'));
    const refused = [
      { host: HOST, cookie },
      { host: HOST, cookie, origin: 'https://evil.example' },
      { host: HOST, cookie, origin: 'null' },
      { host: HOST, cookie, origin: 'http://127.0.0.1:9999' },
      { host: HOST, cookie, 'sec-fetch-site': 'cross-site' },
      { host: HOST, cookie, 'sec-fetch-site': 'same-site' },
      { host: 'evil.example', cookie, origin: 'http://evil.example' },
      { ...OWN, cookie, 'content-type': 'text/plain' },
      { ...OWN, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    ];
    for (const headers of refused) {
      const { status } = await one.post(RESOLVE, WORD, headers);
      expect([403, 415], JSON.stringify(headers)).toContain(status);
    }
    expect(resolved).toEqual([]);
    expect((await one.post(RESOLVE, WORD, { ...OWN, cookie })).status).toBe(200);
    expect((await one.post(RESOLVE, WORD, { host: HOST, cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect(resolved).toEqual([ORDER_ID, ORDER_ID]);
  });

  it("the login of a proxy before us is not ours, and leaves the session's alone", async () => {
    const one = await start();
    const cookie = pair(await login(one, 'amina', 'amina has a secret'));
    const proxied = { host: HOST, cookie, authorization: `Basic ${btoa('amina:of the proxy')}` };
    expect((await one.get('/api/v1/status', proxied)).status).toBe(200);
    expect((await one.post(RESOLVE, WORD, proxied)).status).toBe(403);
    expect((await one.get('/api/v1/status', { ...proxied, cookie: '' })).status).toBe(401);
    expect((await one.get('/api/v1/status', { ...proxied, authorization: 'Bearer none-that-is-known' })).status).toBe(
      401,
    );
  });

  it('a token has its own name and role, and needs no origin', async () => {
    const tokens = [
      { name: 'scripts', role: 'operator', token: 'a-token-of-more-than-20-characters' },
      { name: 'prometheus', role: 'viewer', token: 'another-token-of-enough-characters' },
    ] as const;
    const one = await start({ access: { users: USERS, tokens } });
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    expect((await one.post(RESOLVE, WORD, as(tokens[0].token))).status).toBe(200);
    expect((await one.post(RESOLVE, WORD, as(tokens[1].token))).status).toBe(403);
    expect((await one.get('/metrics', as(tokens[1].token))).status).toBe(200);
    // The scheme is of either case (RFC 9110 11.1), and first.
    expect((await one.get('/metrics', { authorization: `bearer ${tokens[1].token}` })).status).toBe(200);
    expect((await one.get('/metrics', { authorization: `Digest Bearer ${tokens[1].token}` })).status).toBe(401);
  });

  describe('as the config says now, which a reload changes', () => {
    const TOKEN = { name: 'scripts', role: 'viewer', token: 'a-token-of-more-than-20-characters' } as const;
    const bearer = { authorization: `Bearer ${TOKEN.token}` };
    let now: Logins;

    function startWith(logins: Logins): Promise<Running> {
      now = logins;
      return start({ access: { logins: () => now } });
    }

    it.each<[string, Logins['users']]>([
      ['is gone', []],
      ['has another role', [{ ...USERS[0], role: 'viewer' }]],
      ['has another password', [{ ...USERS[0], password: VIKTOR }]],
    ])('a session ends when its user %s, and so does the board that it has open', async (_what, amina) => {
      const one = await startWith({ users: USERS, tokens: [TOKEN] });
      const cookie = pair(await login(one, 'amina', 'amina has a secret'));
      const boardOf = (headers: Readonly<Record<string, string>>): Promise<Response> =>
        fetch(`http://127.0.0.1:${one.port}/api/v1/feed`, { headers });
      const [mine, programs] = await Promise.all([boardOf({ cookie }), boardOf(bearer)]);
      now = { users: [...amina, USERS[1]], tokens: [TOKEN] };
      expect((await one.get('/api/v1/orders', { cookie })).status).toBe(401);
      // To its end, which nothing else brings.
      await mine.text();
      expect((await one.get('/api/v1/orders', bearer)).status).toBe(200);
      await programs.body?.cancel();
    });

    it('a token that was taken away proves nothing, a new one at once', async () => {
      const one = await startWith({ users: USERS, tokens: [TOKEN] });
      now = { users: USERS, tokens: [{ ...TOKEN, token: 'another-token-of-enough-characters' }] };
      expect((await one.get('/api/v1/orders', bearer)).status).toBe(401);
      const next = { authorization: `Bearer ${now.tokens[0]?.token ?? ''}` };
      expect((await one.get('/api/v1/orders', next)).status).toBe(200);
    });

    it('the last login that was taken away lets nobody in, and the first one shuts what was open', async () => {
      const none: Logins = { users: [], tokens: [] };
      const shut = await startWith({ users: [], tokens: [TOKEN] });
      now = none;
      expect((await shut.get('/api/v1/orders')).status).toBe(401);
      expect((await shut.get('/api/v1/orders', bearer)).status).toBe(401);
      const open = await startWith(none);
      expect((await open.get('/api/v1/orders')).status).toBe(200);
      now = { users: [], tokens: [TOKEN] };
      expect((await open.get('/api/v1/orders')).status).toBe(401);
      expect((await open.get('/api/v1/orders', bearer)).status).toBe(200);
    });
  });

  it('without users and tokens this machine is an operator, under the name that it gives', async () => {
    const one = await start({ access: {} });
    const answer = await one.get('/api/v1/session', { 'x-orderctl-user': 'amina' });
    expect(answer.json()).toEqual({ name: 'amina', role: 'operator', login: false });
    expect((await one.get('/api/v1/session', { 'x-orderctl-user': 'a\tb' })).json()).toMatchObject({
      name: 'this machine',
    });
  });
});
