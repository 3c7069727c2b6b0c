import { post } from '../api.mjs';
import { field, h, onSubmit, replace, said, typed } from '../dom.mjs';

/** @param {HTMLElement} at @param {(who: import('../dom.mjs').Self) => void} loggedIn */
export function loginView(at, loggedIn) {
  const fault = h('p', { class: 'fault', role: 'alert' });
  const form = h(
    'form',
    { class: 'panel login' },
    h('h1', {}, 'Log in'),
    field('name', 'Name', { required: true, autocomplete: 'username', maxlength: 64 }),
    field('password', 'Password', { required: true, type: 'password', autocomplete: 'current-password' }),
    fault,
    h('div', { class: 'row' }, h('button', { class: 'primary', type: 'submit' }, 'Log in')),
  );
  onSubmit(form, async () => {
    const data = new FormData(form);
    try {
      loggedIn(await post('/api/v1/session', { name: typed(data, 'name'), password: typed(data, 'password') }));
    } catch (error) {
      fault.textContent = said(error);
    }
  });
  replace(at, form);
  form.querySelector('input')?.focus();
}
