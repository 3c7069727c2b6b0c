import { chargeRow } from '../../domain/charge-row.ts';
import type { ChargesView } from '../charge-view.ts';
import type { NocSources } from '../sources.ts';
import { isOrderId } from './orders.ts';
import type { Asked, Route } from './route.ts';
import { read, refuse } from './route.ts';
import { DAY_OR_TIME, list, ORDER_ID, record, text, time, whole, yesNo } from './shape.ts';

const CHARGE = record(
  {
    order: text('order'),
    state: text('of the order'),
    sessionId: text('RFC 8506 8.8'),
    refundSessionId: text('of the refund, where there is one'),
    minor: whole('minor units that the subscriber was told'),
    currency: text('ISO 4217'),
    sentAt: time('Event-Timestamp'),
    refundSentAt: time('Event-Timestamp of the refund, where there is one'),
    free: yesNo('the OCS said that it costs nothing (4011)'),
  },
  ['refundSessionId', 'refundSentAt'],
);

interface Range {
  readonly from: string;
  readonly to: string;
}

/** What `orderctl reconcile` reads. */
export function chargeRoutes(sources: NocSources): readonly Route[] {
  return [
    read<unknown, Range>({
      path: '/api/v1/charges',
      tag: 'charges',
      role: 'viewer',
      does: 'Charges of the orders that were opened in a time',
      query: record({ from: DAY_OR_TIME, to: DAY_OR_TIME }),
      answer: record({ charges: list(CHARGE), from: time('where the list begins') }),
      async handle({ query }) {
        const [from, to] = [Date.parse(query.from), Date.parse(query.to)];
        // A leap second is RFC 3339, and no time to Date.parse: NaN, which is before nothing.
        if (!(from <= to)) return refuse(400, 'bad-range', 'from is after to, or one of them a leap second');
        return chargesView(sources, from, to);
      },
    }),
    read({
      path: '/api/v1/charges/:id',
      tag: 'charges',
      role: 'viewer',
      does: 'The charge of one order',
      params: ORDER_ID,
      answer: CHARGE,
      async handle({ params: { id } }: Asked<{ readonly id: string }>) {
        const order = isOrderId(id) ? await sources.orders.orderById(id) : undefined;
        const row = order === undefined ? undefined : chargeRow(order);
        return row ?? refuse(404, 'no-charge', 'no order of this id was charged');
      },
    }),
  ];
}

async function chargesView({ orders }: NocSources, from: number, to: number): Promise<ChargesView> {
  const listed = await orders.between(from, to);
  return {
    charges: listed.orders.map(chargeRow).filter((row) => row !== undefined),
    from: new Date(listed.from).toISOString(),
  };
}
