import type { Eraser, Gone, Hold } from './ports/erasure.ts';
import { holdsOn, holdsOnNew } from './ports/erasure.ts';

/** What keeps something of a subscriber beside Redis. */
export interface Archive {
  readonly name: string;
  /** Resolves with the number of records. */
  erase(order: ArchiveOrder): Promise<number>;
  /** Everything of the number, as it is kept. */
  export(msisdn: string): Promise<readonly object[]>;
}

export interface ArchiveOrder {
  readonly msisdn: string;
  readonly id: string;
  readonly held: ReadonlySet<string>;
  readonly reason: string;
  readonly who: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ErasurePorts {
  readonly eraser: Eraser;
  readonly archives: readonly Archive[];
  /** Milliseconds that a law wants an order kept, whoever asks. */
  readonly keep: () => number;
  readonly now: () => number;
  /** 16 letters or digits that were never given before. */
  readonly newId: () => string;
}

export interface Erased {
  readonly id: string;
  readonly orders: number;
  readonly texts: number;
  readonly records: Readonly<Record<string, number>>;
  readonly holds: readonly Hold[];
}

/** Long runs of figures in a reason would be a number kept after all. */
const LONG_RUN = /\p{Nd}(?:[ -]?\p{Nd}){5,}/gu;

export interface EraseWish {
  readonly msisdn: string;
  readonly reason: string;
  readonly who: string;
}

export interface Exported {
  readonly where: string;
  readonly what: object;
}

/** Takes one number out of Redis first, so that nothing new is written about it, and then out of every archive. */
export async function eraseSubscriber(p: ErasurePorts, { msisdn, reason, who }: EraseWish): Promise<Erased> {
  const at = p.now();
  const { gone, held, holds } = await eraseFromStore(p, msisdn, at);
  const order = { msisdn, id: p.newId(), held, reason: reason.replace(LONG_RUN, '…'), who, at };
  const records: Record<string, number> = {};
  for (const archive of p.archives) records[archive.name] = await archive.erase(order);
  return { id: order.id, orders: gone.orders, texts: gone.texts, records, holds };
}

interface Held {
  readonly gone: Gone;
  readonly held: ReadonlySet<string>;
  readonly holds: readonly Hold[];
}

/** What is ordered, moves or is put on hold while it looks stays, with its evidence and CDRs. */
async function eraseFromStore(p: ErasurePorts, msisdn: string, now: number): Promise<Held> {
  const kept = await p.eraser.find(msisdn);
  const before = holdsOn(kept, p.keep(), now);
  const gone = await p.eraser.erase(msisdn, kept, idsOf(before), before.length === 0);
  const isAllGone = gone.all && before.length === 0;
  const holds = isAllGone ? before : [...before, ...holdsOnNew(await p.eraser.find(msisdn), before, gone)];
  return { gone, held: idsOf(holds), holds };
}

function idsOf(holds: readonly Hold[]): ReadonlySet<string> {
  return new Set(holds.flatMap(({ order }) => (order === undefined ? [] : [order])));
}

/** Everything that is kept of one number, for its owner. */
export async function exportSubscriber(p: ErasurePorts, msisdn: string): Promise<readonly Exported[]> {
  const records = (await p.eraser.records(msisdn)).map((what) => ({ where: 'redis', what }));
  for (const archive of p.archives)
    records.push(...(await archive.export(msisdn)).map((what) => ({ where: archive.name, what })));
  return records;
}
