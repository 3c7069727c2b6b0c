import { post } from './api.mjs';
import { h, onSubmit, said, say, typed, whyField } from './dom.mjs';

/**
 * Asks for a reason (and whatever else a change needs) and makes the change.
 * @template Answer
 * @param {{ title: string, text: string, path: string, verb: string, fields?: HTMLElement[],
 *   body?: (form: FormData) => object, done?: (answer: Answer) => void }} change
 */
export function askAndPost({ title, text, path, verb, fields = [], body = () => ({}), done }) {
  const fault = h('p', { class: 'fault', role: 'alert' });
  const form = h('form', { method: 'dialog' });
  const dialog = h('dialog', { 'aria-label': title }, form);
  form.append(
    h('h1', {}, title),
    h('p', { class: 'muted' }, text),
    ...fields,
    whyField(),
    fault,
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', onclick: () => dialog.close() }, 'Leave it'),
      h('button', { class: 'primary', type: 'submit' }, verb),
    ),
  );
  onSubmit(form, async () => {
    const data = new FormData(form);
    try {
      /** @type {Answer} */
      const answer = await post(path, { ...body(data), why: typed(data, 'why') });
      dialog.close();
      say(`${title}: done`);
      done?.(answer);
    } catch (error) {
      fault.textContent = said(error);
    }
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('input')?.focus();
}

/**
 * A button that only operators may press; a viewer sees that it is there and why it is not theirs.
 * @param {import('./dom.mjs').Self} self @param {string} text @param {string} key @param {() => void} press
 */
export function operatorButton(self, text, key, press) {
  const may = self.role === 'operator';
  return h(
    'button',
    {
      type: 'button',
      disabled: !may,
      'data-key': key,
      title: may ? undefined : 'Only an operator may do this',
      onclick: press,
    },
    text,
  );
}
