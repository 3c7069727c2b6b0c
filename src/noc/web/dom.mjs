/** Small pieces of page. Text goes in as text, never as markup: what subscribers and peers wrote is hostile. */

/**
 * What may stand in a page; what is not there is left out.
 * @typedef {Node | string | number | undefined | null | false | ''} Piece
 * @typedef {string | number | boolean | undefined | ((event: Event) => void)} Attribute
 * @typedef {{ name?: string, role?: string, login: boolean }} Self who looks
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, Attribute>>} [props] attributes; `class`, `on…` listeners, booleans as in HTML
 * @param {...Piece} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter(isThere).map(asNode));
  return node;
}

/** @param {Piece} child @returns {child is Node | string | number} */
function isThere(child) {
  return child !== undefined && child !== null && child !== false;
}

/** @param {Node | string | number} child */
function asNode(child) {
  return child instanceof Node ? child : String(child);
}

/** What is pressed: a press whose control is replaced before it ends is no click. @type {EventTarget | null | undefined} */
let pressed;
/** Per node, what waits for the end of the press. @type {Map<Element, Piece[]>} */
const waiting = new Map();

function released() {
  pressed = undefined;
  for (const [node, children] of waiting) replace(node, ...children);
}

// The press that opens the browser's menu may end where no page hears of it, and clicks nothing.
addEventListener('pointerdown', ({ button, target }) => (pressed = button === 0 ? target : undefined), true);
// Before what the click does, which may draw at once.
addEventListener('click', () => (pressed = undefined), true);
for (const end of ['pointerup', 'pointercancel', 'contextmenu'])
  addEventListener(end, () => setTimeout(released), true);

/**
 * Puts new children in, and the focus back on the control with the same `data-key`.
 * @param {Element} node
 * @param {...Piece} children
 */
export function replace(node, ...children) {
  waiting.delete(node);
  if (pressed instanceof Node && node.contains(pressed)) return void waiting.set(node, children);
  const key = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  const held = key !== undefined && node.contains(document.activeElement);
  node.replaceChildren(...children.filter(isThere).map(asNode));
  const control = held ? node.querySelector(`[data-key="${CSS.escape(key)}"]`) : undefined;
  if (control instanceof HTMLElement) control.focus();
}

/**
 * @param {string} title
 * @param {...Piece} children
 */
export function panel(title, ...children) {
  return h('section', { class: 'panel', 'aria-label': title }, h('h2', {}, title), ...children);
}

/**
 * @param {{ name: string, num?: boolean }[]} heads
 * @param {readonly (readonly Piece[])[]} rows
 * @param {{ empty: string, label: string }} words
 */
export function table(heads, rows, { empty, label }) {
  if (rows.length === 0) return h('p', { class: 'empty' }, empty);
  /** @param {Piece} value @param {number} index */
  const cell = (value, index) => h('td', { class: heads[index]?.num ? 'num' : undefined }, value ?? '–');
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map(({ name, num }) => h('th', { scope: 'col', class: num ? 'num' : undefined }, name))),
      ),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map(cell)))),
    ),
  );
}

/** A cell of what people or networks wrote: long, and perhaps without a space. @param {string | undefined} text */
export function free(text) {
  return text === undefined ? undefined : h('span', { class: 'free' }, text);
}

/** In the place of what is on its way. */
export function loading() {
  return h('p', { class: 'loading' }, 'Loading …');
}

/** In the place of what only the store knows. */
export function unknown() {
  return h('p', { class: 'empty' }, 'Not known while Redis does not answer.');
}

/** @typedef {readonly [name: string, value: Piece]} Fact */

/** @param {readonly Fact[]} entries */
export function facts(entries) {
  return h(
    'dl',
    { class: 'facts' },
    ...entries.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value ?? '–')]),
  );
}

/**
 * @param {string} text
 * @param {'ok' | 'warn' | 'bad' | ''} tone said by shape and colour both
 */
export function state(text, tone) {
  return h('span', { class: `state ${tone}` }, text);
}

/** @param {string | number} at ISO 8601 or epoch ms; shown in this browser's zone */
export function clock(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const text = today ? date.toLocaleTimeString([], { hour12: false }) : date.toLocaleString([], { hour12: false });
  return h('time', { datetime: date.toISOString(), title: date.toISOString() }, text);
}

/** @param {number} ms */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** @param {string} text @param {boolean} [bad] */
export function say(text, bad = false) {
  const box = document.getElementById('said');
  const line = h('p', { class: bad ? 'bad' : undefined }, text);
  box?.replaceChildren(line);
  setTimeout(() => line.remove(), 6000);
}

/**
 * A field of a form, under its label.
 * @param {string} name @param {string} label @param {Readonly<Record<string, Attribute>>} [props] of its input
 */
export function field(name, label, props = {}) {
  return h('label', {}, label, h('input', { name, autocomplete: 'off', ...props }));
}

/** Why somebody looks or changes something: every change asks it. */
export function whyField() {
  return field('why', 'Why (kept in the audit record)', { required: true, minlength: 3, maxlength: 300 });
}

/** What was typed into a field of a form. @param {FormData} form @param {string} name */
export function typed(form, name) {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** @param {HTMLFormElement} form @param {() => void | Promise<void>} send tells of its own faults */
export function onSubmit(form, send) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
}

/** @param {unknown} fault */
export function said(fault) {
  return fault instanceof Error ? fault.message : String(fault);
}

/** What one page said is not to be read on the next: it may be a number. */
export function hush() {
  document.getElementById('said')?.replaceChildren();
}

/** @type {Readonly<Record<string, 'ok' | 'warn' | 'bad' | ''>>} */
const TONES = {
  placed: 'ok',
  challenged: '',
  confirmed: '',
  charging: '',
  'charge-unknown': 'bad',
  disputed: 'bad',
  uncharged: 'warn',
  declined: 'warn',
  refused: 'warn',
};

/** @param {string} name of an order's state */
export function orderState(name) {
  return state(name, TONES[name] ?? '');
}

/** @param {readonly import('../order-view.ts').OrderSummary[]} orders @param {string} label */
export function ordersTable(orders, label) {
  return table(
    ['Order', 'Opened', 'State', 'By', 'Service', 'Price', 'Subscriber'].map((name) => ({ name })),
    orders.map((order) => [
      h('a', { href: `#/orders/${order.id}`, class: 'mono', 'data-key': `order-${order.id}` }, order.id),
      clock(order.openedAt),
      orderState(order.state),
      order.interaction,
      `${order.title} (${order.provider})`,
      order.price,
      order.subscriber,
    ]),
    { empty: 'No orders yet. The first one appears here by itself.', label },
  );
}
