// Several phones on one page. They speak to the SMSC simulator's control port and hear it by server-sent events.
import { call, find, onSubmit } from './page.mjs';
import { Phone } from './phone.mjs';
import { showPdu } from './wire.mjs';

/**
 * @typedef {import('../control.ts').Received} Received
 * @typedef {import('../control.ts').ReceivedMail} ReceivedMail
 * @typedef {import('../../smsc/sent.ts').SentMo} SentMo
 * @typedef {import('../../smsc/ussd-dialogue.ts').DialogueRecord} DialogueRecord
 */

const add = find(document, '#add', HTMLFormElement);
const number = find(document, '#number', HTMLInputElement);
const link = find(document, '#link', HTMLElement);

/** @type {Map<string, Phone>} */
const phones = new Map();

/** @param {string} msisdn */
function addPhone(msisdn) {
  if (phones.has(msisdn)) return;
  const phone = new Phone(msisdn);
  phones.set(msisdn, phone);
  find(document, '#phones', HTMLElement).append(phone.root);
  history.replaceState(null, '', `?number=${[...phones.keys()].join(',')}`);
}

/** @param {string} text @param {boolean} down */
function showLink(text, down) {
  link.textContent = text;
  link.classList.toggle('down', down);
}

async function showBinds() {
  /** @type {readonly import('../../smsc/http.ts').BindRecord[]} */
  const binds = await call('GET', '/binds');
  const names = binds.map(({ account, state }) => `${account} (${state})`).join(', ');
  showLink(binds.length === 0 ? 'no ESME is bound' : `bound: ${names}`, binds.length === 0);
}

const events = new EventSource('/events');

/** @template Told @param {string} name of an event of the control port @param {(told: Told) => void} show */
function hear(name, show) {
  events.addEventListener(name, (/** @type {MessageEvent<string>} */ event) => {
    /** @type {unknown} */
    const told = JSON.parse(event.data);
    show(/** @type {Told} */ (told));
  });
}

hear('mt', (/** @type {Received} */ message) => phones.get(message.to)?.showReceived(message, true));
hear('mo', (/** @type {SentMo} */ mo) => phones.get(mo.from)?.showSent(mo));
hear('ussd', (/** @type {DialogueRecord} */ record) => phones.get(record.msisdn)?.showDialogue(record));
hear('mail', (/** @type {ReceivedMail} */ mail) => {
  for (const phone of phones.values()) if (phone.reads(mail)) phone.showMail(mail, true);
});
hear('pdu', showPdu);
hear('binds', () => void showBinds());
events.addEventListener('open', () => void showBinds());
events.addEventListener('error', () => showLink('the SMSC simulator is gone; waiting for it', true));

onSubmit(add, () => {
  addPhone(number.value);
  add.reset();
});
for (const each of (new URLSearchParams(location.search).get('number') ?? '254700000001').split(',')) addPhone(each);
