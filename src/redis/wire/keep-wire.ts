import type { Redis } from 'ioredis';
import type { Call, Reply } from './resp.ts';
import type { RedisTarget } from '../settings.ts';
import type { Wire } from './wire.ts';
import { openWire } from './wire.ts';

export interface KeptWire {
  readonly call: Call;
  close(): void;
}

/** Milliseconds before a wire that went alone is opened again. */
const AGAIN = 100;

/**
 * A wire for as long as `redis` is ready: whether Redis is there, and when to come back, is decided in one place. While
 * there is none, `redis` itself is asked, which rejects at once when it is away.
 */
export async function keepWire(redis: Redis, target: RedisTarget, commandTimeout: number): Promise<KeptWire> {
  let wire: Wire | undefined;
  let over = false;
  let again: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    if (over || wire !== undefined || redis.status !== 'ready') return;
    const opened = await openWire(target, commandTimeout, () => {
      wire = undefined;
      clearTimeout(again);
      if (!over) again = setTimeout(() => void open().catch(() => undefined), AGAIN).unref();
    });
    wire = opened;
  }

  redis.on('ready', () => void open().catch(() => undefined));
  redis.on('close', () => wire?.close());
  await open();
  return {
    call(...lists) {
      if (wire !== undefined) return wire.call(...lists);
      const [name = '', ...rest] = lists.flat();
      return redis.call(String(name), ...rest) as Promise<Reply>;
    },
    close() {
      over = true;
      clearTimeout(again);
      wire?.close();
    },
  };
}
