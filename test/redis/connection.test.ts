import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import { createLog } from '../../src/log.ts';
import { startEmbeddedRedis } from '../../src/launcher/redis-server.ts';
import type { RedisSettings } from '../../src/redis/connection.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { redisTarget } from '../../src/redis/settings.ts';
import { fixPartitions } from '../../src/redis/partitions.ts';
import { createStores } from '../../src/redis/stores.ts';
import { startProxy } from '../faults/proxy.ts';
import { seeded } from '../fuzz/random.ts';
import { eventually } from '../queue/support.ts';
import { openStep } from './fixtures.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
const quiet = (): void => undefined;

describe('where Redis is', () => {
  it.each<[string, Omit<RedisSettings, 'prefix'>, object]>([
    ['a bare url', { url: 'redis://redis.lan' }, { host: 'redis.lan', port: 6379, db: 0 }],
    [
      'a url with login and database',
      { url: 'redis://us%40er:p%23w@10.0.0.1:6380/3' },
      { host: '10.0.0.1', port: 6380, db: 3, username: 'us@er', password: 'p#w' },
    ],
    ['an IPv6 url', { url: 'redis://[::1]:6379' }, { host: '::1', port: 6379, db: 0 }],
    [
      'TLS',
      { url: 'rediss://redis.lan', tls: { ca: 'PEM' } },
      { host: 'redis.lan', port: 6379, db: 0, tls: { servername: 'redis.lan', ca: 'PEM' } },
    ],
    [
      'TLS by an IPv6 address, which is no server name (RFC 6066 3)',
      { url: 'rediss://[2001:db8::7]' },
      { host: '2001:db8::7', port: 6379, db: 0, tls: {} },
    ],
    [
      'TLS by an IPv4 address',
      { url: 'rediss://10.0.0.1', tls: { ca: 'PEM', servername: 'redis.lan' } },
      { host: '10.0.0.1', port: 6379, db: 0, tls: { servername: 'redis.lan', ca: 'PEM' } },
    ],
    ['a unix url', { url: 'unix:///run/redis%20a.sock' }, { path: '/run/redis a.sock' }],
    [
      'a unix url with login',
      { url: 'unix://orderd:secret@localhost/run/redis.sock' },
      { path: '/run/redis.sock', username: 'orderd', password: 'secret' },
    ],
  ])('is told by %s', (_name, settings, expected) => {
    expect(redisTarget({ ...settings, prefix: 'ord' })).toEqual(expected);
  });

  it.each([
    ['http://redis.lan', /must begin with redis:/],
    ['redis.lan', /must begin with redis:/],
    ['redis://redis.lan/orders', /is not a number/],
    ['redis://redis.lan/-1', /is not a number/],
    ['redis://redis.lan/1e1', /is not a number/],
    ['redis://redis.lan/?db=3', /no \? and no #/],
    ['redis://redis.lan#3', /no \? and no #/],
    ['redis://:hunter%2@redis.lan', /written %25/],
    ['unix:///run/100%.sock', /written %25/],
  ])('is not told by %s', (url, why) => {
    expect(() => redisTarget({ url, prefix: 'ord' })).toThrow(why);
  });

  it('never names the password in an error', () => {
    expect(() => redisTarget({ url: 'redis://:hunter2@redis.lan/orders', prefix: 'ord' })).not.toThrow(/hunter2/);
  });
});

describe('the start-up checks (E21)', () => {
  const connect = () => connectRedis({ url: server.url, prefix: 'checks' }, quiet);
  const warned = async (name: string, value: string): Promise<readonly string[]> => {
    const [, before = ''] = await bench.redis.config('GET', name);
    await bench.redis.config('SET', name, value);
    const handle = await connect();
    await handle.close();
    await bench.redis.config('SET', name, before);
    return handle.warnings;
  };

  it('find nothing wrong with what the launcher starts', async () => {
    expect(await warned('appendfsync', 'always')).toEqual([]);
  });

  it('tell what power loss may cost', async () => {
    expect(await warned('appendfsync', 'everysec')).toEqual([expect.stringMatching(/up to one second/)]);
    expect(await warned('appendfsync', 'no')).toEqual([expect.stringMatching(/many seconds/)]);
    expect(await warned('appendonly', 'no')).toEqual([expect.stringMatching(/no append-only file/)]);
  });

  it('tell of a memory that forgets', async () => {
    expect(await warned('maxmemory-policy', 'allkeys-lru')).toContainEqual(expect.stringMatching(/it is allkeys-lru/));
  });

  it('tell what they could not look at', async () => {
    await bench.redis.acl('SETUSER', 'blind', 'on', '>secret', '~*', '+@all', '-config');
    const handle = await connectRedis(
      { url: `unix://blind:secret@localhost${server.socket}`, prefix: 'checks' },
      quiet,
    );
    expect(handle.warnings).toEqual([expect.stringMatching(/does not let us read its configuration/)]);
    await handle.close();
  });

  it.each([
    ['-xadd', 'XADD'],
    ['-hset -rename', 'HSET, RENAME'],
    ['-xgroup|delconsumer', 'XGROUP|DELCONSUMER'],
  ])('refuse a user %s, by whose steps an order would be left half-way', async (lacks, named) => {
    const rules = ['~{checks:*', '+@all', ...lacks.split(' ')];
    await bench.redis.acl('SETUSER', 'lacking', 'reset', 'on', '>secret', ...rules);
    const connecting = connectRedis(
      { url: `unix://lacking:secret@localhost${server.socket}`, prefix: 'checks' },
      quiet,
    );
    await expect(connecting).rejects.toThrow(`may not send ${named} with keys that begin with {checks:`);
  });

  it('refuse a server that throws orders away', async () => {
    await bench.redis.config('SET', 'maxmemory-policy', 'volatile-ttl');
    await bench.redis.config('SET', 'maxmemory', '1gb');
    await expect(connect()).rejects.toThrow(/maxmemory-policy volatile-ttl/);
    await bench.redis.config('SET', 'maxmemory', '0');
    await bench.redis.config('SET', 'maxmemory-policy', 'noeviction');
  });

  it('refuse a replica', async () => {
    await bench.redis.replicaof('127.0.0.1', 1);
    await expect(connect()).rejects.toThrow(/is a replica/);
    await bench.redis.replicaof('NO', 'ONE');
  });
});

describe('the connection', () => {
  it('refuses a prefix that would break the hash tags', async () => {
    await expect(connectRedis({ url: server.url, prefix: 'a}b' }, quiet)).rejects.toThrow(/prefix/);
  });

  it('rejects when nobody is there', async () => {
    const settings = { url: `${server.url}.not`, prefix: 'ord' };
    await expect(connectRedis(settings, quiet)).rejects.toThrow(/redis\.sock\.not cannot be used: .*ENOENT/);
    await expect(connectRedis(settings, quiet)).rejects.toMatchObject({ cause: { code: 'ENOENT' } });
  });

  it('rejects with a wrong password', async () => {
    const settings = { url: `unix://nobody:wrong@localhost${server.socket}`, prefix: 'ord' };
    await expect(connectRedis(settings, quiet)).rejects.toThrow(/cannot be used: WRONGPASS/);
  });

  it('rejects with a database that the server does not have, in one line of the log', async () => {
    const proxy = await startProxy(() => ({ path: server.socket }), seeded(1));
    const connecting = connectRedis({ url: `redis://127.0.0.1:${proxy.port}/99`, prefix: 'ord' }, quiet);
    const refusal: unknown = await connecting.catch((error: unknown) => error);
    const lines: string[] = [];
    const log = createLog({
      level: 'info',
      pretty: false,
      events: {},
      destination: { write: (line) => lines.push(line) },
    });
    log.fatal('daemon.failed', refusal);
    const error = `Redis at 127.0.0.1:${proxy.port} cannot be used: ERR DB index is out of range`;
    expect(JSON.parse(lines.join(''))).toMatchObject({ error });
    await proxy.close();
  });

  it('rejects commands at once while Redis is away, tells so, and comes back by itself', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'orderd-away-'));
    const redis = await startEmbeddedRedis({ dir });
    const notes: [string, NoteFields | undefined][] = [];
    const handle = await connectRedis({ url: redis.url, prefix: 'away' }, (event, fields) =>
      notes.push([event, fields]),
    );
    const stores = await createStores(handle, { partitions: PARTITIONS, owner: 'test', hash, now: () => 0 });
    process.kill(redis.pid(), 'SIGKILL');
    await eventually(() => !handle.up());
    await expect(stores.orders.open(openStep('confirmed'), undefined)).rejects.toThrow(/^Redis is away$/);
    await expect(handle.redis.time()).rejects.toThrow(/^Redis is away$/);
    await eventually(() => handle.up());
    const step = openStep('confirmed');
    expect(await stores.orders.open(step, undefined)).toMatchObject({ kind: 'opened' });
    expect(notes.map(([event]) => event)).toEqual(['redis.up', 'redis.down', 'redis.up']);
    expect(notes[1]?.[1]).toEqual({ reason: 'the server closed the connection' });
    await handle.close();
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  });
});

describe('a connection on which nothing comes any more', () => {
  it('is given up for a new one, which a command timeout alone would never do', async () => {
    const proxy = await startProxy(() => ({ path: server.socket }), seeded(1));
    const notes: [string, NoteFields | undefined][] = [];
    const settings = { url: `redis://127.0.0.1:${proxy.port}`, prefix: 'half-open', commandTimeout: 1000 };
    const handle = await connectRedis(settings, (event, fields) => notes.push([event, fields]));
    proxy.strand();
    const works = (call: () => Promise<unknown>) => eventually(() => call().then(Boolean, () => false));
    await expect(handle.redis.ping()).rejects.toThrow();
    await works(() => handle.redis.ping());
    await works(() => handle.call(['PING']));
    expect(notes.filter(([event]) => event !== 'redis.warning')).toEqual([
      ['redis.up', undefined],
      ['redis.down', { reason: expect.stringMatching(/^Socket timeout/) as string }],
      ['redis.up', undefined],
    ]);
    await handle.close();
    await proxy.close();
  });
});

describe('the number of partitions (E22)', () => {
  const storesOf = (partitions: number) =>
    createStores(bench.handle, { partitions, owner: 'test', hash, now: () => 0 });

  it('is fixed at the first start', async () => {
    await storesOf(PARTITIONS);
    await expect(storesOf(PARTITIONS + 1)).rejects.toThrow(/set up with 4 partitions, the configuration says 5/);
    await storesOf(PARTITIONS);
  });

  it.each([0, 1.5, -1, 1025])('is never %d, and config says so before the start', async (partitions) => {
    await expect(storesOf(partitions)).rejects.toThrow(/must be 1 to 1024/);
    expect(configSchema.shape.instance.safeParse({ partitions }).success).toBe(false);
  });

  it('is at most what config allows', async () => {
    const { partitions } = configSchema.shape.instance.parse({ partitions: 1024 });
    await fixPartitions(bench.redis, `${bench.handle.prefix}-most`, partitions);
    expect(await bench.redis.get(`{${bench.handle.prefix}-most:meta}:partitions`)).toBe('1024');
  });
});
