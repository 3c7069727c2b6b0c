// Messages that reached handsets, parts joined, with waiting readers.
import type { Topic } from './topic.ts';
import { topic } from './topic.ts';
import type { UserData } from '../smpp/user-data.ts';

export interface MtMessage {
  /** Grows by one per message. */
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly channel: 'sms' | 'flash';
  readonly dataCoding: number;
  readonly parts: number;
  readonly messageIds: readonly string[];
  readonly validityPeriod: string;
  readonly bind: string;
}

/** One submit_sm as the handset gets it. */
export interface MtPart {
  readonly from: string;
  readonly to: string;
  readonly user: UserData;
  readonly messageId: string;
  readonly validityPeriod: string;
  readonly bind: string;
}

export interface Inbox {
  accept(part: MtPart): void;
  /** Messages to `to` (to anyone when undefined) with an id above `after`; waits up to `waitMs` for the first. */
  read(query: { to?: string | undefined; after?: number; waitMs?: number }): Promise<readonly MtMessage[]>;
  readonly arrived: Topic<MtMessage>;
}

const KEPT = 50_000;

/** From a message's first part; one that is not whole by then is forgotten, for its reference will come again. */
const JOIN_MS = 3_600_000;

interface Joining {
  readonly since: number;
  readonly parts: Map<number, MtPart>;
}

/** Oldest first, as a Map keeps them. */
function forget(joining: Map<string, Joining>, before: number): void {
  for (const [key, { since }] of joining) {
    if (since > before) return;
    joining.delete(key);
  }
}

/** Holds parts until their message is whole; parts of one message share source, destination, reference and total. */
function joiner(now: () => number): (part: MtPart) => readonly MtPart[] | undefined {
  const joining = new Map<string, Joining>();
  return (part) => {
    const { concat } = part.user;
    if (concat === undefined) return [part];
    forget(joining, now() - JOIN_MS);
    const key = [part.from, part.to, concat.ref, concat.total].join('|');
    const { since, parts } = joining.get(key) ?? { since: now(), parts: new Map<number, MtPart>() };
    parts.set(concat.part, part);
    joining.set(key, { since, parts });
    if (parts.size < concat.total) return undefined;
    joining.delete(key);
    return [...parts].sort(([a], [b]) => a - b).map(([, each]) => each);
  };
}

const messageOf = (id: number, parts: readonly MtPart[], last: MtPart): MtMessage => ({
  id,
  at: new Date().toISOString(),
  from: last.from,
  to: last.to,
  text: parts.map((part) => part.user.text).join(''),
  channel: last.user.flash ? 'flash' : 'sms',
  dataCoding: last.user.dataCoding,
  parts: parts.length,
  messageIds: parts.map((part) => part.messageId),
  validityPeriod: last.validityPeriod,
  bind: last.bind,
});

/** Resolves at the next message to `to`, or when `waitMs` has passed. */
function nextMessage(arrived: Topic<MtMessage>, to: string | undefined, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const stop = arrived.on((message) => {
      if (to === undefined || message.to === to) done();
    });
  });
}

/** `now` in ms. */
export function inbox(now: () => number): Inbox {
  let messages: MtMessage[] = [];
  let lastId = 0;
  const join = joiner(now);
  const arrived = topic<MtMessage>();
  const select = (to: string | undefined, after: number): MtMessage[] =>
    messages.filter((message) => message.id > after && (to === undefined || message.to === to));
  return {
    accept(part) {
      const parts = join(part);
      if (parts === undefined) return;
      lastId += 1;
      const message = messageOf(lastId, parts, part);
      messages.push(message);
      if (messages.length > KEPT) messages = messages.slice(KEPT / 10);
      arrived.tell(message);
    },
    async read({ to, after = 0, waitMs = 0 }) {
      if (select(to, after).length === 0 && waitMs > 0) await nextMessage(arrived, to, waitMs);
      return select(to, after);
    },
    arrived,
  };
}
