import { afterEach, describe, expect, it } from 'vitest';
import type { NoteFields } from '../../src/lib/note.ts';
import { sessionRoutes } from '../../src/noc/api/session.ts';
import type { Access } from '../../src/noc/auth/access.ts';
import { createTries } from '../../src/noc/auth/tries.ts';
import { createServer } from '../../src/noc/server.ts';
import { NOW, settingsOf } from './fakes.ts';

describe('tries', () => {
  it('end after so many failures, and begin again when the time is over', () => {
    const tries = createTries({ max: 2, within: 1000 });
    expect([0, 1, 999].map((ms) => tries.begin('a', NOW + ms))).toEqual([true, true, false]);
    expect(tries.begin('b', NOW)).toBe(true);
    expect(tries.begin('a', NOW + 1000)).toBe(true);
  });

  it('that succeed count for nothing', () => {
    const tries = createTries({ max: 1, within: 1000 });
    for (let time = 0; time < 5; time++) {
      expect(tries.begin('a', NOW)).toBe(true);
      tries.succeeded('a', NOW);
    }
  });
});

it('a try that succeeds takes back no other, and none of a time that is over', () => {
  const tries = createTries({ max: 2, within: 1000 });
  const begin = (ms: number) => tries.begin('a', NOW + ms);
  expect([begin(0), begin(1)]).toEqual([true, true]);
  tries.succeeded('a', NOW + 2);
  expect([begin(3), begin(4)]).toEqual([true, false]);
  tries.succeeded('a', NOW + 2000);
  expect([begin(2001), begin(2002), begin(2003)]).toEqual([true, true, false]);
});

const stops: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

/** A desk where one password is right for everybody; `from` is who knocks at the socket. */
async function desk(proxies: readonly string[] = []) {
  const notes: (NoteFields | undefined)[] = [];
  const note = (_: string, fields?: NoteFields): void => void notes.push(fields);
  const access = {
    isOpen: () => false,
    identify: () => undefined,
    login: (name: string, password: string) =>
      Promise.resolve(
        password === 'right' ? { person: { name, role: 'viewer' as const }, session: 'a.session' } : undefined,
      ),
  } satisfies Access;
  const { app } = createServer(settingsOf({ settings: { proxies } }), access, {
    now: () => NOW,
    note,
    storeUp: () => true,
  });
  await sessionRoutes(app, { access, person: () => undefined, now: () => NOW, note, sessionFor: 1000 });
  stops.push(async () => {
    await app.close();
  });
  const post = (payload: object, remoteAddress: string, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload,
      remoteAddress,
      headers: { host: '127.0.0.1', ...headers },
    });
  const statuses = async (times: number, ask: (time: number) => ReturnType<typeof post>): Promise<readonly number[]> =>
    (await Promise.all(Array.from({ length: times }, (_, time) => ask(time)))).map(({ statusCode }) => statusCode);
  return { notes, post, statuses };
}

const wrong = (name: string) => ({ name, password: 'wrong' });
const right = (name: string) => ({ name, password: 'right' });
const counted = (statuses: readonly number[], status: number): number =>
  statuses.filter((one) => one === status).length;

describe('a login', () => {
  it('of one name from one address fails ten times a minute, also all at once, and shuts out nobody else', async () => {
    const { post, statuses } = await desk();
    const found = await statuses(12, () => post(wrong('amina'), '192.0.2.1'));
    expect([counted(found, 401), counted(found, 429)]).toEqual([10, 2]);
    expect((await post(right('amina'), '192.0.2.1')).statusCode).toBe(429);
    expect((await post(right('amina'), '192.0.2.2')).statusCode).toBe(200);
    expect((await post(right('viktor'), '192.0.2.1')).statusCode).toBe(200);
  });

  it('that is right, and what is no login at all, count for nothing', async () => {
    const { post, statuses } = await desk();
    expect(counted(await statuses(150, () => post({}, '192.0.2.1')), 400)).toBe(150);
    expect(counted(await statuses(20, () => post(right('amina'), '192.0.2.1')), 200)).toBe(20);
  });

  it('of one name fails 200 times from anywhere', async () => {
    const { post, statuses } = await desk();
    const found = await statuses(201, (time) => post(wrong('amina'), `198.51.100.${time}`));
    expect([counted(found, 401), counted(found, 429)]).toEqual([200, 1]);
  });

  it('is tried from one address a hundred times a minute, whatever names it gives', async () => {
    const { post, statuses } = await desk();
    const found = await statuses(101, (time) => post(wrong(`name-${time}`), '192.0.2.1'));
    expect([counted(found, 401), counted(found, 429)]).toEqual([100, 1]);
  });

  it('tells the log each time that it was tried too often, so that it is counted', async () => {
    const { post, statuses, notes } = await desk();
    await statuses(12, () => post(wrong('amina'), '192.0.2.1'));
    const refused = { address: '192.0.2.1' };
    expect(notes).toHaveLength(12);
    expect(notes.filter((fields) => fields?.['why'] === 'too-many')).toEqual([
      { ...refused, why: 'too-many' },
      { ...refused, why: 'too-many' },
    ]);
  });
});

describe('behind a proxy', () => {
  const by = (client: string) => ({ 'x-forwarded-for': client });

  it('that config names, each client is counted by itself', async () => {
    const { post, statuses, notes } = await desk(['127.0.0.1', '10.0.0.0/24']);
    await statuses(11, () => post(wrong('amina'), '127.0.0.1', by('192.0.2.1, 10.0.0.9')));
    expect(notes.at(-1)).toEqual({ address: '192.0.2.1', why: 'too-many' });
    expect((await post(right('amina'), '127.0.0.1', by('192.0.2.2'))).statusCode).toBe(200);
  });

  it('that it does not name, nobody is believed', async () => {
    const { post, statuses } = await desk(['10.0.0.0/24']);
    const found = await statuses(11, (time) => post(wrong('amina'), '192.0.2.1', by(`203.0.113.${time}`)));
    expect(counted(found, 429)).toBe(1);
  });
});
