import { clock, h, panel, replace, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/** @param {HTMLElement} at @param {{ role?: string }} self */
export function auditView(at, self) {
  const list = h('div');
  replace(at, h('h1', {}, 'Audit'), panel('Who changed what', list));
  if (self.role !== 'operator')
    return replace(list, h('p', { class: 'empty' }, 'Only an operator may read the audit record.'));
  const { again, end } = loaded(list, '/api/v1/audit?limit=200', draw);
  const timer = setInterval(again, 5000);
  return () => (clearInterval(timer), end());
}

const said = (facts) =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function draw({ entries }) {
  const rows = entries.map(({ at, who, what, subject, before, after, why }) => [
    clock(at),
    who,
    what,
    h('span', { class: 'mono' }, subject),
    said(before),
    said(after),
    why,
  ]);
  const heads = ['When', 'Who', 'What', 'To what', 'Before', 'After', 'Why'].map((name) => ({ name }));
  return table(heads, rows, { empty: 'Nobody changed anything yet.', label: 'Audit record' });
}
