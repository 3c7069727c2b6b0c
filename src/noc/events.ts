/**
 * What the NOC notes of the people who use it, and of what it could not answer. Fields: who, what, subject, why; method, route,
 * reason; never a password, a token or a number.
 */
export const NOC_EVENTS = {
  'noc.login': 'info',
  'noc.login-refused': 'warn',
  'noc.changed': 'warn',
  'noc.audit-failed': 'error',
  'noc.feed-failed': 'warn',
  'noc.failed': 'error',
} as const;
