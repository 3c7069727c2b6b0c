import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ChargeAction, ChargeAnswer, ChargeRequest } from '../../src/domain/charge.ts';
import type { Catalogue, Service } from '../../src/domain/catalogue.ts';
import type { Money } from '../../src/domain/money.ts';
import { moneyText } from '../../src/domain/money.ts';
import type { Subscription } from '../../src/domain/subscription.ts';
import type { Charging, Ports, Speaker, Words } from '../../src/flow/ports/ports.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import type { Stores } from '../../src/redis/stores.ts';
import { createStores } from '../../src/redis/stores.ts';
import type { LanguageTexts } from '../../src/words/language.ts';
import { readLanguage } from '../../src/words/language.ts';
import { createWords } from '../../src/words/words.ts';
import { zoneOf } from '../../src/zone.ts';
import type { SERVICES } from '../catalogues.ts';
import { says } from '../flow/fakes/ocs.ts';
import { HOUR, SETTINGS, World } from '../flow/world.ts';
import type { ManualClock } from '../manual-clock.ts';
import { hash, PARTITIONS } from '../redis/support.ts';

const DAY = 24 * HOUR;

export function zone(name: string) {
  const found = zoneOf(name);
  if (found === undefined) throw new Error(`no zone ${name}`);
  return found;
}

/** The English texts as they leave. */
export function englishWords(): Words {
  const read = readLanguage(parse(readFileSync('config/messages/en.yaml', 'utf8')) as LanguageTexts, {
    confirm: [],
    code: [],
    ordered: [],
    reminder: [],
    renewed: [],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return createWords([read.value]);
}

/** A scene over a real Redis: what is renewed, charged and said is stored there; the clock is turned by hand. */
export class RedisWorld extends World {
  readonly #handle: RedisHandle;
  readonly #words = englishWords();
  stores: Stores;
  /** Everything that subscribers and the OCS would see, in order. */
  readonly lines: string[] = [];
  readonly names = new Map<string, string>();
  /** Minor units that an account holds; one without an entry holds enough. */
  readonly balances = new Map<string, number>();

  private constructor(handle: RedisHandle, stores: Stores) {
    super({});
    this.#handle = handle;
    this.stores = stores;
    this.settings = {
      ...SETTINGS,
      partitions: PARTITIONS,
      subscriptions: {
        zone: zone('Europe/Berlin'),
        reminder: { day: 0, week: DAY, month: 3 * DAY },
        priceNotice: 7 * DAY,
        retries: [6 * HOUR, DAY, 3 * DAY, 7 * DAY],
        grace: DAY,
      },
    };
    this.keys.mac = (purpose, text) => hash(purpose === 'msisdn' ? text : `${purpose} ${text}`);
    this.ports = this.over(this.ports, stores);
  }

  static async over(handle: RedisHandle, startAt: string): Promise<RedisWorld> {
    const turned: { clock?: ManualClock } = {};
    const now = (): number => turned.clock?.now() ?? 0;
    const stores = await createStores(handle, { partitions: PARTITIONS, owner: 'orderd-1', hash, now });
    const world = new RedisWorld(handle, stores);
    turned.clock = world.clock;
    world.clock.setWall(Date.parse(startAt));
    return world;
  }

  over(ports: Ports, stores: Stores): Ports {
    const { orders, mts, subscribers, subscriptions, wake } = stores;
    const speaker = this.#heard(ports.speaker);
    const charging = { ...ports.charging, send: this.#account(ports.charging) };
    return { ...ports, orders, mts, subscribers, subscriptions, wake, words: this.#words, speaker, charging };
  }

  #heard(speaker: Speaker): Speaker {
    return {
      submit: async (mt) => {
        const outcome = await speaker.submit(mt);
        if (outcome.kind === 'accepted') this.tell(`5000 -> ${this.nameOf(mt.to)}  ${mt.text}`);
        return outcome;
      },
    };
  }

  /** An OCS with accounts: too little money is 4012, and what it did is told. */
  #account(charging: Charging): Charging['send'] {
    return async (request) => {
      const { msisdn, price } = request;
      const balance = this.balances.get(msisdn);
      if (balance !== undefined && balance < price.minor && TAKES.includes(request.action)) this.ocs.plays(says(4012));
      const before = this.ocs.paid;
      const answer = await charging.send(request);
      if (balance !== undefined) this.balances.set(msisdn, balance - (this.ocs.paid - before));
      this.tell(`     OCS  ${requestText(request, this.nameOf(msisdn))}: ${resultOf(answer)}`);
      return answer;
    };
  }

  /** Another process on the same Redis. */
  async second(): Promise<Ports> {
    const now = (): number => this.clock.now();
    const stores = await createStores(this.#handle, { partitions: PARTITIONS, owner: 'orderd-2', hash, now });
    return this.over(this.start('orderd-2.example.org', 0x2000), stores);
  }

  sell(id: keyof typeof SERVICES, change: Partial<Service>): void {
    const services = new Map(this.catalogue.services);
    const known = services.get(id);
    if (known === undefined) throw new Error(`no service ${id}`);
    this.catalogue = { ...this.catalogue, services: services.set(id, { ...known, ...change }) };
  }

  withdraw(id: keyof typeof SERVICES): void {
    const services = new Map(this.catalogue.services);
    services.delete(id);
    this.catalogue = { ...this.catalogue, services } satisfies Catalogue;
  }

  async subscription(msisdn: string, serviceId = 'news'): Promise<Subscription | undefined> {
    const { subscriptions } = await this.stores.subscribers.read(msisdn);
    return subscriptions.find((one) => one.serviceId === serviceId);
  }

  /** Lets time go by: each time that something falls due it is swept and worked, as the sweeper does it within seconds. */
  async until(until: string): Promise<void> {
    const end = Date.parse(until);
    if (Number.isNaN(end)) throw new RangeError(`${until} is no time`);
    for (;;) {
      const next = Math.max(await this.#nextDue(), this.clock.now());
      if (next > end) break;
      await this.pass(next - this.clock.now());
    }
    this.clock.advance(end - this.clock.now());
  }

  async #nextDue(): Promise<number> {
    const { redis, prefix } = this.#handle;
    const sets = Array.from({ length: PARTITIONS }, (_, at) => `{${prefix}:${String(at).padStart(2, '0')}}`);
    const firsts = await Promise.all(
      sets.flatMap((tag) => ['due', 'wake'].map((name) => redis.zrange(`${tag}:${name}`, '0', '0', 'WITHSCORES'))),
    );
    const scores = firsts.flatMap(([, score]) => (score === undefined ? [] : [Number(score)]));
    return Math.min(...scores, ...this.jobs.map(({ dueAt }) => dueAt));
  }

  /** `2026-02-28 09:00:00`, as a clock in the subscribers' zone shows it. */
  time(): string {
    const { zone: here } = this.settings.subscriptions;
    const at = this.clock.now();
    return new Date(at + here(at)).toISOString().slice(0, 19).replace('T', ' ');
  }

  tell(line: string): void {
    this.lines.push(line === '' ? '' : `${this.time()}  ${line}`);
  }

  /** Texts from a handset, told in the transcript. */
  async says(text: string, from: string): Promise<void> {
    this.tell(`${this.nameOf(from)} -> 5000  ${text}`);
    await this.mo(text, { from });
  }

  nameOf(msisdn: string): string {
    return this.names.get(msisdn) ?? msisdn;
  }
}

const TAKES: readonly ChargeAction[] = ['debit', 'reserve', 'commit'];

function requestText({ action, price, orderId }: ChargeRequest, name: string): string {
  return `${action} ${moneyText(price)} of ${name}, period ${/-r(\d+)$/.exec(orderId)?.[1] ?? '1'}`;
}

function resultOf(answer: ChargeAnswer): string {
  return answer.kind === 'answer' ? String(answer.resultCode) : answer.kind;
}

export function kes(minor: number): Money {
  return { minor, currency: 'KES', decimals: 2 };
}

export const AMINA = '254700000001';

/** AMINA's weekly NEWS at KES 12, placed on the 1st of March 2026: it renews on the 8th. */
export async function newsWorld(handle: RedisHandle): Promise<RedisWorld> {
  const w = await RedisWorld.over(handle, '2026-03-01T09:00:00Z');
  w.sell('news', { period: 'week', price: kes(1200) });
  await w.mo('NEWS', { from: AMINA });
  return w;
}
