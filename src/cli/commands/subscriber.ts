import { ok } from '../../lib/result.ts';
import type { SubscriberView } from '../../noc/sources.ts';
import { post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { FROM_INPUT, ofSubscriber } from '../reasoned.ts';
import { clock, table } from '../table.ts';

export const SUBSCRIBER: Command = {
  usage: 'subscriber MSISDN',
  does: 'what one subscriber has and ordered; the look is audited; needs --why TEXT',
  options: WHY,
  more: FROM_INPUT,
  run: ofSubscriber(async ({ api }, body) => {
    const found = await post<SubscriberView>(api, '/api/v1/subscriber', body);
    return found.ok ? ok({ data: found.value, text: subscriberText(found.value), fine: true }) : found;
  }),
};

function subscriberText({ subscriber, subscriptions, orders }: SubscriberView): string {
  const has = subscriptions.map((s) => [String(s.number), s.title, s.price, s.period, s.state, clock(s.dueAt)]);
  const ordered = orders.map((order) => [order.id, clock(order.openedAt), order.state, order.title, order.price]);
  return [
    `subscriber ${subscriber}`,
    has.length === 0
      ? 'has no service'
      : table(['NO', 'SERVICE', 'PRICE', 'PERIOD', 'STATE', 'NEXT CHARGE (UTC)'], has),
    ordered.length === 0 ? 'ordered nothing' : table(['ORDER', 'OPENED (UTC)', 'STATE', 'SERVICE', 'PRICE'], ordered),
  ].join('\n');
}
