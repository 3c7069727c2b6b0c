/** Plays a script on a stage, step by step, until the first that fails. */
import type { Play } from './actor.ts';
import { actorOf, filled, fits, keepFrom, Unfulfilled, until } from './actor.ts';
import type { Step } from './step.ts';
import type { Booking, Heard } from './stage.ts';
import { chooses, leaves, replies, sees } from './play-ussd.ts';

const NOTHING = 'nothing';

type Hears = Extract<Step['action'], { kind: 'hears' }>;

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

type Texts = Extract<Step['action'], { kind: 'texts' }>;

async function texts(play: Play, action: Texts): Promise<void> {
  const { carrier, order } = action;
  const { msisdn } = actorOf(play, action.who);
  for (let sent = 0; sent < action.times; sent += 1)
    await play.stage.text(msisdn, action.to ?? play.script.code, filled(play, action.text), { carrier, order });
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
    case 'sees':
      return sees(play, action);
    case 'chooses':
      return chooses(play, action);
    default:
      await arrange(play, action);
      return undefined;
  }
}

type Seen = 'hears' | 'hears-nothing' | 'booked' | 'receives' | 'sees' | 'chooses';
type Arrangement = Exclude<Step['action'], { kind: Seen }>;

/** Steps that do something and wait for nothing but its being done. */
function arrange(play: Play, action: Arrangement): Promise<void> {
  const { stage } = play;
  switch (action.kind) {
    case 'texts':
      return texts(play, action);
    case 'dials':
      return stage.dial(actorOf(play, action.who).msisdn, action.code);
    case 'replies':
      return replies(play, action);
    case 'leaves':
      return leaves(play, action);
    case 'has':
      return stage.account(actorOf(play, action.who).msisdn, action.account);
    case 'fault':
      return stage.fault(action.side, aboutOne(play, action));
    case 'fate':
      return stage.fate(
        action.of === undefined ? action.rule : { ...action.rule, matchTo: `^${actorOf(play, action.of).msisdn}$` },
      );
    case 'octets':
      return stage.octets(action.account, action.hex);
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
