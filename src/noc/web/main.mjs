import { get, post } from './api.mjs';
import { clock, h, hush, replace, said, say } from './dom.mjs';
import { connect, disconnect, onLive } from './live.mjs';
import { accountView } from './views/account.mjs';
import { auditView } from './views/audit.mjs';
import { boardView } from './views/board.mjs';
import { careView } from './views/care.mjs';
import { linksView } from './views/links.mjs';
import { loginView } from './views/login.mjs';
import { orderView } from './views/order.mjs';
import { ordersView } from './views/orders.mjs';
import { providerView } from './views/provider.mjs';
import { providersView } from './views/providers.mjs';
import { queuesView } from './views/queues.mjs';

/**
 * @typedef {import('./dom.mjs').Self} Self
 * @typedef {import('./live.mjs').Live} Live
 * @typedef {(at: HTMLElement, self: Self, id: string) => (() => void) | undefined} View fills a node and returns what ends it
 * @typedef {readonly [path: string | undefined, title: string, view: View]} Page
 */

/** Pages by the first part of the address's hash. @type {readonly (Page & readonly [path: string, ...unknown[]])[]} */
const PAGES = [
  ['', 'Board', boardView],
  ['links', 'Links and peers', linksView],
  ['orders', 'Orders', (at, self, id) => (id === '' ? ordersView(at) : orderView(at, self, id))],
  ['attention', 'Money in doubt', accountView],
  ['providers', 'Providers', (at, self, id) => (id === '' ? providersView(at) : providerView(at, self, id))],
  ['queues', 'Queues', queuesView],
  ['care', 'Subscribers', careView],
  ['audit', 'Audit', auditView],
];

/** @type {Page} */
const NOWHERE = [
  undefined,
  'No such page',
  (at) => replace(at, h('h1', {}, 'No such page'), h('p', {}, 'Go to the ', h('a', { href: '#/' }, 'board'), '.')),
];

const main = byId('main');
const nav = byId('nav');
const top = byId('top');

/** @param {string} id of what index.html holds */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @type {Self} */
let self = { login: true };
/** @type {() => void} */
let end = () => undefined;
/** What a page has to look at. @type {Record<string, number>} */
let counts = {};

/** @param {'light' | 'dark'} next */
function theme(next) {
  document.documentElement.dataset.theme = next;
  localStorage.setItem('theme', next);
  globalThis.dispatchEvent(new Event('theme'));
}

/** @type {Readonly<Record<import('./live.mjs').State, readonly [tone: string, text: string]>>} */
const HEALTH = {
  connecting: ['', 'connecting …'],
  live: ['ok', 'live'],
  away: ['bad', 'Redis does not answer: no orders are known, links and peers are live'],
  stale: ['bad', 'connection lost, what you see is old'],
  trouble: ['bad', 'the store does not answer, what you see is old'],
};

/** @param {Live | undefined} live */
function drawTop(live) {
  const status = live?.board?.status;
  const isIn = self.name !== undefined;
  replace(
    top,
    h('span', { class: 'name' }, status?.name ?? 'orderd'),
    status && readyMark(status.ready),
    isIn && liveMark(live),
    rightSide(isIn),
  );
}

/** @param {boolean} isIn */
function rightSide(isIn) {
  return h('span', { class: 'right' }, isIn && whoMark(self), themeButton(), isIn && self.login && logoutButton());
}

/** @param {{ ok: boolean }} ready */
function readyMark({ ok }) {
  return h('span', { class: `state ${ok ? 'ok' : 'bad'}`, id: 'ready' }, ok ? 'ready' : 'not ready');
}

/** @param {Live | undefined} live */
function liveMark(live) {
  const [tone, text] = HEALTH[live?.state ?? 'connecting'];
  const age = live?.at && document.body.classList.contains('stale') ? clock(live.at) : undefined;
  return h('span', { class: `state ${tone}`, id: 'live' }, text, age);
}

/** @param {Self} who */
function whoMark({ name, role }) {
  return h('span', { class: 'muted', id: 'who' }, `${name}, ${role}`);
}

function themeButton() {
  const press = () => {
    theme(isLight() ? 'dark' : 'light');
    drawTop(last);
  };
  return h('button', { type: 'button', 'data-key': 'theme', onclick: press }, isLight() ? 'Dark' : 'Light');
}

function logoutButton() {
  return h('button', { type: 'button', 'data-key': 'logout', onclick: () => void logout() }, 'Log out');
}

const isLight = () => document.documentElement.dataset.theme === 'light';

function drawNav() {
  if (self.name === undefined) {
    nav.replaceChildren();
    return;
  }
  const [page] = place();
  replace(
    nav,
    ...PAGES.map(([path, title]) =>
      h(
        'a',
        { href: `#/${path}`, 'aria-current': path === page ? 'page' : undefined, 'data-key': `nav-${path}` },
        title,
        counts[path]
          ? h('span', { class: 'count', 'aria-label': `${counts[path]} to look at` }, counts[path])
          : undefined,
      ),
    ),
  );
}

/** On a narrow screen the pages' names are a strip of which only some are in sight. */
function showCurrent() {
  const current = nav.querySelector('[aria-current]');
  if (current instanceof HTMLElement) nav.scrollLeft = current.offsetLeft - nav.offsetLeft;
}

/** @returns {readonly [page: string, id: string]} */
function place() {
  const [, page = '', id = ''] = location.hash.split('/');
  try {
    return [page, decodeURIComponent(id)];
  } catch {
    return ['?', ''];
  }
}

function show() {
  end();
  end = () => undefined;
  drawNav();
  showCurrent();
  drawTop(last);
  if (self.name === undefined) {
    document.title = 'Log in, orderd NOC';
    loginView(main, loggedIn);
    return;
  }
  const [page, id] = place();
  const [, title, view] = PAGES.find(([path]) => path === page) ?? NOWHERE;
  document.title = `${title}, orderd NOC`;
  end = view(main, self, id) ?? (() => undefined);
}

/** @type {Live | undefined} */
let last;

/** @param {Self} who */
function loggedIn(who) {
  self = who;
  connect();
  show();
}

async function logout() {
  await post('/api/v1/session/end', {}).catch((/** @type {unknown} */ error) => say(said(error), true));
  disconnect();
  self = { login: true };
  show();
}

globalThis.addEventListener('hashchange', () => {
  hush();
  show();
  main.focus();
});
globalThis.addEventListener('login-over', () => {
  if (self.name === undefined) return;
  disconnect();
  self = { login: true };
  say('Your login is over', true);
  show();
});

onLive((live) => {
  last = live;
  document.body.classList.toggle('stale', live.state === 'stale' || live.state === 'trouble');
  const orders = live.board?.status.orders ?? {};
  counts = {
    attention: (orders['charge-unknown'] ?? 0) + (orders.disputed ?? 0),
    queues: live.board?.status.deadLetters ?? 0,
  };
  drawTop(live);
  drawNav();
});

async function begin() {
  try {
    /** @type {Self} */
    const who = await get('/api/v1/session');
    if (who.name === undefined) show();
    else loggedIn(who);
  } catch (error) {
    replace(main, h('p', { class: 'fault' }, `${said(error)}; trying again …`));
    setTimeout(() => void begin(), 2000);
  }
}

const chosen =
  localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');
theme(chosen === 'light' ? 'light' : 'dark');
void begin();
