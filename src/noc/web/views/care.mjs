import { post } from '../api.mjs';
import {
  clock,
  field,
  h,
  onSubmit,
  ordersTable,
  panel,
  replace,
  said,
  state,
  table,
  typed,
  whyField,
} from '../dom.mjs';

/**
 * @typedef {import('../dom.mjs').Self} Self
 * @typedef {import('../../sources.ts').SubscriberView} Subscriber
 */

/** Subscriber lookup for care staff. @param {HTMLElement} at @param {Self} self */
export function careView(at, self) {
  const title = h('h1', {}, 'Subscribers');
  if (self.role !== 'operator') {
    replace(at, title, h('p', { class: 'empty' }, 'Only an operator may look up a subscriber.'));
    return undefined;
  }
  const found = h('div', {}, h('p', { class: 'empty' }, 'Nobody was looked up yet.'));
  replace(at, title, lookUp(found), panel('Subscriber', found));
  return undefined;
}

/** @param {HTMLElement} found where the answer goes */
function lookUp(found) {
  const number = { required: true, inputmode: 'tel', pattern: '\\+?[1-9]\\d{6,14}' };
  const fault = h('p', { class: 'fault', role: 'alert' });
  const form = h(
    'form',
    { class: 'panel' },
    field('msisdn', 'Number in E.164, such as +254712345678', number),
    whyField(),
    fault,
    h('div', { class: 'row' }, h('button', { class: 'primary', type: 'submit' }, 'Look up')),
  );
  onSubmit(form, async () => {
    fault.textContent = '';
    const data = new FormData(form);
    try {
      draw(found, await post('/api/v1/subscriber', { msisdn: typed(data, 'msisdn'), why: typed(data, 'why') }));
    } catch (error) {
      fault.textContent = said(error);
    }
  });
  return form;
}

/** @param {HTMLElement} found @param {Subscriber} subscriber */
function draw(found, { subscriber, subscriptions, orders }) {
  replace(
    found,
    h('p', {}, `Subscriber ${subscriber}`),
    h('h3', {}, 'Subscriptions'),
    subscriptionsTable(subscriptions, `Subscriptions of ${subscriber}`),
    h('h3', {}, 'Orders'),
    ordersTable(orders, `Orders of ${subscriber}`),
  );
}

/** Numbered as the subscriber's own LIST is. @param {Subscriber['subscriptions']} subscriptions @param {string} label */
function subscriptionsTable(subscriptions, label) {
  return table(
    [
      { name: 'Number', num: true },
      ...['Service', 'Price', 'Every', 'State', 'Since', 'Next charge'].map((name) => ({ name })),
    ],
    subscriptions.map((one) => [
      one.number === 0 ? undefined : one.number,
      one.title,
      one.price,
      one.period,
      state(one.state, one.state === 'active' ? 'ok' : 'warn'),
      clock(one.since),
      clock(one.dueAt),
    ]),
    { empty: 'No subscriptions.', label },
  );
}
