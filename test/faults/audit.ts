import type { LedgerRow } from '../../simulators/ocs/ledger.ts';
import type { Subscriber } from './crowd.ts';
import type { OrderSeen } from './records.ts';

/** The promises of ARCHITECTURE.md that the audit judges from outside, one column each. */
export const PROMISES = {
  P1: 'an acknowledged MO ends in a text about it, and its order in an end',
  P2: 'at most one debit per order, at most one order per MO however often it came',
  P3: 'nothing placed without its charge, no charge kept without its service',
  P4: 'nothing placed under a challenge without the right answer, from the same number, before STOP',
  P5: 'no code but on the wire, no full number where none may be',
  P6: 'the text leaves over the channel that the order names',
  P7: 'the daemon goes on working',
  E5: 'a charge or text is sent twice only where the first send went unanswered',
} as const;
export type Promised = keyof typeof PROMISES;

export interface Violation {
  readonly promise: Promised;
  readonly fault: string;
  readonly about: string;
  readonly what: string;
}

/** Everything known about one subscriber once all is at rest. */
export interface Story {
  readonly who: Subscriber;
  readonly orders: readonly OrderSeen[];
  readonly ledger: readonly LedgerRow[];
  /** A text to this number is in the dead-letter view. */
  readonly dead: boolean;
}

/** Said while the order still waits: not its end. */
const WAITING = /takes longer than usual/;
/** What is said to whoever must wait for a person, or asked for a stop meanwhile. */
const PUT_OFF = /takes longer than usual|stop/i;
const PLACED = /\bis ordered\b/;
const RESTING = new Set(['placed', 'closed', 'refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded']);
const GIVEN = new Set(['placed', 'closed']);

type Rule = (story: Story) => string | undefined;

const RULES: readonly (readonly [Promised, Rule])[] = [
  ['P1', lost],
  ['P1', endless],
  ['P2', tooManyDebits],
  ['P2', tooManyOrders],
  ['P3', placedUnpaid],
  ['P3', paidUnplaced],
  ['P3', toldWrongly],
  ['P4', placedWithoutConsent],
  ['P6', wrongChannel],
  ['E5', sentTwice],
];

/** What is wrong with one story; nothing for a story that is right. */
export function violationsOf(story: Story): readonly Violation[] {
  const { who } = story;
  return RULES.flatMap(([promise, rule]) => {
    const what = rule(story);
    return what === undefined ? [] : [{ promise, fault: who.fault, about: `${who.msisdn} (${who.play})`, what }];
  });
}

/** A text came after the last acknowledged MO, for whoever hears nothing after it never learns its outcome. */
function lost(story: Story): string | undefined {
  const { who, dead } = story;
  const acknowledged = who.sent.filter((mo) => mo.acknowledged && !isElsewhere(who, mo.text));
  const last = Math.max(...acknowledged.map(({ at }) => at));
  if (acknowledged.length === 0 || dead) return undefined;
  if (story.orders.some((order) => isAPersons(order, story)))
    return who.heard.some(({ text }) => PUT_OFF.test(text)) ? undefined : 'a disputed order, and nothing said of it';
  const told = who.heard.some(({ text, at }) => at >= last && !WAITING.test(text));
  return told ? undefined : `nothing heard after the last of ${acknowledged.length} acknowledged MOs`;
}

/** The code that another handset sent is answered there. */
function isElsewhere({ play }: Subscriber, text: string): boolean {
  return play === 'other handset' && /^\d+$/.test(text);
}

/** E8: the OCS refused to give back or to commit, for good: a person must look into its books, and its alarm is up. */
function isAPersons({ state }: OrderSeen, { ledger }: Story): boolean {
  return state === 'disputed' && ledger.some(({ action, result }) => CLOSING.has(action) && result >= 4000);
}

const CLOSING: ReadonlySet<string> = new Set(['REFUND_ACCOUNT', 'COMMIT', 'RELEASE']);

function endless(story: Story): string | undefined {
  const { who, orders } = story;
  const waits = orders.filter(
    (order) =>
      !RESTING.has(order.state) && !(order.state === 'challenged' && leavesOpen(who)) && !isAPersons(order, story),
  );
  return waits.length === 0 ? undefined : `order ${waits[0]?.id ?? ''} is ${waits[0]?.state ?? ''} at the end`;
}

function leavesOpen({ play, answered }: Subscriber): boolean {
  return play === 'other handset' || answered === undefined;
}

function tooManyDebits({ ledger }: Story): string | undefined {
  const debits = new Map<string, number>();
  for (const { sessionId, debited } of ledger) if (debited > 0) debits.set(sessionId, (debits.get(sessionId) ?? 0) + 1);
  const most = Math.max(0, ...debits.values());
  if (most > 1) return `${most} debits under one Session-Id`;
  // Each play orders one service once.
  return debits.size > 1 ? `debits under ${debits.size} Session-Ids for one order` : undefined;
}

function tooManyOrders({ orders }: Story): string | undefined {
  return orders.length > 1 ? `${orders.length} orders of one MO` : undefined;
}

const keptOf = (ledger: readonly LedgerRow[]): number => ledger.reduce((sum, { debited }) => sum + debited, 0);

/** CREDIT_CONTROL_NOT_APPLICABLE: the service is free, says the OCS (RFC 8506 9.1). */
const NOT_APPLICABLE = 4011;

function placedUnpaid({ orders, ledger }: Story): string | undefined {
  if (ledger.some(({ result }) => result === NOT_APPLICABLE)) return undefined;
  const placed = orders.find(({ state, chargeKind }) => GIVEN.has(state) && chargeKind !== 'free');
  return placed !== undefined && keptOf(ledger) <= 0 ? `order ${placed.id} is placed, and nothing was kept` : undefined;
}

function paidUnplaced(story: Story): string | undefined {
  const { orders, ledger } = story;
  const kept = keptOf(ledger);
  if (kept <= 0 || orders.some((order) => GIVEN.has(order.state) || isAPersons(order, story))) return undefined;
  return `${kept} kept, order ${orders[0]?.state ?? 'unknown'}`;
}

function toldWrongly({ who, orders }: Story): string | undefined {
  const told = who.heard.some(({ text }) => PLACED.test(text));
  return told && !orders.some(({ state }) => GIVEN.has(state)) ? 'told that it is ordered, and it is not' : undefined;
}

function placedWithoutConsent({ who, orders }: Story): string | undefined {
  const asked = orders.find(({ interaction }) => interaction === 'confirm' || interaction === 'otp');
  if (asked === undefined) return undefined;
  if (GIVEN.has(asked.state) && who.answered !== 'right') return `placed, the answer was ${who.answered ?? 'none'}`;
  return asked.tries > 3 ? `${asked.tries} tries counted` : undefined;
}

function wrongChannel({ who, orders }: Story): string | undefined {
  const [order] = orders;
  const notice = who.heard.find(({ text }) => PLACED.test(text));
  if (order === undefined || notice === undefined) return undefined;
  if (who.play === 'flash' && order.channel !== 'flash' && order.channelAsked !== 'flash')
    return `flash was asked for, the order names ${order.channel}`;
  return notice.channel === order.channel ? undefined : `the order names ${order.channel}, it was ${notice.channel}`;
}

/** Judged only where nothing was wrong: every answer came in time, so nothing had to be sent again. */
function sentTwice({ who, ledger }: Story): string | undefined {
  if (!who.calm) return undefined;
  if (ledger.some(({ duplicateOf, retransmit }) => duplicateOf !== undefined || retransmit))
    return 'a charge was sent again although its answer had not failed to come';
  // The answer to a wrong code is the same each time.
  const texts = who.heard.map(({ text }) => text).filter((text) => !/not the right answer/.test(text));
  return new Set(texts).size < texts.length ? 'a text was said twice' : undefined;
}

/**
 * Where power went under everysec an order may be gone, with what it had done, and an answer to a challenge with it. What may not
 * be is a second debit of one, or an order that Redis still has and that never ends.
 */
export function isLost({ promise, what }: Violation): boolean {
  if (promise === 'P1') return !/^order .* at the end$/.test(what) || / is challenged at the end$/.test(what);
  return promise === 'P3' || promise === 'P4' || /Session-Ids|orders of one/.test(what);
}
