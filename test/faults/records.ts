import { connectRedis } from '../../src/redis/connection.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';

/** An order as Redis holds it, read without the stores' own code. */
export interface OrderSeen {
  readonly id: string;
  readonly msisdn: string;
  readonly state: string;
  readonly chargeKind: string;
  readonly interaction: string;
  readonly channel: string;
  readonly channelAsked: string | undefined;
  readonly session: string;
  readonly tries: number;
}

export interface Records {
  readonly orders: ReadonlyMap<string, readonly OrderSeen[]>;
  /** MSISDNs of texts that nobody will hear, with the reason. */
  readonly dead: ReadonlyMap<string, string>;
  /** Orders and texts that somebody must look at again. */
  readonly waiting: readonly string[];
}

const PREFIX = 'orderd';
const WAKES = Array.from({ length: 16 }, (_, partition) => `{${PREFIX}:${String(partition).padStart(2, '0')}}:wake`);

export function connectRecords(url: string): Promise<RedisHandle> {
  return connectRedis({ url, prefix: PREFIX, commandTimeout: 30_000 }, () => undefined);
}

type Fields = Readonly<Record<string, string>>;

/** Everything under our prefix that an audit needs. */
export async function readRecords({ redis }: RedisHandle): Promise<Records> {
  const orders = new Map<string, OrderSeen[]>();
  const dead = new Map<string, string>();
  const waiting: string[] = [];
  for (const key of await keysOf(redis)) {
    if (key.endsWith(':wake')) waiting.push(...(await redis.zrange(key, '0', '-1')));
    else if (/\}:order:/.test(key)) {
      const order = orderFrom(await redis.hgetall(key));
      orders.set(order.msisdn, [...(orders.get(order.msisdn) ?? []), order]);
    } else if (/\}:mt:/.test(key)) noteDead(await redis.hgetall(key), dead);
  }
  return { orders, dead, waiting };
}

export async function keysOf(redis: RedisHandle['redis']): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `{${PREFIX}:*`, 'COUNT', 1000);
    keys.push(...found);
    cursor = next;
  } while (cursor !== '0');
  return [...new Set(keys)];
}

/** How much must be looked at again; quick, for a line of figures every minute. */
export async function waitingIn({ redis }: RedisHandle): Promise<number> {
  const sizes = await Promise.all(WAKES.map((key) => redis.zcard(key)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Whatever must be looked at again: an order in its state, or a text or dialogue without one. */
export interface Open {
  readonly member: string;
  readonly state: string | undefined;
  readonly msisdn: string;
}

export async function openIn({ redis }: RedisHandle): Promise<readonly Open[]> {
  const members = (await Promise.all(WAKES.map((key) => redis.zrange(key, '0', '-1')))).flat();
  return Promise.all(
    members.map(async (member): Promise<Open> => {
      const [, id = '', partition = ''] = /^o:((\d\d)-.*)$/.exec(member) ?? [];
      const fields = id === '' ? {} : await redis.hgetall(`{${PREFIX}:${partition}}:order:${id}`);
      const { msisdn } = JSON.parse(fields['frozen'] ?? '{"msisdn":""}') as { readonly msisdn: string };
      return { member, state: fields['state'], msisdn };
    }),
  );
}

function orderFrom(fields: Fields): OrderSeen {
  const frozen = JSON.parse(fields['frozen'] ?? '{}') as {
    readonly id: string;
    readonly msisdn: string;
    readonly chargeKind?: string;
    readonly channel: string;
    readonly channelAsked?: string;
    readonly decision: { readonly interaction: string };
  };
  const { id, msisdn, chargeKind = 'event', channel, channelAsked, decision } = frozen;
  return {
    id,
    msisdn,
    chargeKind,
    channel,
    channelAsked,
    state: fields['state'] ?? '',
    interaction: decision.interaction,
    session: fields['chargeSession'] ?? '',
    tries: Number(fields['tries'] ?? 0),
  };
}

function noteDead(fields: Fields, dead: Map<string, string>): void {
  if (fields['state'] !== 'dead') return;
  const { msisdn } = JSON.parse(fields['json'] ?? '{}') as { readonly msisdn: string };
  dead.set(msisdn, fields['reason'] ?? '');
}
