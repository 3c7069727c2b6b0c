import { askAndPost, operatorButton } from '../ask.mjs';
import { clock, facts, h, orderState, panel, replace, say, table } from '../dom.mjs';
import { onLive } from '../live.mjs';
import { loaded } from '../load.mjs';
import { resolveButton } from './account.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../dom.mjs').Fact} Fact
 * @typedef {import('../../order-view.ts').OrderDetail} Order
 * @typedef {import('../../trace-view.ts').TraceStep} Step
 */

/** @param {HTMLElement} at @param {Self} self @param {string} id */
export function orderView(at, self, id) {
  const [about, trace] = [h('div'), h('div')];
  replace(at, h('h1', {}, 'Order ', h('span', { class: 'mono' }, id)), about, panel('Timeline', trace));
  const path = `/api/v1/orders/${encodeURIComponent(id)}`;
  const parts = [
    loaded(about, path, (/** @type {Order} */ order) => detail(order, self)),
    loaded(trace, `${path}/trace`, timeline),
  ];
  /** @type {string | undefined} */
  let seen;
  const stop = onLive(({ board }) => {
    const now = board?.orders?.find((order) => order.id === id)?.state;
    if (seen !== undefined && now !== seen) for (const part of parts) void part.again();
    seen = now;
  });
  return () => {
    stop();
    for (const part of parts) part.end();
  };
}

/** @param {Order} order @param {Self} self */
function detail(order, self) {
  const { decision, challenge, charge } = order;
  const about = panel(
    'Order',
    facts(orderFacts(order)),
    h('p', {}),
    reveal(order, self),
    ' ',
    order.state === 'disputed' && resolveButton(order, self),
  );
  return h(
    'div',
    { class: 'grid' },
    h('div', { class: 'w6' }, about),
    h(
      'div',
      { class: 'w6' },
      decisionPanel(decision),
      challenge && panel('Challenge', facts(challengeFacts(challenge))),
      charge && panel('Charge', facts(chargeFacts(charge, order.refund))),
    ),
  );
}

/** @param {Order['decision']} decision */
function decisionPanel({ text, rules }) {
  const heads = ['Rule', 'Asks for', 'Because'].map((name) => ({ name }));
  const rows = rules.map(({ rule, asks, because }) => [rule, asks, because]);
  return panel(
    'Why it was asked that way',
    h('p', {}, text),
    table(heads, rows, { empty: 'No rule spoke.', label: 'Rules' }),
  );
}

/** @param {NonNullable<Order['challenge']>} challenge @returns {readonly Fact[]} */
function challengeFacts({ kind, wrongAnswers, maxTries, codeEndsAt, windowEndsAt }) {
  return [
    ['Kind', kind],
    ['Wrong answers', `${wrongAnswers} of ${maxTries}`],
    ['Code ends', clock(codeEndsAt)],
    ['Window ends', clock(windowEndsAt)],
  ];
}

/** @param {Order} order @returns {readonly Fact[]} */
function orderFacts(order) {
  return [
    ['State', orderState(order.state)],
    ['Opened', clock(order.openedAt)],
    ['Changed', clock(order.updatedAt)],
    ['Subscriber', order.subscriber],
    ['Service', `${order.title} (${order.keyword} on ${order.shortCode})`],
    ['Provider', order.provider],
    ['Price', `${order.price}, ${order.period}`],
    ['Channel', `${order.channel}, link ${order.link}`],
    ...channelFacts(order),
    ['Credit then', `${order.decision.score ?? 'unknown'}, band ${order.decision.band}`],
    ...deniedFact(order),
    ['Waited', `${order.waits} times${order.stopRequested ? '; a STOP came while it was charged' : ''}`],
  ];
}

/** @param {Order} order @returns {readonly Fact[]} */
function deniedFact({ deniedWith }) {
  return deniedWith === undefined ? [] : [['Last charge', `denied (${deniedWith}); it is tried again`]];
}

/** Why it is not the channel that was asked for, and what took the place of one that failed. @param {Order} order @returns {readonly Fact[]} */
function channelFacts({ channelAsked, channelBecause, fallbacks }) {
  /** @type {Fact[]} */
  const taken = fallbacks.map(({ text, from, to, because }) => [
    `Text ${text}`,
    `over ${to} in place of ${from}: ${because}`,
  ]);
  return channelAsked === undefined ? taken : [[`Not ${channelAsked}`, channelBecause], ...taken];
}

/** @param {NonNullable<Order['charge']>} charge @param {string | undefined} refund @returns {readonly Fact[]} */
function chargeFacts({ sessionId, requestNumber, eventTimestamp, verdict, resultCode, unanswered }, refund) {
  return [
    ['Session-Id', h('span', { class: 'mono' }, sessionId)],
    ['Request', requestNumber],
    ['Sent', clock(eventTimestamp)],
    ['Answer', resultCode === undefined ? verdict : `${verdict} (${resultCode})`],
    ['Unanswered', unanswered ? 'some send was; resends carry T' : 'none'],
    ['Refund', refund && h('span', { class: 'mono' }, refund)],
  ];
}

/** @param {{ id: string }} order @param {Self} self */
function reveal({ id }, self) {
  return operatorButton(self, 'Reveal the number', 'reveal', () =>
    askAndPost({
      title: 'Reveal the number',
      text: 'The full number is shown once, and the audit record names you.',
      path: `/api/v1/care/orders/${encodeURIComponent(id)}/reveal`,
      verb: 'Reveal',
      done: ({ msisdn }) => say(`The subscriber is +${msisdn}`),
    }),
  );
}

/** @param {{ steps: readonly Step[] }} trace */
function timeline({ steps }) {
  if (steps.length === 0) return h('p', { class: 'empty' }, 'Nothing is known of this order.');
  /** @param {Step} step */
  const line = ({ at, from, event, says }) => {
    const time = new Date(at);
    const ms = /^(charged?|reserved|commit|release|refund(ed)?)$/.test(event)
      ? ''
      : `.${String(time.getMilliseconds()).padStart(3, '0')}`;
    const text = time.toLocaleTimeString([], { hour12: false }) + ms;
    return h(
      'li',
      { class: from },
      h('time', { datetime: time.toISOString() }, text),
      h('span', { class: 'event' }, event),
      h('span', { class: 'says' }, says),
    );
  };
  return h(
    'div',
    {},
    h('ol', { class: 'timeline' }, ...steps.map(line)),
    h(
      'p',
      { class: 'muted' },
      'Filled dots are the order’s own record; the others are what this process remembers of it.',
    ),
  );
}
