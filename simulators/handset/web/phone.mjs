import { call, clock, find, onSubmit, said } from './page.mjs';

/**
 * @typedef {import('../control.ts').Received} Received
 * @typedef {import('../control.ts').ReceivedMail} ReceivedMail
 * @typedef {import('../../smsc/sent.ts').SentMo} SentMo
 * @typedef {{ id: string, state: string, turns: readonly { by: string, text: string }[] }} Dialogue
 * @typedef {{ party: string, mine: boolean, text: string, note: string, failed: boolean }} Line
 */

const template = find(document, '#phone', HTMLTemplateElement);

/** One phone: its threads, its mailbox, its dialogue. */
export class Phone {
  /** @type {Dialogue | undefined} */
  dialogue;

  /** @param {string} number */
  constructor(number) {
    this.number = number;
    this.root = /** @type {HTMLElement} */ (find(template.content, '.phone', HTMLElement).cloneNode(true));
    this.root.dataset.number = number;
    this.at('h2', HTMLElement).textContent = number;
    this.thread = this.at('.thread', HTMLOListElement);
    this.mails = this.at('.mails', HTMLOListElement);
    this.mailbox = this.at('.mail', HTMLDetailsElement);
    this.screen = this.at('.ussd', HTMLElement);
    this.answer = this.at('.ussd [name=reply]', HTMLInputElement);
    this.listen();
    void this.load();
  }

  /** @template {Element} Kind @param {string} selector @param {new () => Kind} kind */
  at(selector, kind) {
    return find(this.root, selector, kind);
  }

  listen() {
    onSubmit(this.at('.compose', HTMLFormElement), () => this.send());
    onSubmit(this.at('.dialler', HTMLFormElement), () => this.dial());
    onSubmit(this.at('.ussd form', HTMLFormElement), () => this.reply());
    this.at('.ussd [name=cancel]', HTMLElement).addEventListener('click', () => void this.hangUp());
    this.at('.ussd .close', HTMLElement).addEventListener('click', () => (this.screen.hidden = true));
    const power = this.at('.power input', HTMLInputElement);
    power.addEventListener(
      'change',
      () => void call('PUT', `/handsets/${this.number}`, { power: power.checked ? 'on' : 'off' }),
    );
  }

  async load() {
    /** @type {Promise<readonly SentMo[]>} */
    const sent = call('GET', `/mo?from=${this.number}`);
    /** @type {Promise<readonly Received[]>} */
    const received = call('GET', `/messages?to=${this.number}`);
    const [mos, mts] = await Promise.all([sent, received]);
    const all = [
      ...mos.map((mo) => ({ at: mo.at, show: () => this.showSent(mo) })),
      ...mts.map((mt) => ({ at: mt.at, show: () => this.showReceived(mt, false) })),
    ];
    for (const { show } of all.sort((a, b) => a.at.localeCompare(b.at))) show();
    await this.loadMails();
  }

  /** Where the SMSC simulator knows no mail simulator, the phone has no mailbox. */
  async loadMails() {
    /** @type {Promise<readonly ReceivedMail[]>} */
    const asked = call('GET', `/mails?to=${this.number}`);
    const mails = await asked.catch(() => undefined);
    this.mailbox.hidden = mails === undefined;
    for (const mail of mails ?? []) this.showMail(mail, false);
  }

  /** This phone's are the mails to its number at any domain. @param {ReceivedMail} mail */
  reads(mail) {
    return mail.to.some((address) => address.split('@')[0] === this.number);
  }

  /** @param {ReceivedMail} mail @param {boolean} fresh */
  showMail({ id, at, from, to, subject, text }, fresh) {
    const key = String(id);
    if (itemOf(this.mails, key) !== undefined) return;
    const item = newItem(key);
    item.append(
      element('strong', subject),
      element('small', `${from} to ${to.join(', ')}, ${clock(at)}`),
      element('p', text),
    );
    this.mails.prepend(item);
    this.at('.mail .count', HTMLElement).textContent = `(${this.mails.children.length})`;
    if (!fresh) return;
    this.mailbox.open = true;
    // The open mailbox takes room from the thread: its end is what counts.
    this.thread.scrollTop = this.thread.scrollHeight;
  }

  /** Shows one party's messages and texts that party next. @param {string} party */
  choose(party) {
    const parties = this.at('.parties', HTMLElement);
    if (![...parties.children].some((tab) => tab.textContent === party)) {
      const tab = element('button', party);
      tab.addEventListener('click', () => this.choose(party));
      parties.append(tab);
    }
    for (const tab of parties.children) tab.setAttribute('aria-pressed', String(tab.textContent === party));
    for (const item of this.thread.querySelectorAll('li')) item.hidden = item.dataset.party !== party;
    this.at('.compose [name=to]', HTMLInputElement).value = party;
  }

  /** One line of the party's thread; a line that is there already is brought up to date. @param {string} key @param {Line} line */
  line(key, { party, mine, text, note, failed }) {
    const item = itemOf(this.thread, key) ?? newItem(key);
    const small = element('small', note);
    item.dataset.party = party;
    item.className = mine ? 'mine' : 'theirs';
    small.classList.toggle('failed', failed);
    item.replaceChildren(text, small);
    if (item.parentNode === null) this.thread.append(item);
    this.choose(party);
    this.thread.scrollTop = this.thread.scrollHeight;
  }

  /** @param {SentMo} mo */
  showSent(mo) {
    const pending = mo.status === undefined;
    const taken = mo.status === 0;
    const state = pending ? 'sending' : taken ? 'sent' : `not taken: ${mo.statusName ?? 'no answer'}`;
    const note = `${clock(mo.at)}, ${state}`;
    this.line(mo.id, { party: mo.to, mine: true, text: mo.text, note, failed: !pending && !taken });
  }

  /** @param {Received} message @param {boolean} fresh */
  showReceived(message, fresh) {
    const { id, from, text, at, channel } = message;
    if (channel !== 'flash') this.line(`mt-${id}`, { party: from, mine: false, text, note: clock(at), failed: false });
    else if (fresh) this.flash(message);
  }

  /** Class 0: shown at once, stored nowhere. @param {Received} message */
  flash({ from, text }) {
    this.at('.flash .from', HTMLElement).textContent = `from ${from}`;
    this.at('.flash .text', HTMLElement).textContent = text;
    this.at('.flash', HTMLDialogElement).show();
  }

  async send() {
    const { value: to } = this.at('.compose [name=to]', HTMLInputElement);
    const box = this.at('.compose [name=text]', HTMLInputElement);
    const { value: text } = box;
    box.value = '';
    try {
      await call('POST', '/mo', { from: this.number, to, text });
    } catch (error) {
      this.line(`failed-${Date.now()}`, { party: to, mine: true, text, note: said(error), failed: true });
    }
  }

  async dial() {
    const box = this.at('.dialler [name=code]', HTMLInputElement);
    try {
      this.showDialogue(await call('POST', '/ussd', { from: this.number, code: box.value, waitMs: 0 }));
      box.value = '';
    } catch (error) {
      this.showNetwork(said(error));
    }
  }

  async reply() {
    const { value: text } = this.answer;
    this.answer.value = '';
    try {
      await call('POST', `/ussd/${this.dialogue?.id ?? ''}/reply`, { text, waitMs: 0 });
    } catch (error) {
      this.showNetwork(said(error));
    }
  }

  async hangUp() {
    await call('DELETE', `/ussd/${this.dialogue?.id ?? ''}`).catch(() => undefined);
    this.screen.hidden = true;
  }

  /** @param {Dialogue} dialogue */
  showDialogue(dialogue) {
    this.dialogue = dialogue;
    const { state } = dialogue;
    const last = dialogue.turns.at(-1) ?? { by: '', text: '' };
    const isRunning = state === 'awaiting-app' && last.by !== 'app';
    this.screen.hidden = state === 'released' && last.by === 'user';
    this.at('.ussd .text', HTMLElement).textContent = isRunning ? 'USSD code running\u2026' : last.text;
    this.at('.ussd form', HTMLElement).hidden = state !== 'awaiting-user';
    this.at('.ussd .close', HTMLElement).hidden = state !== 'released';
    if (state === 'awaiting-user') this.answer.focus();
  }

  /** @param {string} text */
  showNetwork(text) {
    this.showDialogue({ id: '', state: 'released', turns: [{ by: 'network', text }] });
  }
}

/** @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {string} text */
function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** @param {string} key */
function newItem(key) {
  const item = document.createElement('li');
  item.dataset.key = key;
  return item;
}

/** @param {HTMLOListElement} list @param {string} key */
function itemOf(list, key) {
  return [...list.querySelectorAll('li')].find((item) => item.dataset.key === key);
}
