import type { OrderSummary } from '../order-view.ts';
import { orderSummary } from '../order-view.ts';
import type { NocSources } from '../sources.ts';
import type { Identity, StatusView } from '../views.ts';
import { statusView } from '../views.ts';
import type { Meter, Traffic } from './meter.ts';
import type { Minute, Tally } from './tally.ts';

/** What the first page shows, all at once and live. */
export interface BoardView {
  readonly status: StatusView;
  readonly traffic: {
    readonly links: Readonly<Record<string, Traffic>>;
    readonly peers: Readonly<Record<string, Traffic>>;
  };
  /** Of this process, since it started. */
  readonly minutes: readonly Minute[];
  readonly orders: readonly OrderSummary[];
  readonly attention: readonly OrderSummary[];
}

export interface BoardDesk {
  readonly sources: NocSources;
  readonly self: Identity;
  readonly now: () => number;
  readonly tally: Tally;
  readonly meter: Meter;
  /** Told when the status goes without the store's figures. */
  readonly onFault?: (error: unknown) => void;
}

const NEWEST = 25;
/** Among so many of the newest orders those are looked for that a person should look at. */
const LOOKED_AT = 200;
const ATTENTION = new Set(['charge-unknown', 'disputed']);

export async function boardView({ sources, self, now, tally, meter }: BoardDesk): Promise<BoardView> {
  const [status, recent] = await Promise.all([statusView(sources, self, now()), sources.orders.recent(LOOKED_AT)]);
  const of = (kind: 'link' | 'peer', all: readonly { readonly name: string }[]) =>
    Object.fromEntries(all.map(({ name }) => [name, meter.of(kind, name)]));
  return {
    status,
    traffic: { links: of('link', status.links), peers: of('peer', status.peers) },
    minutes: tally.minutes(),
    orders: recent.slice(0, NEWEST).map(orderSummary),
    attention: recent.filter(({ state }) => ATTENTION.has(state)).map(orderSummary),
  };
}
