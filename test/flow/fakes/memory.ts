import type { ChannelName } from '../../../src/domain/channel.ts';
import type { Heard } from '../../../src/domain/evidence/heard.ts';
import { partitionOf } from '../../../src/domain/ids.ts';
import type { OwedMt } from '../../../src/domain/notice.ts';
import type { LaterSend, Order, OrderEvent, OrderState } from '../../../src/domain/order.ts';
import { walk } from '../../../src/domain/order.ts';
import type { Trouble } from '../../../src/domain/policy.ts';
import type { Counted, Spent } from '../../../src/domain/spend.ts';
import type { Subscription } from '../../../src/domain/subscription.ts';
import type { Dedupe, HeldMt, Lease, StopReach } from '../../../src/flow/ports/ports.ts';
import type { Clock } from '../../../src/lib/clock.ts';

export interface StoredOrder {
  order: Order;
  leaseUntil: number | undefined;
  wakeAt: number | undefined;
  /** The first send of it may be under way. */
  first?: LaterSend | undefined;
  /** Handed back: its next send is a first one. */
  unsent?: LaterSend | undefined;
  /** Texts that no step owed and that were owed all the same, by id. */
  readonly told: Set<string>;
}

export interface StoredMt {
  readonly mt: OwedMt;
  state: 'owed' | 'accepted' | 'dead' | 'outdated' | 'delivered' | 'undelivered';
  reason: string | undefined;
  fence: number;
  leaseUntil: number | undefined;
  wakeAt: number | undefined;
  waits: number;
  silences: number;
}

/** What a store remembers: all processes of a scene share one, and it outlives each of them. */
interface Months {
  readonly asked: Map<string, NonNullable<Spent['asked']>>;
  readonly agreed: Map<string, string>;
}

export class Memory {
  readonly orders = new Map<string, StoredOrder>();
  readonly mts = new Map<string, StoredMt>();
  readonly subscriptions = new Map<string, Map<string, Subscription>>();
  readonly providers = new Map<string, Set<string>>();
  readonly givenAt = new Map<string, number>();
  readonly lastAsked = new Map<string, number>();
  readonly channels = new Map<string, ChannelName>();
  readonly languages = new Map<string, string>();
  readonly addresses = new Map<string, string>();
  readonly quotas = new Map<string, Map<string, number>>();
  readonly complaints: {
    readonly msisdn: string;
    readonly providerId: string;
    readonly state: 'recorded' | 'again';
    readonly at: number;
  }[] = [];
  readonly answers = new Map<string, number[]>();
  /** What subscribers stopped. */
  readonly stopped = new Map<string, readonly StopReach[]>();
  readonly messageIds = new Map<string, string>();
  /** What evidence was told, in order: of MOs, and of texts that were said. */
  readonly told: (Heard | string)[] = [];
  /** While true every call rejects, as with a Redis that is gone. */
  away = false;
  readonly #clock: Clock;
  readonly #seen = new Map<string, { readonly at: number; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Rejects while the store is away; every port method begins with it. */
  async reach(): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new Error('the store is away');
  }

  isRepeat({ key, since = 0 }: Dedupe): boolean {
    const seen = this.#seen.get(key);
    return seen !== undefined && seen.until > this.now && since <= seen.at;
  }

  /** E12: the one place where an MO's key is recorded, whatever step it causes. */
  remember({ key, window, heard }: Dedupe): void {
    if (heard !== undefined) this.told.push(heard);
    this.#seen.set(key, { at: this.now, until: this.now + window });
  }

  find(orderId: string): StoredOrder {
    const stored = this.orders.get(orderId);
    if (stored === undefined) throw new Error(`no order ${orderId}`);
    return stored;
  }

  /** Moves along ORDER_TABLE; false when the table refuses one of the events. */
  move(stored: StoredOrder, ...events: readonly OrderEvent[]): boolean {
    const state = walk(stored.order.state, ...events);
    if (state === undefined) return false;
    stored.order = { ...stored.order, state, updatedAt: this.now };
    if (isAtRest(state)) stored.wakeAt = stored.leaseUntil = undefined;
    return true;
  }

  lease(stored: StoredOrder, leaseFor: number): Lease {
    const fence = stored.order.fence + 1;
    stored.order = { ...stored.order, fence };
    const until = this.now + leaseFor;
    stored.leaseUntil = stored.wakeAt = until;
    return { fence, until };
  }

  /** The order when `fence` is the newest one: whoever holds an older one may do nothing. */
  fenced(orderId: string, fence: number): StoredOrder | undefined {
    const stored = this.orders.get(orderId);
    return stored?.order.fence === fence ? stored : undefined;
  }

  /** As permit-send.lua: true where T must be set. */
  permitSend(stored: StoredOrder, what: LaterSend, known: boolean): boolean {
    const again = known && stored.unsent !== what;
    stored.first = again ? undefined : what;
    stored.unsent = undefined;
    if (!again) stored.order = { ...stored.order, sentFrom: this.now };
    return again;
  }

  owe(mt: OwedMt, leaseFor: number): HeldMt {
    if (!/^\d{2,}-[a-z0-9-]+$/.test(mt.id)) throw new Error(`${mt.id} is no job id`);
    if (Number.isNaN(partitionOf(mt.id))) throw new Error(`${mt.id} names no partition`);
    if ('code' in mt.args) throw new Error('a code was about to be stored');
    const fence = (this.mts.get(mt.id)?.fence ?? 0) + 1;
    const until = this.now + leaseFor;
    const kept = {
      mt,
      state: 'owed',
      reason: undefined,
      fence,
      leaseUntil: until,
      wakeAt: until,
      waits: 0,
      silences: 0,
    } as const;
    this.mts.set(mt.id, { ...kept });
    return { mt, lease: { fence, until }, waits: 0, silences: 0 };
  }

  /** Left to the next sweep. */
  oweLater(mt: OwedMt | undefined): void {
    if (mt !== undefined) this.owe(mt, 0);
  }

  readonly troubles = new Map<string, Map<string, { readonly kind: Trouble['kind']; readonly at: number }>>();

  trouble(msisdn: string, providerId: string, kind: Trouble['kind']): void {
    const known =
      this.troubles.get(msisdn) ?? new Map<string, { readonly kind: Trouble['kind']; readonly at: number }>();
    this.troubles.set(msisdn, known.set(providerId, { kind, at: this.now }));
  }

  readonly #months = new Map<string, Months>();

  spending(msisdn: string): Months {
    const found = this.#months.get(msisdn) ?? { asked: new Map(), agreed: new Map() };
    this.#months.set(msisdn, found);
    return found;
  }

  /** What the subscriber's orders add up to: redis/ counts the same as they move. */
  spent(msisdn: string): ReadonlyMap<string, Spent> {
    const { asked, agreed } = this.spending(msisdn);
    const marks = this.ordersOf(msisdn).flatMap(({ frozen: { spend }, state }) =>
      spend !== undefined && SPENDS.includes(state) ? [spend] : [],
    );
    const sum = (currency: string, span: 'day' | 'month'): Counted | undefined => {
      const own = marks.filter((mark) => mark.currency === currency);
      const of = own
        .map((mark) => mark[span])
        .sort()
        .at(-1);
      const minor = own.filter((mark) => mark[span] === of).reduce((all, mark) => all + mark.minor, 0);
      return of === undefined ? undefined : { of, minor };
    };
    const currencies = new Set([...marks.map(({ currency }) => currency), ...asked.keys()]);
    return new Map(
      [...currencies].map((currency) => [
        currency,
        {
          day: sum(currency, 'day'),
          month: sum(currency, 'month'),
          asked: asked.get(currency),
          agreed: agreed.get(currency),
        },
      ]),
    );
  }

  subscriptionsOf(msisdn: string): Map<string, Subscription> {
    const found = this.subscriptions.get(msisdn) ?? new Map<string, Subscription>();
    this.subscriptions.set(msisdn, found);
    return found;
  }

  /** What the STOP reaches that is opened only then. */
  stopWithin(msisdn: string, reach: StopReach | undefined): void {
    if (reach !== undefined) this.stopped.set(msisdn, [...(this.stopped.get(msisdn) ?? []), reach]);
  }

  /** Oldest first. */
  ordersOf(msisdn: string): readonly Order[] {
    return [...this.orders.values()].map(({ order }) => order).filter(({ frozen }) => frozen.msisdn === msisdn);
  }
}

const SPENDS: readonly OrderState[] = [
  'confirmed', 'charging', 'charge-unknown', 'reserved', 'charged', 'committing', 'placed', 'refunding', 'disputed', 'closed',
]; // prettier-ignore

const AT_REST: readonly string[] = ['refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed'];

/** An end, or parked for a person: nothing wakes it. */
export function isAtRest(state: string): boolean {
  return AT_REST.includes(state) || state === 'disputed' || state === 'placed';
}
