/** What the stores note: their connection, and the credit that they keep. */
export const REDIS_EVENTS = {
  'redis.up': 'info',
  'redis.down': 'error',
  'redis.loads': 'warn',
  'redis.warning': 'warn',
  'credit.band': 'warn',
  'credit.stale': 'error',
  'credit.fresh': 'info',
} as const;
