import type { NoteFields } from '../../lib/note.ts';
import { createTable } from '../../lib/table.ts';

/** Traffic of one link or peer over the last minute. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
  readonly throttled: number;
  readonly timeouts: number;
  /** Mean milliseconds from request to response; undefined when none came. */
  readonly roundTripMs: number | undefined;
}

export interface Meter {
  observe(event: string, fields: NoteFields): void;
  of(kind: 'link' | 'peer', name: string): Traffic;
}

interface Slot {
  at: number;
  sent: number;
  received: number;
  throttled: number;
  timeouts: number;
  answers: number;
  answeredMs: number;
}

const SLOT_MS = 5000;
const WINDOW_MS = 60_000;
/** Charges whose answer is awaited; more of them are not timed. */
const MOST_AWAITED = 10_000;

type Count = (slot: Slot, fields: NoteFields) => void;

const isOne = (fields: NoteFields, command: string): number => (fields['command'] === command ? 1 : 0);

const LINK_EVENTS: Readonly<Record<string, Count>> = {
  'pdu.sent': (slot, fields) => void (slot.sent += isOne(fields, 'submit_sm')),
  'pdu.received': (slot, fields) => void (slot.received += isOne(fields, 'deliver_sm')),
  'mt.throttled': (slot) => void (slot.throttled += 1),
  'mt.unanswered': (slot) => void (slot.timeouts += 1),
  'mt.accepted': (slot, { ms }) => answered(slot, ms),
};

function answered(slot: Slot, ms: unknown): void {
  if (typeof ms !== 'number') return;
  slot.answers += 1;
  slot.answeredMs += ms;
}

/** The last minute by name of link or peer, in slots of five seconds each. */
function createSlots(now: () => number) {
  const slots = new Map<string, Slot[]>();
  return {
    current(name: string): Slot {
      const at = Math.floor(now() / SLOT_MS) * SLOT_MS;
      const list = slots.get(name) ?? [];
      const last = list.at(-1);
      if (last?.at === at) return last;
      slots.set(name, list);
      const slot = { at, sent: 0, received: 0, throttled: 0, timeouts: 0, answers: 0, answeredMs: 0 };
      list.push(slot);
      while ((list[0]?.at ?? at) <= at - WINDOW_MS) list.shift();
      return slot;
    },
    recent: (name: string): readonly Slot[] =>
      (slots.get(name) ?? []).filter(({ at }) => at > now() - WINDOW_MS - SLOT_MS),
  };
}

/** Times between a charge and its answer, by order. */
function createTimes(now: () => number) {
  const awaited = createTable<string, number>();
  return {
    begin(key: string): void {
      if (awaited.size < MOST_AWAITED) awaited.set(key, now());
    },
    end(key: string): number | undefined {
      const since = awaited.get(key);
      awaited.delete(key);
      return since === undefined ? undefined : now() - since;
    },
  };
}

/** Hears how long each charge took: fields of an event of its own. */
type OnTimed = (fields: NoteFields) => void;

/** `now` is monotonic milliseconds. */
export function createMeter(now: () => number, onTimed: OnTimed = () => undefined): Meter {
  const slots = { link: createSlots(now), peer: createSlots(now) };
  const times = createTimes(now);
  const keyOf = ({ order, action }: NoteFields): string => `${String(order)} ${String(action)}`;
  const peerSlot = ({ peer }: NoteFields): Slot => slots.peer.current(String(peer));
  const charges: Readonly<Record<string, (fields: NoteFields) => void>> = {
    'charge.written': (fields) => {
      peerSlot(fields).sent += 1;
      times.begin(keyOf(fields));
    },
    'charge.answered': (fields) => {
      const slot = peerSlot(fields);
      slot.received += 1;
      const ms = times.end(keyOf(fields));
      answered(slot, ms);
      if (ms !== undefined) onTimed({ peer: fields['peer'], action: fields['action'], ms });
    },
    'charge.silent': (fields) => void times.end(keyOf(fields)),
  };
  return {
    observe(event, fields) {
      charges[event]?.(fields);
      LINK_EVENTS[event]?.(slots.link.current(String(fields['link'])), fields);
    },
    of: (kind, name) => sum(slots[kind].recent(name)),
  };
}

function sum(slots: readonly Slot[]): Traffic {
  const total = (field: keyof Slot): number => slots.reduce((all, slot) => all + slot[field], 0);
  const answers = total('answers');
  return {
    sent: total('sent'),
    received: total('received'),
    throttled: total('throttled'),
    timeouts: total('timeouts'),
    roundTripMs: answers === 0 ? undefined : Math.round(total('answeredMs') / answers),
  };
}
