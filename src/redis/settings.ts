import { isIP } from 'node:net';
import { present } from '../lib/present.ts';

/** `commandTimeout` where nothing else is said, milliseconds. */
export const COMMAND_TIMEOUT = 2000;

/** Where Redis is and what our keys begin with. */
export interface RedisSettings {
  /**
   * `redis://` or `rediss://` (TLS), with user, password and database as RFC 3986 has them; or `unix://` and the path of a
   * socket, with a host that says nothing where a user is told: `unix://user:password@localhost/path`.
   */
  readonly url: string;
  readonly tls?: RedisTls;
  /** First part of every key; letters, digits, "-" and "_". */
  readonly prefix: string;
  /** Milliseconds after which a command that got no reply rejects; it may have been done. */
  readonly commandTimeout?: number;
  readonly connectTimeout?: number;
}

export interface RedisTls {
  /** PEM texts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** The same address in the shape that ioredis takes: plain data, so that BullMQ's connections can be told it too. */
export interface RedisTarget {
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: RedisTls;
}

/** Throws a TypeError or RangeError that names the fault, never the password. */
export function redisTarget({ url: text, tls }: RedisSettings): RedisTarget {
  const url = parse(text);
  if (url.protocol === 'unix:') return { path: decoded(url.pathname), ...loginIn(url) };
  const database = url.pathname.slice(1) || '0';
  if (!/^\d{1,9}$/.test(database)) throw new RangeError('the database in the Redis url is not a number');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // An address is no server name (RFC 6066 3): the certificate is held to the host then.
  const servername = isIP(host) === 0 ? host : undefined;
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(database),
    ...loginIn(url),
    ...(url.protocol === 'rediss:' || tls !== undefined ? { tls: present<RedisTls>({ servername, ...tls }) } : {}),
  };
}

function loginIn({ username, password }: URL): Pick<RedisTarget, 'username' | 'password'> {
  const named = (value: string): string | undefined => (value === '' ? undefined : decoded(value));
  return present({ username: named(username), password: named(password) });
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:', 'unix:'].includes(url.protocol)) {
    throw new TypeError('the Redis url must begin with redis://, rediss:// or unix://');
  }
  // Other clients read a database there.
  if (url.search + url.hash !== '')
    throw new RangeError('the Redis url takes no ? and no #; the database is its path, as in redis://HOST/3');
  return url;
}

/** RFC 3986 2.1. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new RangeError('a % in the Redis url begins no octet; one of a login or path is written %25');
  }
}
