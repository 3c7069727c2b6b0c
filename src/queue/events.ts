/** What becomes of the jobs. */
export const QUEUE_EVENTS = {
  'queue.error': 'error',
  'queue.add-failed': 'warn',
  'queue.done': 'debug',
  'queue.retry': 'info',
  'queue.dead': 'error',
  'queue.stalled': 'warn',
} as const;
