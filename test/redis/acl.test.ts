import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/launcher/demo/subscriber.ts';
import { ROOT } from '../../src/launcher/paths.ts';
import { certificateFor, opensslMissing } from '../diameter/tls.ts';
import type { Orderd } from '../e2e/orderd.ts';
import { startOrderd } from '../e2e/orderd.ts';
import type { HarnessRedis } from '../faults/redis.ts';
import { startRedis } from '../faults/redis.ts';

/** The file that ships, with other passwords. */
const ACL = readFileSync(join(ROOT, 'config/redis.acl'), 'utf8');
const OURS = ACL.split('\n').find((line) => line.startsWith('user orderd ')) ?? '';
const GRANTED = [...OURS.matchAll(/ \+(\S+)/g)].map(([, command = '']) => command);

let dir = '';
let redis: HarnessRedis;
let admin: Redis;
let orderd: Orderd;
let port = 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(opensslMissing())('a Redis with the ACL file that ships, over TLS', () => {
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'orderd-acl-'));
    const { cert, key } = certificateFor('redis.test');
    const file = (name: string, text: string): string => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    const users = file('users.acl', ACL.replace('>CHANGE-ME-TOO', '>admin').replace('>CHANGE-ME', '>secret'));
    const tls = ['--tls-cert-file', file('cert.pem', cert), '--tls-key-file', file('key.pem', key)];
    port = await freePort();
    redis = await startRedis(join(dir, 'redis'), 'always', [
      ...['--aclfile', users, '--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-ca-cert-file', join(dir, 'cert.pem'), ...tls],
    ]);
    admin = new Redis({ path: redis.socket, username: 'admin', password: 'admin' });
    orderd = await startOrderd({
      REDIS_URL: `rediss://orderd:secret@127.0.0.1:${port}`,
      ORDERD_REDIS__TLS__CA: cert,
      ORDERD_REDIS__TLS__SERVER_NAME: 'redis.test',
      ORDERD_DIAMETER__TX: '300ms',
      ORDERD_SETTLE__FIRST: '100ms',
    });
  });
  afterAll(async () => {
    await orderd.stop();
    await admin.quit();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('lets orders of every kind through, and nothing that the daemon sends is refused', async () => {
    await orders();
    for (const path of ['orders', 'status', 'jobs', 'dead-letters']) await fetch(`${orderd.nocUrl}/api/v1/${path}`);
    await fetch(`${orderd.nocUrl}/metrics`);
    expect(await refused()).toEqual([]);
  });

  it('keeps the record of what a person did, and gives it back', async () => {
    const why = 'the subscriber rang us';
    const done = await fetch(`${orderd.nocUrl}/api/v1/providers/quizzo/adjust`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ points: 1, why }),
    });
    expect(done.status).toBe(200);
    expect(orderd.notes.filter(({ event }) => event === 'noc.audit-failed')).toEqual([]);
    const audit = await fetch(`${orderd.nocUrl}/api/v1/audit`);
    expect(await audit.json()).toMatchObject({ entries: [{ what: 'provider.adjust', subject: 'quizzo', why }] });
    expect(await refused()).toEqual([]);
  });

  it('lets the user see no key but ours, and no command that could hurt', async () => {
    const user = new Redis({ path: redis.socket, username: 'orderd', password: 'secret' });
    await expect(user.get('other')).rejects.toThrow(/NOPERM/);
    for (const command of ['FLUSHALL', 'SHUTDOWN', 'KEYS *', 'REPLICAOF NO ONE', 'MODULE LIST']) {
      const [name = '', ...args] = command.split(' ');
      await expect(user.call(name, ...args)).rejects.toThrow(/NOPERM/);
    }
    await expect(user.config('SET', 'save', '')).rejects.toThrow(/NOPERM/);
    await user.quit();
  });

  it('leaves a person who can do what docs/redis.md asks for a backup and after a power cut', async () => {
    await admin.config('SET', 'auto-aof-rewrite-percentage', '0');
    await admin.bgrewriteaof();
    expect(await admin.info('persistence')).toMatch(/aof_rewrite_in_progress:/);
    await admin.config('SET', 'auto-aof-rewrite-percentage', '100');
  });

  it('lets a subscriber be exported and erased, and the append-only file be written anew for it', async () => {
    await admin.acl('LOG', 'RESET');
    const { msisdn } = orderd.phone('254700004001');
    const asked = { msisdn, why: 'asked for it' };
    for (const path of ['exports', 'erasures']) {
      const done = await fetch(`${orderd.nocUrl}/api/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      });
      expect([path, done.status]).toEqual([path, 200]);
    }
    expect(await refused()).toEqual([]);
  });

  it('grants only what our code or BullMQ sends', () => {
    const sent = sources().toLowerCase();
    const unused = GRANTED.filter((command) => {
      const [name = '', sub] = command.split('|');
      return !CONNECTION.has(name) && !sent.includes(name) && (sub === undefined || !sent.includes(sub));
    });
    expect(unused).toEqual([]);
  });
});

/** What ioredis itself sends. */
const CONNECTION = new Set(['hello', 'auth', 'ping', 'quit', 'select', 'client', 'multi', 'exec', 'discard', 'script']);

function sources(): string {
  const own = join(ROOT, 'src/redis');
  const texts = (folder: string, kind: RegExp): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => kind.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
  return [...texts(own, /\.(ts|lua)$/), ...texts(join(ROOT, 'node_modules/bullmq/dist/cjs'), /\.js$/)].join('\n');
}

/** What Redis has denied until now. */
async function refused(): Promise<readonly string[]> {
  const entries = (await admin.acl('LOG')) as readonly (readonly string[])[];
  return entries.map((entry) => entry.join(' '));
}

async function orders(): Promise<void> {
  await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
  const play = async (
    msisdn: string,
    word: string,
    ...answers: readonly ((text: string) => string)[]
  ): Promise<string> => {
    const phone = orderd.phone(msisdn);
    await phone.text(word);
    let { text } = await phone.read();
    for (const answer of answers) {
      await phone.text(answer(text));
      ({ text } = await phone.read());
    }
    return text;
  };
  expect(await play('254700000901', 'NEWS')).toMatch(/is ordered/);
  expect(await play('254700000902', 'FILM')).toMatch(/is ordered/);
  expect(await play('254700000903', 'GOLD', () => 'YES')).toMatch(/is ordered/);
  const code = (text: string): string => /\d{6}/.exec(text)?.[0] ?? '';
  expect(await play('254700000904', 'QUIZ', code)).toMatch(/is ordered/);
  expect(await play('254700000905', 'NEWS', () => 'STOP NEWS')).toMatch(/Stopped/);
  orderd.ocs.faults.add({ action: 'silence', debit: true, count: 1 });
  const late = orderd.phone('254700000906');
  await late.text('MATCH');
  expect((await late.read()).text).toMatch(/longer than usual/);
  expect((await late.read()).text).toMatch(/is ordered/);
}
