import { get, post } from './api.mjs';
import { clock, h, hush, replace, say } from './dom.mjs';
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

/** Pages by the first part of the address's hash. A view fills a node and returns what ends it. */
const PAGES = [
  ['', 'Board', boardView],
  ['links', 'Links and peers', linksView],
  ['orders', 'Orders', (at, self, id) => (id === '' ? ordersView(at, self) : orderView(at, self, id))],
  ['attention', 'Money in doubt', accountView],
  ['providers', 'Providers', (at, self, id) => (id === '' ? providersView(at, self) : providerView(at, self, id))],
  ['queues', 'Queues', queuesView],
  ['care', 'Subscribers', careView],
  ['audit', 'Audit', auditView],
];

const NOWHERE = [
  undefined,
  'No such page',
  (at) => replace(at, h('h1', {}, 'No such page'), h('p', {}, 'Go to the ', h('a', { href: '#/' }, 'board'), '.')),
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
const top = document.getElementById('top');

/** @type {{ name?: string, role?: string, login: boolean }} */
let self = { login: true };
let end = () => undefined;
let counts = {};

function theme(next) {
  document.documentElement.dataset.theme = next;
  localStorage.setItem('theme', next);
  globalThis.dispatchEvent(new Event('theme'));
}

function drawTop(live) {
  const board = live?.board;
  const said = {
    connecting: ['', 'connecting …'],
    live: ['ok', 'live'],
    away: ['bad', 'Redis does not answer: no orders are known, links and peers are live'],
    stale: ['bad', 'connection lost, what you see is old'],
    trouble: ['bad', 'the store does not answer, what you see is old'],
  }[live?.state ?? 'connecting'];
  const ready = board?.status.ready;
  replace(
    top,
    h('span', { class: 'name' }, board?.status.name ?? 'orderd'),
    ready && h('span', { class: `state ${ready.ok ? 'ok' : 'bad'}`, id: 'ready' }, ready.ok ? 'ready' : 'not ready'),
    self.name &&
      h(
        'span',
        { class: `state ${said[0]}`, id: 'live' },
        said[1],
        live?.at && document.body.classList.contains('stale') ? clock(live.at) : undefined,
      ),
    h(
      'span',
      { class: 'right' },
      self.name && h('span', { class: 'muted', id: 'who' }, `${self.name}, ${self.role}`),
      h(
        'button',
        { type: 'button', 'data-key': 'theme', onclick: () => (theme(isLight() ? 'dark' : 'light'), drawTop(live)) },
        isLight() ? 'Dark' : 'Light',
      ),
      self.login && self.name && h('button', { type: 'button', 'data-key': 'logout', onclick: logout }, 'Log out'),
    ),
  );
}

const isLight = () => document.documentElement.dataset.theme === 'light';

function drawNav() {
  if (self.name === undefined) return nav.replaceChildren();
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
  drawTop(last);
  if (self.name === undefined) {
    document.title = 'Log in, orderd NOC';
    return loginView(main, loggedIn);
  }
  const [page, id] = place();
  const [, title, view] = PAGES.find(([path]) => path === page) ?? NOWHERE;
  document.title = `${title}, orderd NOC`;
  end = view(main, self, id) ?? (() => undefined);
}

let last;

function loggedIn(who) {
  self = who;
  connect();
  show();
}

async function logout() {
  await post('/api/v1/session/end', {}).catch((error) => say(error.message, true));
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
    const who = await get('/api/v1/session');
    if (who.name === undefined) show();
    else loggedIn(who);
  } catch (error) {
    replace(main, h('p', { class: 'fault' }, `${error.message}; trying again …`));
    setTimeout(begin, 2000);
  }
}

theme(localStorage.getItem('theme') ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'));
void begin();
