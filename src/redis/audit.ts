import type { RedisHandle } from './connection.ts';

export type AuditFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** One change that a person made. Nothing in it names a subscriber in full (E19). */
export interface AuditRecord {
  /** Epoch ms. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly subject: string;
  readonly before: AuditFacts;
  readonly after: AuditFacts;
  readonly why?: string;
}

/** Older entries are in the log only. */
const KEPT = 100_000;

/** The audit trail of all processes over this Redis: one stream, appended to, never changed. */
export function createAuditTrail({ redis, prefix }: Pick<RedisHandle, 'redis' | 'prefix'>) {
  const key = `{${prefix}}:audit`;
  return {
    async record(entry: AuditRecord): Promise<void> {
      await redis.xadd(key, 'MAXLEN', '~', KEPT, '*', 'entry', JSON.stringify(entry));
    },
    /** Newest first. */
    async list(limit: number): Promise<readonly AuditRecord[]> {
      const entries = await redis.xrevrange(key, '+', '-', 'COUNT', limit);
      return entries.map(([, fields]) => JSON.parse(fields[1] ?? '') as AuditRecord);
    },
  };
}
