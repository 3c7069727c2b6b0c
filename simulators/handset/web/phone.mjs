// Several phones on one page. They speak to the SMSC simulator's control port and hear it by server-sent events.

const byId = (id) => document.getElementById(id);
const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

async function call(method, path, body) {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await (await fetch(path, init)).json();
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

class Phone {
  constructor(number) {
    this.number = number;
    this.dialogue = undefined;
    this.root = byId('phone').content.firstElementChild.cloneNode(true);
    this.root.dataset.number = number;
    this.root.querySelector('h2').textContent = number;
    this.listen();
    byId('phones').append(this.root);
    this.load();
  }

  at(selector) {
    return this.root.querySelector(selector);
  }

  listen() {
    this.at('.compose').addEventListener('submit', (event) => this.send(event));
    this.at('.dialler').addEventListener('submit', (event) => this.dial(event));
    this.at('.ussd form').addEventListener('submit', (event) => this.reply(event));
    this.at('.ussd [name=cancel]').addEventListener('click', () => this.hangUp());
    this.at('.ussd .close').addEventListener('click', () => (this.at('.ussd').hidden = true));
    this.at('.power input').addEventListener('change', (event) =>
      call('PUT', `/handsets/${this.number}`, { power: event.target.checked ? 'on' : 'off' }),
    );
  }

  async load() {
    const [sent, received] = await Promise.all([
      call('GET', `/mo?from=${this.number}`),
      call('GET', `/messages?to=${this.number}`),
    ]);
    const all = [
      ...sent.map((mo) => [mo.at, () => this.showSent(mo)]),
      ...received.map((mt) => [mt.at, () => this.showReceived(mt, false)]),
    ];
    for (const [, show] of all.sort(([a], [b]) => a.localeCompare(b))) show();
    await this.loadMails();
  }

  /** Where the SMSC simulator knows no mail simulator, the phone has no mailbox. */
  async loadMails() {
    const mails = await call('GET', `/mails?to=${this.number}`).catch(() => undefined);
    this.at('.mail').hidden = mails === undefined;
    for (const mail of mails ?? []) this.showMail(mail, false);
  }

  /** This phone's are the mails to its number at any domain. */
  reads(mail) {
    return mail.to.some((address) => address.split('@')[0] === this.number);
  }

  showMail(mail, fresh) {
    const list = this.at('.mails');
    if ([...list.children].some((item) => item.dataset.id === String(mail.id))) return;
    const item = document.createElement('li');
    item.dataset.id = mail.id;
    for (const [name, text] of [
      ['strong', mail.subject],
      ['small', `${mail.from} to ${mail.to.join(', ')}, ${clock(mail.at)}`],
      ['p', mail.text],
    ]) {
      const part = document.createElement(name);
      part.textContent = text;
      item.append(part);
    }
    list.prepend(item);
    this.at('.mail .count').textContent = `(${list.children.length})`;
    if (!fresh) return;
    this.at('.mail').open = true;
    // The open mailbox takes room from the thread: its end is what counts.
    this.at('.thread').scrollTop = this.at('.thread').scrollHeight;
  }

  /** Shows one party's messages and texts that party next. */
  choose(party) {
    const known = [...this.at('.parties').children].some((tab) => tab.textContent === party);
    if (!known) {
      const tab = document.createElement('button');
      tab.textContent = party;
      tab.addEventListener('click', () => this.choose(party));
      this.at('.parties').append(tab);
    }
    for (const tab of this.at('.parties').children) tab.setAttribute('aria-pressed', String(tab.textContent === party));
    for (const item of this.at('.thread').children) item.hidden = item.dataset.party !== party;
    this.at('.compose [name=to]').value = party;
  }

  /** One line of the party's thread; a line that is there already is brought up to date. */
  line(key, { party, mine, text, note, failed }) {
    const thread = this.at('.thread');
    const item = [...thread.children].find((each) => each.dataset.key === key) ?? document.createElement('li');
    const small = document.createElement('small');
    item.dataset.key = key;
    item.dataset.party = party;
    item.className = mine ? 'mine' : 'theirs';
    small.textContent = note;
    small.classList.toggle('failed', failed);
    item.replaceChildren(text, small);
    if (item.parentNode === null) thread.append(item);
    this.choose(party);
    thread.scrollTop = thread.scrollHeight;
  }

  showSent(mo) {
    const pending = mo.status === undefined;
    const taken = mo.status === 0;
    const state = pending ? 'sending' : taken ? 'sent' : `not taken: ${mo.statusName ?? 'no answer'}`;
    this.line(mo.id, {
      party: mo.to,
      mine: true,
      text: mo.text,
      note: `${clock(mo.at)}, ${state}`,
      failed: !pending && !taken,
    });
  }

  showReceived(message, fresh) {
    if (message.channel === 'flash') {
      if (fresh) this.flash(message);
      return;
    }
    this.line(`mt-${message.id}`, {
      party: message.from,
      mine: false,
      text: message.text,
      note: clock(message.at),
      failed: false,
    });
  }

  /** Class 0: shown at once, stored nowhere. */
  flash(message) {
    this.at('.flash .from').textContent = `from ${message.from}`;
    this.at('.flash .text').textContent = message.text;
    this.at('.flash').show();
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const { to, text } = Object.fromEntries(new FormData(form));
    form.elements.text.value = '';
    try {
      await call('POST', '/mo', { from: this.number, to, text });
    } catch (error) {
      this.line(`failed-${Date.now()}`, { party: to, mine: true, text, note: error.message, failed: true });
    }
  }

  async dial(event) {
    event.preventDefault();
    const { code } = Object.fromEntries(new FormData(event.target));
    try {
      this.showDialogue(await call('POST', '/ussd', { from: this.number, code, waitMs: 0 }));
      event.target.reset();
    } catch (error) {
      this.showNetwork(error.message);
    }
  }

  async reply(event) {
    event.preventDefault();
    const text = this.at('.ussd [name=reply]').value;
    this.at('.ussd [name=reply]').value = '';
    await call('POST', `/ussd/${this.dialogue.id}/reply`, { text, waitMs: 0 }).catch((error) =>
      this.showNetwork(error.message),
    );
  }

  async hangUp() {
    await call('DELETE', `/ussd/${this.dialogue.id}`).catch(() => undefined);
    this.at('.ussd').hidden = true;
  }

  showDialogue(record) {
    this.dialogue = record;
    const last = record.turns.at(-1);
    const waiting = record.state === 'awaiting-app';
    this.at('.ussd').hidden = record.state === 'released' && last?.by === 'user';
    this.at('.ussd .text').textContent = waiting && last?.by !== 'app' ? 'USSD code running\u2026' : (last?.text ?? '');
    this.at('.ussd form').hidden = record.state !== 'awaiting-user';
    this.at('.ussd .close').hidden = record.state !== 'released';
    if (record.state === 'awaiting-user') this.at('.ussd [name=reply]').focus();
  }

  showNetwork(text) {
    this.showDialogue({ id: '', state: 'released', turns: [{ by: 'network', text }] });
  }
}

const phones = new Map();

function addPhone(number) {
  if (phones.has(number)) return;
  phones.set(number, new Phone(number));
  history.replaceState(null, '', `?number=${[...phones.keys()].join(',')}`);
}

function wayOf(pdu) {
  return pdu.direction === 'in' ? 'ESME \u2192 SMSC' : 'SMSC \u2192 ESME';
}

async function choosePdu(button, pdu) {
  for (const other of byId('pdus').querySelectorAll('button'))
    other.setAttribute('aria-pressed', String(other === button));
  const { fields } = await call('GET', `/pdus/${pdu.id}`);
  byId('fields').caption.textContent = `PDU ${pdu.id}, ${wayOf(pdu)}`;
  const rows = fields.map(({ offset, name, meaning, hex }) => {
    const row = document.createElement('tr');
    for (const text of [offset, name, meaning, hex]) row.insertCell().textContent = text;
    return row;
  });
  byId('fields').tBodies[0].replaceChildren(...rows);
}

const SHOWN_PDUS = 60;

function showPdu(pdu) {
  const button = document.createElement('button');
  button.textContent = `${clock(pdu.at)}  ${wayOf(pdu)}  ${pdu.command}`;
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => choosePdu(button, pdu));
  const item = document.createElement('li');
  item.append(button);
  byId('pdus').prepend(item);
  while (byId('pdus').children.length > SHOWN_PDUS) byId('pdus').lastElementChild.remove();
}

function showLink(text, down) {
  byId('link').textContent = text;
  byId('link').classList.toggle('down', down);
}

async function showBinds() {
  const binds = await call('GET', '/binds');
  const names = binds.map(({ account, state }) => `${account} (${state})`).join(', ');
  showLink(binds.length === 0 ? 'no ESME is bound' : `bound: ${names}`, binds.length === 0);
}

const hears = {
  mt: (message) => phones.get(message.to)?.showReceived(message, true),
  mo: (mo) => phones.get(mo.from)?.showSent(mo),
  ussd: (record) => phones.get(record.msisdn)?.showDialogue(record),
  mail: (mail) => {
    for (const phone of phones.values()) if (phone.reads(mail)) phone.showMail(mail, true);
  },
  pdu: showPdu,
  binds: showBinds,
};

const events = new EventSource('/events');
for (const [name, hear] of Object.entries(hears)) {
  events.addEventListener(name, (event) => hear(JSON.parse(event.data)));
}
events.addEventListener('open', showBinds);
events.addEventListener('error', () => showLink('the SMSC simulator is gone; waiting for it', true));

byId('add').addEventListener('submit', (event) => {
  event.preventDefault();
  addPhone(byId('number').value);
  event.target.reset();
});
for (const number of (new URLSearchParams(location.search).get('number') ?? '254700000001').split(','))
  addPhone(number);
