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
  'log.held-back': 'warn',
  'daemon.failed': 'fatal',
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

/** In an outage there is one of these for each message that came. They are counted all the same (orderd_mo_refused_total and so on). */
export const FLOODS: ReadonlySet<string> = new Set<keyof typeof SMPP_EVENTS | keyof typeof FLOW_EVENTS | 'flow.failed'>(
  ['flow.failed', 'mo.pushed-back', 'mo.refused', 'mo.store-failed', 'mo.unacknowledged', 'receipt.store-failed'],
);

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
