// The last PDUs, and one of them field by field.
import { call, clock, find } from './page.mjs';

/**
 * @typedef {import('../../smsc/web.ts').PduLine} PduLine
 * @typedef {import('../../smsc/web.ts').PduView} PduView
 */

const SHOWN = 60;
const list = find(document, '#pdus', HTMLOListElement);
const fields = find(document, '#fields', HTMLTableElement);

/** @param {{ direction: string }} pdu */
function wayOf({ direction }) {
  return direction === 'in' ? 'ESME \u2192 SMSC' : 'SMSC \u2192 ESME';
}

/** @param {HTMLButtonElement} button @param {PduLine} pdu */
async function choose(button, pdu) {
  for (const other of list.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === button));
  /** @type {PduView} */
  const view = await call('GET', `/pdus/${pdu.id}`);
  find(fields, 'caption', HTMLTableCaptionElement).textContent = `PDU ${pdu.id}, ${wayOf(pdu)}`;
  const rows = view.fields.map(({ offset, name, meaning, hex }) => {
    const row = document.createElement('tr');
    for (const text of [String(offset), name, meaning, hex]) row.insertCell().textContent = text;
    return row;
  });
  find(fields, 'tbody', HTMLTableSectionElement).replaceChildren(...rows);
}

/** @param {PduLine} pdu */
export function showPdu(pdu) {
  const button = document.createElement('button');
  button.textContent = `${clock(pdu.at)}  ${wayOf(pdu)}  ${pdu.command}`;
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => void choose(button, pdu));
  const item = document.createElement('li');
  item.append(button);
  list.prepend(item);
  while (list.children.length > SHOWN) list.lastElementChild?.remove();
}
