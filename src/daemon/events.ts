import { DIAMETER_EVENTS } from '../diameter/events.ts';
import { FLOW_EVENTS } from '../flow/events.ts';
import type { EventLevel } from '../log.ts';
import { NOC_EVENTS } from '../noc/events.ts';
import { OUTBOX_EVENTS } from '../outbox/events.ts';
import { QUEUE_EVENTS } from '../queue/events.ts';
import { REDIS_EVENTS } from '../redis/events.ts';
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
  'leases.kept': 'warn',
  'daemon.failed': 'error',
  'flow.failed': 'error',
  'sweep.failed': 'error',
  'redis.unwell': 'error',
  'redis.well': 'info',
  'clock.off': 'error',
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
  ...REDIS_EVENTS,
  ...QUEUE_EVENTS,
  ...OUTBOX_EVENTS,
};
