import type { Concat } from '../text/udh.ts';

/** One part of a long message and whatever must be answered when its fate is known. */
export interface ArrivedPart<Hold> {
  /** SMSC, source, destination and reference: the parts of one message share it. */
  readonly key: string;
  readonly concat: Concat;
  readonly data: Buffer;
  readonly hold: Hold;
}

export type Offered<Hold> =
  | { readonly kind: 'waiting' }
  /** Complete: the caller stores the message and then calls `finish`. */
  | { readonly kind: 'joined'; readonly parts: readonly Hold[] }
  /** The message was stored already: a part that the SMSC sent again. */
  | { readonly kind: 'repeat' }
  /** No room, or its reference is that of a message that is just being stored: the SMSC must come again. */
  | { readonly kind: 'full' };

/** What waited too long for its missing parts: nothing of it may be acknowledged. */
export interface GivenUp<Hold> {
  readonly holds: readonly Hold[];
  readonly have: number;
  readonly total: number;
}

/** At most so many messages and octets are held at once, and a message so long (milliseconds from its first part). */
export interface JoinLimits {
  readonly timeout: number;
  readonly messages: number;
  readonly octets: number;
}

interface Entry<Hold> {
  readonly total: number;
  readonly deadline: number;
  readonly parts: Map<number, { readonly data: Buffer; readonly hold: Hold }>;
  /** Everything to be answered, duplicates included. */
  holds: Hold[];
  state: 'collecting' | 'joined' | 'stored';
}

/**
 * Joins parts in any order, with duplicates. A part that differs from the one held under its number starts a new
 * message: references wrap.
 */
export class PartJoiner<Hold> {
  readonly #entries = new Map<string, Entry<Hold>>();
  readonly #limits: JoinLimits;
  #octets = 0;

  constructor(limits: JoinLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  offer(part: ArrivedPart<Hold>, now: number): Offered<Hold> & { readonly displaced: readonly Hold[] } {
    const displaced = this.#displace(part);
    const entry = this.#entries.get(part.key) ?? this.#open(part, now);
    if (entry === undefined || isOther(entry, part)) return { kind: 'full', displaced };
    if (entry.state === 'stored') return { kind: 'repeat', displaced };
    entry.holds.push(part.hold);
    if (entry.parts.has(part.concat.sequence)) return { kind: 'waiting', displaced };
    entry.parts.set(part.concat.sequence, part);
    this.#octets += part.data.length;
    if (entry.parts.size < entry.total) return { kind: 'waiting', displaced };
    entry.state = 'joined';
    return { kind: 'joined', parts: inOrder(entry), displaced };
  }

  /** All holds of a joined message; when it was `stored`, repeats of its parts are known until the timeout. */
  finish(key: string, stored: boolean): readonly Hold[] {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    const holds = entry.holds;
    entry.holds = [];
    entry.state = 'stored';
    if (!stored) this.#remove(key, entry);
    return holds;
  }

  expire(now: number): readonly GivenUp<Hold>[] {
    const gone: GivenUp<Hold>[] = [];
    for (const [key, entry] of this.#entries) {
      if (entry.deadline > now || entry.state === 'joined') continue;
      this.#remove(key, entry);
      if (entry.state === 'collecting') gone.push({ holds: entry.holds, have: entry.parts.size, total: entry.total });
    }
    return gone;
  }

  /** Entries are made in order and live equally long, so the first that is not being stored is due first. */
  next(): number | undefined {
    for (const entry of this.#entries.values()) if (entry.state !== 'joined') return entry.deadline;
    return undefined;
  }

  #open(part: ArrivedPart<Hold>, now: number): Entry<Hold> | undefined {
    if (this.#entries.size >= this.#limits.messages || this.#octets >= this.#limits.octets) return undefined;
    const entry: Entry<Hold> = {
      total: part.concat.total,
      deadline: now + this.#limits.timeout,
      parts: new Map(),
      holds: [],
      state: 'collecting',
    };
    this.#entries.set(part.key, entry);
    return entry;
  }

  /** Makes way for a new message under an old reference; a message that is just being stored is left alone. */
  #displace(part: ArrivedPart<Hold>): readonly Hold[] {
    const entry = this.#entries.get(part.key);
    if (entry === undefined || entry.state === 'joined' || !isOther(entry, part)) return [];
    this.#remove(part.key, entry);
    return entry.holds;
  }

  #remove(key: string, entry: Entry<Hold>): void {
    this.#entries.delete(key);
    for (const { data } of entry.parts.values()) this.#octets -= data.length;
  }
}

/** Whether a part is of another message than the one that has its reference. */
function isOther<Hold>({ total, parts }: Entry<Hold>, { concat, data }: ArrivedPart<Hold>): boolean {
  const held = parts.get(concat.sequence);
  return total !== concat.total || (held !== undefined && !held.data.equals(data));
}

function inOrder<Hold>(entry: Entry<Hold>): readonly Hold[] {
  return [...entry.parts].sort(([left], [right]) => left - right).map(([, part]) => part.hold);
}
