/** Plays a script on a stage, step by step, until the first that fails. */
import type { Pattern, Script, Step } from './step.ts';
import type { Booking, Heard, Stage } from './stage.ts';

/** One line of the transcript; `text` is what was seen, where something was. */
export interface Line {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly line: number;
  readonly told: string;
  readonly seen: string | undefined;
  readonly failed: string | undefined;
}

export interface Verdict {
  readonly name: string;
  readonly passed: boolean;
  /** Milliseconds. */
  readonly took: number;
  readonly lines: readonly Line[];
}

/** A step that did not come true. */
class Unfulfilled extends Error {}

export interface Actor {
  readonly msisdn: string;
  lastHeard: number;
  /** Ledger row and request id before the scenario. */
  readonly firstRow: number;
  readonly firstRequest: number;
}

export interface Play {
  readonly stage: Stage;
  readonly script: Script;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly kept: Map<string, string>;
  readonly started: number;
}

/** How often a ledger is read while it is waited for, milliseconds. */
const POLL_MS = 100;

const NOTHING = 'nothing';

function actorOf(play: Play, name: string): Actor {
  const actor = play.actors.get(name);
  if (actor === undefined) throw new Unfulfilled(`no subscriber is called ${name}`);
  return actor;
}

/** `{name}` becomes what was kept under it, or that subscriber's number; `quote` guards it inside an expression. */
function filled(play: Play, text: string, quote: (value: string) => string = (value) => value): string {
  return text.replace(/\{([A-Za-z_]\w*)\}/g, (whole, name: string) => {
    const value = play.kept.get(name) ?? play.actors.get(name)?.msisdn;
    return value === undefined ? whole : quote(value);
  });
}

const quoted = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function fits(play: Play, pattern: Pattern, text: string): boolean {
  if (pattern.kind === 'part') return text.includes(filled(play, pattern.text));
  return new RegExp(filled(play, pattern.source, quoted), pattern.flags).test(text);
}

type Hears = Extract<Step['action'], { kind: 'hears' }>;

function keepFrom(play: Play, keep: Hears['keep'], text: string): void {
  for (const [name, source] of Object.entries(keep)) {
    const value = new RegExp(source).exec(text)?.[1];
    if (value === undefined) throw new Unfulfilled(`nothing in "${text}" fits ${source} for {${name}}`);
    play.kept.set(name, value);
  }
}

/** Whether that text is the one waited for; a wrong one fails unless others may come between. */
function isIt(play: Play, action: Hears, next: Heard): boolean {
  const right = fits(play, action.pattern, next.text) && (action.via ?? next.channel) === next.channel;
  if (!right && !action.eventually) throw new Unfulfilled(`${action.who} heard by ${next.channel}: "${next.text}"`);
  return right;
}

async function hears(play: Play, action: Hears): Promise<string> {
  const actor = actorOf(play, action.who);
  const end = play.stage.now() + action.within;
  for (;;) {
    const left = Math.max(0, end - play.stage.now());
    const [next] = await play.stage.heard(actor.msisdn, actor.lastHeard, left);
    if (next === undefined) throw new Unfulfilled(`${action.who} heard nothing fitting within ${action.within} ms`);
    actor.lastHeard = next.id;
    if (!isIt(play, action, next)) continue;
    keepFrom(play, action.keep, next.text);
    return `"${next.text}"`;
  }
}

async function hearsNothing(play: Play, who: string, during: number): Promise<string> {
  const actor = actorOf(play, who);
  const [next] = await play.stage.heard(actor.msisdn, actor.lastHeard, during);
  if (next !== undefined) throw new Unfulfilled(`${who} heard: "${next.text}"`);
  return NOTHING;
}

/** Reads until `check` says yes; a wrong end state is told as it was last seen. */
async function until(
  play: Play,
  within: number,
  read: () => Promise<{ right: boolean; seen: string }>,
): Promise<string> {
  const end = play.stage.now() + within;
  for (;;) {
    const { right, seen } = await read();
    if (right) return seen;
    if (play.stage.now() >= end) throw new Unfulfilled(seen);
    await play.stage.sleep(POLL_MS);
  }
}

type Booked = Extract<Step['action'], { kind: 'booked' }>;

async function booked(play: Play, action: Booked): Promise<string> {
  const actor = actorOf(play, action.who);
  const sign = action.what === 'debited' ? 1 : -1;
  return until(play, action.within, async () => {
    const rows = (await play.stage.bookings(actor.msisdn, actor.firstRow)).filter((row) => row.debited * sign > 0);
    const total = rows.reduce((sum, row) => sum + row.debited * sign, 0);
    const right = rows.length === action.times && (action.amount === undefined || total === action.amount);
    return { right, seen: `${action.what} ${rows.length} times, ${total} in all` };
  });
}

type Receives = Extract<Step['action'], { kind: 'receives' }>;

async function receives(play: Play, action: Receives): Promise<string> {
  const actor = actorOf(play, action.of);
  return until(play, action.within, async () => {
    const all = await play.stage.requests(actor.msisdn, actor.firstRequest);
    const count = all.filter((one) => action.retransmit === undefined || one.retransmit === action.retransmit).length;
    return { right: count >= action.times, seen: `${count} CCR` };
  });
}

/** The rule, narrowed to one subscriber: their OCS account, or their texts (from them in a deliver_sm, else to them). */
function aboutOne(play: Play, { rule, of, side }: Extract<Step['action'], { kind: 'fault' }>): object {
  if (of === undefined) return rule;
  const { msisdn } = actorOf(play, of);
  if (side === 'ocs') return { ...rule, matchMsisdn: msisdn };
  return { ...rule, [rule['on'] === 'deliver_sm' ? 'matchFrom' : 'matchTo']: `^${msisdn}$` };
}

/** Does one step; what it says is for the transcript. */
export async function act(play: Play, action: Step['action']): Promise<string | undefined> {
  switch (action.kind) {
    case 'hears':
      return hears(play, action);
    case 'hears-nothing':
      return hearsNothing(play, action.who, action.during);
    case 'booked':
      return booked(play, action);
    case 'receives':
      return receives(play, action);
    default:
      await arrange(play, action);
      return undefined;
  }
}

type Arrangement = Exclude<Step['action'], { kind: 'hears' | 'hears-nothing' | 'booked' | 'receives' }>;

/** Steps that do something and wait for nothing but its being done. */
function arrange(play: Play, action: Arrangement): Promise<void> {
  const { stage } = play;
  switch (action.kind) {
    case 'texts':
      return stage.text(actorOf(play, action.who).msisdn, action.to ?? play.script.code, filled(play, action.text));
    case 'has':
      return stage.account(actorOf(play, action.who).msisdn, action.account);
    case 'fault':
      return stage.fault(action.side, aboutOne(play, action));
    case 'mended':
      return stage.mend(action.side);
    case 'listening':
      return stage.listening(action.on);
    case 'wait':
      return stage.sleep(action.during);
    case 'run':
      return stage.run(action.command);
    case 'note':
      return Promise.resolve();
  }
}

/** P2 in every scenario: no request of a session may move money twice. */
export function doubled(rows: readonly Booking[]): readonly string[] {
  const seen = new Set<string>();
  const twice = rows
    .filter((row) => row.debited !== 0)
    .filter((row) => {
      const key = `${row.sessionId} #${row.requestNumber}`;
      return seen.has(key) || !seen.add(key);
    });
  return twice.map((row) => row.sessionId);
}
