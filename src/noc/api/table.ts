import type { BoardDesk } from '../board/board-view.ts';
import type { Traces } from '../board/traces.ts';
import { auditRoutes } from './audit.ts';
import { boardRoutes } from './board.ts';
import { careRoutes } from './care.ts';
import { creditRoutes } from './credit.ts';
import { chargeRoutes } from './charges.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { holdRoutes } from './holds.ts';
import { linkRoutes } from './links.ts';
import { complaintRoutes } from './complaints.ts';
import { erasureRoutes } from './erasures.ts';
import { orderRoutes } from './orders.ts';
import { outboxRoutes } from './outbox.ts';
import { providerRoutes } from './providers.ts';
import { queueRoutes } from './queues.ts';
import type { Route } from './route.ts';
import { subscriberRoutes } from './subscribers.ts';
import { statusRoutes } from './status.ts';
import { traceRoutes } from './traces.ts';

/** Every route under /api/v1: one file per group, one line here. */
export function apiRoutes(desk: BoardDesk, traces: Traces): readonly Route[] {
  const { sources, now } = desk;
  return [
    ...statusRoutes(desk),
    ...boardRoutes(desk),
    ...linkRoutes(sources),
    ...orderRoutes(sources),
    ...traceRoutes(sources, traces),
    ...careRoutes(sources),
    ...providerRoutes(sources, now),
    ...chargeRoutes(sources),
    ...queueRoutes(sources),
    ...outboxRoutes(sources),
    ...deadLetterRoutes(sources),
    ...complaintRoutes(sources),
    ...holdRoutes(sources),
    ...erasureRoutes(sources),
    ...subscriberRoutes(sources),
    ...auditRoutes(sources.audit),
    ...creditRoutes(sources, now),
  ];
}
