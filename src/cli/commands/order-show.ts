import type { OrderDetail } from '../../noc/order-view.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { clock, facts } from '../table.ts';

export const ORDER_SHOW: Command = {
  usage: 'order show ID',
  does: 'one order with its decision explained',
  run: view<OrderDetail>(({ args: [id = ''] }) => `/api/v1/orders/${encodeURIComponent(id)}`, orderText),
};

function orderText(order: OrderDetail): string {
  const { decision, challenge, charge } = order;
  return facts([
    ['order', order.id],
    ['state', order.state],
    ['opened', clock(order.openedAt)],
    ['changed', clock(order.updatedAt)],
    ['subscriber', order.subscriber],
    ['service', `${order.title} (${order.keyword} on ${order.shortCode}) by ${order.provider}`],
    ['price', `${order.price}, ${order.period}`],
    ['decision', decision.text],
    ['credit', `${decision.score ?? 'unknown'}, band ${decision.band}, policy ${decision.policyVersion}`],
    ...decision.rules.map(({ rule, asks, because }) => [`  ${rule}`, `asks ${asks}: ${because}`] as const),
    ['texts', `version ${order.textVersion}, over ${order.channel}, link ${order.link}`],
    ...channelFacts(order),
    ...(challenge === undefined ? [] : challengeFacts(challenge)),
    ...(charge === undefined ? [['charge', noCharge(order)] as const] : chargeFacts(charge)),
    ...(order.refund === undefined ? [] : [['refund', order.refund] as const]),
    ['waited', `${order.waits} times${order.stopRequested ? '; a STOP came while it was charged' : ''}`],
  ]);
}

type Fact = readonly [string, string];

function channelFacts({ channelAsked, channelBecause, fallbacks }: OrderDetail): readonly Fact[] {
  const asked = [`  not ${channelAsked}`, channelBecause ?? ''] as const;
  return [
    ...(channelAsked === undefined ? [] : [asked]),
    ...fallbacks.map(
      ({ text, from, to, because }) => [`  ${text}`, `over ${to} in place of ${from}: ${because}`] as const,
    ),
  ];
}

function challengeFacts(challenge: NonNullable<OrderDetail['challenge']>): readonly Fact[] {
  const { kind, wrongAnswers, maxTries, codeEndsAt, windowEndsAt } = challenge;
  return [
    ['challenge', `${kind}, ${wrongAnswers} of ${maxTries} wrong answers`],
    ['  ends', `code ${clock(codeEndsAt)}, window ${clock(windowEndsAt)}`],
  ];
}

function noCharge({ deniedWith }: OrderDetail): string {
  return deniedWith === undefined ? 'none was sent' : `the last one was denied (${deniedWith}); it is tried again`;
}

function chargeFacts(charge: NonNullable<OrderDetail['charge']>): readonly Fact[] {
  const { sessionId, requestNumber, verdict, resultCode, unanswered } = charge;
  const result = resultCode === undefined ? verdict : `${verdict} (${resultCode})`;
  return [
    ['charge', `${sessionId}, request ${requestNumber}`],
    ['  answer', unanswered ? `${result}; some send went unanswered, resends carry T` : result],
  ];
}
