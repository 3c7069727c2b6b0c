import type { RedisHandle } from './connection.ts';

export interface Suspension {
  readonly who: string;
  readonly why: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface Suspensions {
  /** As last read: what another process wrote counts here with the next `refresh`. */
  of(providerId: string): Suspension | undefined;
  /** False when it is suspended already. */
  suspend(providerId: string, suspension: Suspension): Promise<boolean>;
  /** False when it was not suspended. */
  resume(providerId: string): Promise<boolean>;
  refresh(): Promise<void>;
}

/** Providers whom a person suspended (E17): one hash for all processes, read with each sweep and never on an order's way. */
export function createSuspensions({ redis, prefix }: Pick<RedisHandle, 'redis' | 'prefix'>): Suspensions {
  const key = `{${prefix}:credit}:suspended`;
  let known: ReadonlyMap<string, Suspension> = new Map();

  async function refresh(): Promise<void> {
    const stored = Object.entries(await redis.hgetall(key));
    known = new Map(stored.map(([id, json]) => [id, JSON.parse(json) as Suspension]));
  }

  /** What is written is done: it holds here, whether or not what others wrote can be read behind it. */
  async function knowing(change: (known: Map<string, Suspension>) => void): Promise<void> {
    const next = new Map(known);
    change(next);
    known = next;
    await refresh().catch(() => undefined);
  }

  return {
    of: (providerId) => known.get(providerId),
    async suspend(providerId, suspension) {
      const added = (await redis.hsetnx(key, providerId, JSON.stringify(suspension))) === 1;
      await knowing((next) => (added ? next.set(providerId, suspension) : next));
      return added;
    },
    async resume(providerId) {
      const gone = (await redis.hdel(key, providerId)) === 1;
      await knowing((next) => next.delete(providerId));
      return gone;
    },
    refresh,
  };
}
