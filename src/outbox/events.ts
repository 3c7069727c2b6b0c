/** What the outbox's consumers note. */
export const OUTBOX_EVENTS = {
  'outbox.failed': 'error',
  'evidence.broken': 'error',
} as const;
