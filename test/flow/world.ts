import { UTC } from '../../src/domain/calendar.ts';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import type { Mo, MoAck, ReceiptState } from '../../src/domain/message.ts';
import type { Order } from '../../src/domain/order.ts';
import type { CreditReading, Policy } from '../../src/domain/policy.ts';
import { FLOW_EVENTS } from '../../src/flow/events.ts';
import { goOn, resumeMt, resumeOrder } from '../../src/flow/go-on.ts';
import type { Ports } from '../../src/flow/ports/ports.ts';
import { receiveMo } from '../../src/flow/receive-mo.ts';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import type { FlowSettings } from '../../src/flow/ports/settings.ts';
import type { Settled } from '../../src/flow/ports/settled.ts';
import { sweep } from '../../src/flow/sweep.ts';
import type { NoteFields } from '../../src/lib/note.ts';
import { CATALOGUE } from '../catalogues.ts';
import type { ManualClock } from '../manual-clock.ts';
import { createManualClock } from '../manual-clock.ts';
import { POLICY } from '../policies.ts';
import { Memory } from './fakes/memory.ts';
import { createMts } from './fakes/mts.ts';
import { createCharging, Ocs } from './fakes/ocs.ts';
import { createOrders } from './fakes/orders.ts';
import type { Job } from './fakes/outside.ts';
import { createLater, Keys, PLAIN_WORDS, Smsc } from './fakes/outside.ts';
import { createQuotas } from './fakes/quotas.ts';
import { createSubscribers, createWake, NO_RENEWALS } from './fakes/subscribers.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The subscriber of most scenes, and another one. */
export const ALICE = '254712345678';
export const BOB = '254722000111';

export const SETTINGS: FlowSettings = {
  partitions: 4,
  language: 'en',
  channels: ['sms', 'flash'],
  fallback: { sms: [], flash: ['sms'], ussd: ['sms'], email: ['sms'] },
  patience: { email: MINUTE },
  dedupeWindow: MINUTE,
  dedupeWindowWithId: 24 * HOUR,
  leaseFor: 30 * SECOND,
  challenge: {
    windows: { sms: HOUR, flash: HOUR, ussd: 2 * MINUTE, email: 30 * MINUTE },
    codeLife: 5 * MINUTE,
    digits: 6,
    maxTries: 3,
    codes: { perOrder: 3, perDay: 5, coolDown: MINUTE, perProvider: { limit: 1000, window: HOUR } },
  },
  askFor: 2 * SECOND,
  settle: { first: 10 * SECOND, cap: 10 * MINUTE, maxAge: 48 * HOUR },
  say: { first: 5 * SECOND, cap: 5 * MINUTE, maxAge: 24 * HOUR, again: 2, unanswered: 4 },
  duplicateMemory: 24 * HOUR,
  answersPerHour: 10,
  sweepEvery: 5 * SECOND,
  subscriptions: {
    zone: UTC,
    reminder: { day: 0, week: 24 * HOUR, month: 72 * HOUR },
    priceNotice: 7 * 24 * HOUR,
    retries: [6, 24, 72, 168].map((hours) => hours * HOUR),
    grace: 24 * HOUR,
  },
};

export interface Noted {
  readonly event: string;
  readonly fields: NoteFields;
}

/** One operator's network with one or more orderd processes on one store: what scenes play in. */
export class World {
  readonly clock: ManualClock = createManualClock();
  readonly memory = new Memory(this.clock);
  readonly ocs = new Ocs();
  readonly smsc = new Smsc();
  readonly keys = new Keys();
  readonly jobs: Job[] = [];
  readonly notes: Noted[] = [];
  readonly scores = new Map<string, CreditReading>();
  catalogue: Catalogue = CATALOGUE;
  policy: Policy = POLICY;
  settings: FlowSettings = SETTINGS;
  /** The process that receives MOs and works jobs. */
  ports: Ports = this.start('orderd-1.example.org', 0x1000);
  #count = 0;
  #last: Mo | undefined;

  constructor(scores: Readonly<Record<string, number>> = {}) {
    for (const [provider, score] of Object.entries({ acme: 90, fun: 90, ...scores })) this.credit(provider, score);
  }

  credit(provider: string, score: number): void {
    this.scores.set(provider, { kind: 'known', score, ageMs: 1000 });
  }

  suspend(provider: string): void {
    const found = this.catalogue.providers.get(provider);
    if (found === undefined) throw new Error(`no provider ${provider}`);
    const providers = new Map(this.catalogue.providers).set(provider, { ...found, suspended: true });
    this.catalogue = { ...this.catalogue, providers };
  }

  /** A process: its own Origin-Host and End-to-End ids, everything else shared. */
  start(originHost: string, endToEnd: number): Ports {
    return {
      orders: createOrders(this.memory),
      mts: createMts(this.memory),
      subscribers: createSubscribers(this.memory),
      // Renewals are played over a real Redis: test/subscriptions.
      subscriptions: NO_RENEWALS,
      wake: createWake(this.memory),
      credit: { read: (id) => Promise.resolve(this.scores.get(id) ?? { kind: 'unknown', reason: 'no entry' }) },
      charging: createCharging(this.ocs, originHost, endToEnd),
      quotas: createQuotas(this.memory),
      speaker: this.smsc.speaker(),
      later: createLater(this.jobs, () => this.clock.now()),
      words: PLAIN_WORDS,
      hashing: this.keys,
      clock: this.clock,
      random: (count) =>
        Uint8Array.from({ length: count }, () => (this.#dice = (this.#dice * 167 + 13) % 65_521) & 0xff),
      note: (event, fields = {}) => this.#note(event, fields),
      catalogue: () => this.catalogue,
      policy: () => this.policy,
      settings: () => this.settings,
    };
  }
  #dice = 1;

  /** kill -9 of the process, then another one on another host. */
  restart(): void {
    this.ports = this.start('orderd-2.example.org', 0x2000);
  }

  #note(event: string, fields: NoteFields): void {
    if (!(event in FLOW_EVENTS)) throw new Error(`${event} is not in the list of events`);
    const told = JSON.stringify(fields);
    if (told.includes(ALICE) || told.includes(BOB)) throw new Error(`E19: ${event} tells a full MSISDN`);
    this.notes.push({ event, fields });
  }

  /** An MO with an id of its own, as an SMSC that names them sends it. */
  write(text: string, more: Partial<Mo> & { readonly from?: string } = {}): Mo {
    const { from = ALICE, ...rest } = more;
    return {
      link: 'link-1',
      smsc: 'smsc-1',
      countryCode: '254',
      source: { ton: 1, npi: 1, digits: from },
      destination: { ton: 0, npi: 0, digits: '5000' },
      text,
      bytes: Buffer.from(text).toString('hex'),
      concatRef: undefined,
      smscId: `mo-${++this.#count}`,
      receivedAt: this.clock.now(),
      ...rest,
    };
  }

  /** Texts, is acknowledged, and whatever can be done at once is done. */
  async mo(text: string, more: Partial<Mo> & { readonly from?: string } = {}): Promise<MoAck> {
    return this.deliver(this.write(text, more));
  }

  async deliver(mo: Mo): Promise<MoAck> {
    this.#last = mo;
    const { ack, next } = await receiveMo(this.ports, mo);
    await goOn(this.ports, next);
    return ack;
  }

  /** The SMSC delivers the last MO again. */
  async again(): Promise<MoAck> {
    if (this.#last === undefined) throw new Error('nothing was delivered yet');
    return this.deliver(this.#last);
  }

  /** Stored and acknowledged, then the process dies. */
  async moThenCrash(text: string): Promise<void> {
    await receiveMo(this.ports, this.write(text));
    this.restart();
  }

  /** The SMSC reports on the `count`-th text that it accepted. */
  async receipt(count: number, state: ReceiptState, msisdn = ALICE): Promise<void> {
    const receipt = { smsc: 'smsc-1', messageId: String(count), msisdn, state, error: undefined };
    await receiveReceipt(this.ports, receipt);
  }

  /** Turns the clock to the next job and works it; what must wait becomes the same job again. */
  async work(): Promise<Settled> {
    this.jobs.sort((left, right) => left.dueAt - right.dueAt);
    const job = this.jobs.shift();
    if (job === undefined) throw new Error('no job waits');
    this.clock.advance(Math.max(0, job.dueAt - this.clock.now()));
    const settled = await (job.kind === 'order' ? resumeOrder : resumeMt)(this.ports, job.id);
    if (settled.kind === 'wait')
      this.jobs.push({ ...job, dueAt: this.clock.now() + settled.ms, reason: settled.reason });
    return settled;
  }

  /** Lets time pass, sweeps, and works all that came of it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await sweep(this.ports);
    for (let due = this.#due(); due > 0; due = this.#due()) await this.work();
  }

  #due(): number {
    return this.jobs.filter(({ dueAt }) => dueAt <= this.clock.now()).length;
  }

  /** Kinds of the texts that reached the handset, oldest first. */
  heard(msisdn = ALICE): readonly string[] {
    return this.smsc.heard.filter(({ to }) => to === msisdn).map(({ text }) => text.split(' | ')[0] ?? '');
  }

  /** The last text that reached the handset, in words. */
  lastText(msisdn = ALICE): string {
    return this.smsc.heard.filter(({ to }) => to === msisdn).at(-1)?.text ?? '';
  }

  /** The newest code that the handset shows. */
  code(msisdn = ALICE): string {
    const texts = this.smsc.heard.filter(({ to, text }) => to === msisdn && text.startsWith('code |'));
    return /code=(\d+)/.exec(texts.at(-1)?.text ?? '')?.[1] ?? 'none';
  }

  orders(msisdn = ALICE): readonly Order[] {
    return this.memory.ordersOf(msisdn);
  }

  order(msisdn = ALICE): Order {
    const order = this.orders(msisdn).at(-1);
    if (order === undefined) throw new Error('no order was opened');
    return order;
  }

  states(msisdn = ALICE): readonly string[] {
    return this.orders(msisdn).map(({ state }) => state);
  }

  noted(event: keyof typeof FLOW_EVENTS): readonly NoteFields[] {
    return this.notes.filter((note) => note.event === event).map(({ fields }) => fields);
  }
}

/** A code that is not the right one. */
export function wrongFor(code: string): string {
  return code === '111111' ? '222222' : '111111';
}
