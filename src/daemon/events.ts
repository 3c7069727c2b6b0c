import { DIAMETER_EVENTS } from '../diameter/events.ts';
import { FLOW_EVENTS } from '../flow/events.ts';
import type { EventLevel } from '../log.ts';
import { NOC_EVENTS } from '../noc/events.ts';
import { SMPP_EVENTS } from '../smpp/events.ts';

const DAEMON_EVENTS = {
  'daemon.ready': 'info',
  'daemon.draining': 'info',
  'daemon.stopped': 'info',
  'daemon.drain-overdue': 'error',
  'config.reloaded': 'info',
  'config.refused': 'error',
  'config.needs-restart': 'warn',
  'leases.taken-over': 'info',
  'leases.handed-over': 'info',
  'daemon.failed': 'error',
  'flow.failed': 'error',
  'sweep.failed': 'error',
  'redis.up': 'info',
  'redis.down': 'error',
  'redis.warning': 'warn',
  'redis.unwell': 'error',
  'redis.well': 'info',
  'clock.off': 'error',
  'queue.error': 'error',
  'queue.add-failed': 'warn',
  'queue.done': 'debug',
  'queue.retry': 'info',
  'queue.dead': 'error',
  'queue.stalled': 'warn',
  'outbox.failed': 'error',
  'credit.band': 'warn',
  'credit.stale': 'error',
  'credit.fresh': 'info',
  'evidence.broken': 'error',
  'retention.removed': 'info',
  'retention.failed': 'error',
  'breaker.open': 'error',
  'breaker.half-open': 'info',
  'breaker.closed': 'info',
  'pressure.on': 'error',
  'pressure.off': 'info',
} as const;

/** Every event that the daemon can note, with its level: the stable list that logs, metrics and alarms build on. */
export const EVENTS: Readonly<Record<string, EventLevel>> = {
  ...DAEMON_EVENTS,
  ...FLOW_EVENTS,
  ...SMPP_EVENTS,
  ...DIAMETER_EVENTS,
  ...NOC_EVENTS,
};
