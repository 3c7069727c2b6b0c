import { clock, free, h, panel, replace, table } from '../dom.mjs';
import { loaded } from '../load.mjs';

/** @param {HTMLElement} at @param {import('../dom.mjs').Self} self */
export function auditView(at, self) {
  const list = h('div');
  replace(at, h('h1', {}, 'Audit'), panel('Who changed what', list));
  if (self.role !== 'operator') {
    replace(list, h('p', { class: 'empty' }, 'Only an operator may read the audit record.'));
    return undefined;
  }
  const { again, end } = loaded(list, '/api/v1/audit?limit=200', draw);
  const timer = setInterval(() => void again(), 5000);
  return () => (clearInterval(timer), end());
}

/** @param {AuditFacts} facts */
const told = (facts) =>
  Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/**
 * @typedef {Readonly<Record<string, string | number | boolean>>} AuditFacts
 * @typedef {{ at: string, who: string, what: string, subject: string, before: AuditFacts, after: AuditFacts, why?: string }} Entry
 * @param {{ entries: readonly Entry[] }} answer
 */
function draw({ entries }) {
  const rows = entries.map(({ at, who, what, subject, before, after, why }) => [
    clock(at),
    who,
    what,
    h('span', { class: 'mono' }, subject),
    told(before),
    told(after),
    free(why),
  ]);
  const heads = ['When', 'Who', 'What', 'To what', 'Before', 'After', 'Why'].map((name) => ({ name }));
  return table(heads, rows, { empty: 'Nobody changed anything yet.', label: 'Audit record' });
}
