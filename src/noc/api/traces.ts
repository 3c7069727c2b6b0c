import type { Traces } from '../board/traces.ts';
import type { NocSources } from '../sources.ts';
import { traceView } from '../trace-view.ts';
import { isOrderId } from './orders.ts';
import type { Asked, Route } from './route.ts';
import { read, refuse } from './route.ts';
import { list, oneOf, ORDER_ID, record, text, whole } from './shape.ts';

const STEP = record({
  at: whole('epoch ms'),
  from: oneOf(['record', 'notes'], "the order's record, or what this process remembers"),
  event: text('stable name'),
  says: text('for people, scrubbed'),
});

export function traceRoutes(sources: NocSources, traces: Traces): readonly Route[] {
  return [
    read({
      path: '/api/v1/orders/:id/trace',
      tag: 'orders',
      role: 'viewer',
      does: 'One order as a timeline',
      params: ORDER_ID,
      answer: record({ steps: list(STEP, 'oldest first') }),
      async handle({ params: { id } }: Asked<{ readonly id: string }>) {
        const order = isOrderId(id) ? await sources.orders.orderById(id) : undefined;
        if (order === undefined) return refuse(404, 'no-order', 'no order has this id');
        return { steps: traceView(order, traces.of(id)) };
      },
    }),
  ];
}
