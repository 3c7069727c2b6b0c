import { post } from '../api.mjs';
import { clock, h, ordersTable, panel, replace, state, table } from '../dom.mjs';

/** Subscriber lookup for care staff. @param {HTMLElement} at @param {{ role?: string }} self */
export function careView(at, self) {
  const title = h('h1', {}, 'Subscribers');
  if (self.role !== 'operator')
    return replace(at, title, h('p', { class: 'empty' }, 'Only an operator may look up a subscriber.'));
  const found = h('div', {}, h('p', { class: 'empty' }, 'Nobody was looked up yet.'));
  const fault = h('p', { class: 'fault', role: 'alert' });
  const form = h(
    'form',
    { class: 'panel' },
    h(
      'label',
      {},
      'Number in E.164, such as +254712345678',
      h('input', {
        name: 'msisdn',
        required: true,
        inputmode: 'tel',
        autocomplete: 'off',
        pattern: '\\+?[1-9]\\d{6,14}',
      }),
    ),
    h(
      'label',
      {},
      'Why (kept in the audit record)',
      h('input', { name: 'why', required: true, minlength: 3, maxlength: 300, autocomplete: 'off' }),
    ),
    fault,
    h('div', { class: 'row' }, h('button', { class: 'primary', type: 'submit' }, 'Look up')),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fault.textContent = '';
    const data = new FormData(form);
    try {
      const { subscriber, subscriptions, orders } = await post('/api/v1/subscriber', {
        msisdn: String(data.get('msisdn')),
        why: String(data.get('why')),
      });
      replace(
        found,
        h('p', {}, `Subscriber ${subscriber}`),
        h('h3', {}, 'Subscriptions'),
        subscriptionsTable(subscriptions, `Subscriptions of ${subscriber}`),
        h('h3', {}, 'Orders'),
        ordersTable(orders, `Orders of ${subscriber}`),
      );
    } catch (error) {
      fault.textContent = error.message;
    }
  });
  replace(at, title, form, panel('Subscriber', found));
}

/** Numbered as the subscriber's own LIST is. @param {Record<string, any>[]} subscriptions @param {string} label */
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
