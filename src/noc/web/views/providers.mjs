import { h, panel, replace, state, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/** @param {HTMLElement} at */
export function providersView(at) {
  const list = h('div');
  replace(at, h('h1', {}, 'Providers'), panel('Credit', list));
  const { again, end } = loaded(list, '/api/v1/providers', draw);
  const timer = setInterval(() => void again(), 5000);
  return () => (clearInterval(timer), end());
}

/** @param {{ providers: readonly import('../../provider-view.ts').ProviderSummary[] }} answer */
function draw({ providers }) {
  const rows = providers.map((one) => [
    h('a', { href: `#/providers/${one.id}`, 'data-key': `provider-${one.id}` }, one.name),
    one.services,
    one.score,
    one.band,
    one.interaction,
    one.suspended
      ? state(`suspended by ${one.suspended.who ?? one.suspended.by}`, 'bad')
      : one.suspendedServices.length > 0
        ? state(`suspended: ${one.suspendedServices.map(({ service }) => service).join(', ')}`, 'warn')
        : state(one.reading, one.reading === 'known' ? 'ok' : 'warn'),
  ]);
  const heads = ['Provider', 'Services', 'Score', 'Band', 'Asks for', 'State'].map((name) => ({
    name,
    num: /^S(e|c)/.test(name),
  }));
  return table(heads, rows, { empty: 'The catalogue has no provider.', label: 'Providers' });
}
