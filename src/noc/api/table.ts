import type { NocSources } from '../sources.ts';
import type { Identity } from '../views.ts';
import { auditRoutes } from './audit.ts';
import { chargeRoutes } from './charges.ts';
import { orderRoutes } from './orders.ts';
import { queueRoutes } from './queues.ts';
import type { Route } from './route.ts';
import { statusRoutes } from './status.ts';

/** Every route under /api/v1: one file per group, one line here. */
export function apiRoutes(sources: NocSources, self: Identity, now: () => number): readonly Route[] {
  return [
    ...statusRoutes(sources, self, now),
    ...orderRoutes(sources),
    ...chargeRoutes(sources),
    ...queueRoutes(sources),
    ...auditRoutes(sources.audit),
  ];
}
