import { DOUBTS } from '../../domain/order.ts';
import type { OrderSummary } from '../order-view.ts';
import { orderSummary } from '../order-view.ts';
import type { NocSources, OrderSource } from '../sources.ts';
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
  /** Left out, as the figures of the status are, while the store does not answer. */
  readonly orders?: readonly OrderSummary[];
  readonly attention?: readonly OrderSummary[];
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
/** Of each state that a person should look at; the status tells how many there are. */
const LOOKED_AT = 100;

export async function boardView({ sources, self, now, tally, meter, onFault }: BoardDesk): Promise<BoardView> {
  const status = await statusView(sources, self, now(), onFault);
  const of = (kind: 'link' | 'peer', all: readonly { readonly name: string }[]) =>
    Object.fromEntries(all.map(({ name }) => [name, meter.of(kind, name)]));
  return {
    status,
    traffic: { links: of('link', status.links), peers: of('peer', status.peers) },
    minutes: tally.minutes(),
    ...(status.orders === undefined ? {} : await listsOf(sources.orders, status.orders)),
  };
}

async function listsOf(
  orders: OrderSource,
  census: NonNullable<StatusView['orders']>,
): Promise<Required<Pick<BoardView, 'orders' | 'attention'>>> {
  const doubts = DOUBTS.filter((state) => census[state] !== 0);
  const [recent, attention] = await Promise.all([
    orders.recent(NEWEST),
    doubts.length === 0 ? [] : orders.inDoubt(doubts, LOOKED_AT),
  ]);
  return { orders: recent.map(orderSummary), attention: attention.map(orderSummary) };
}
