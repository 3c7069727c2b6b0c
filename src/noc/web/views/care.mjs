import { post } from '../api.mjs';
import { h, ordersTable, panel, replace } from '../dom.mjs';

/** Subscriber lookup for care staff. @param {HTMLElement} at */
export function careView(at) {
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
      const { subscriber, orders } = await post('/api/v1/care/lookup', {
        msisdn: String(data.get('msisdn')),
        why: String(data.get('why')),
      });
      replace(found, h('p', {}, `Subscriber ${subscriber}`), ordersTable(orders, `Orders of ${subscriber}`));
    } catch (error) {
      fault.textContent = error.message;
    }
  });
  replace(at, h('h1', {}, 'Subscribers'), form, panel('Orders', found));
}
