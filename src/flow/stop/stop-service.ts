import { findService } from '../../domain/catalogue.ts';
import type { NoticeArgs, NoticeKind, OwedMt } from '../../domain/notice.ts';
import type { OrderState } from '../../domain/order.ts';
import { foldWord } from '../../domain/fold.ts';
import type { Request } from '../../domain/request.ts';
import { isAnswered } from '../enquiry/answer-only.ts';
import { aboutWhat } from '../enquiry/complain.ts';
import type { Incoming, Next } from '../incoming.ts';
import { answering, listFor, owedFor, readAgain } from '../incoming.ts';
import type { OrderRef, Ports, StopReach, Subscriber } from '../ports/ports.ts';
import { stopWithin } from './stop-orders.ts';

type Stop = Request & { readonly kind: 'stop' | 'stop-all' };

/** What one STOP reaches: orders that are not placed yet, and subscriptions. */
interface Reach {
  readonly orders: readonly OrderRef[];
  readonly services: readonly string[];
  /** What the answer names. */
  readonly named: readonly string[];
  readonly notice: NoticeKind;
  readonly within: Within;
}

type Within = Pick<StopReach, 'services' | 'spared'>;
const ALL: Within = { services: 'all', spared: [] };

/** Decided anew where an order or a renewal was opened meanwhile: what was asked for before the STOP is the STOP's. */
export async function stopService(p: Ports, heard: Incoming, request: Stop): Promise<Next> {
  const incoming = answering(heard, heard.subscriber.lastGivenAt);
  const reach = reachOf(p, incoming, request);
  const { orders, services, within } = reach;
  const complaint = request.complains === undefined ? undefined : aboutWhat(p, incoming, request.complains);
  const stopped = await stopWithin(p, incoming, {
    orders: orders.map(({ orderId }) => orderId),
    services,
    reach: { receivedAt: incoming.mo.receivedAt, ...within },
    complaint,
    owe:
      complaint === undefined && !(await isTold(p, incoming, reach)) ? undefined : await answerTo(p, incoming, reach),
    also: await alsoStopped(p, incoming, reach),
  });
  return stopped ?? stopService(p, await readAgain(p, heard), request);
}

/** What stops nothing is answered so many times an hour (E20); that it was heard is stored all the same. */
async function isTold(p: Ports, incoming: Incoming, { orders, services, notice }: Reach): Promise<boolean> {
  return orders.length + services.length > 0 || isAnswered(p, incoming, notice);
}

async function answerTo(p: Ports, incoming: Incoming, reach: Reach): Promise<OwedMt> {
  return owedFor(p, incoming, await noticeFor(p, reach), argsOf(p, incoming, reach));
}

function argsOf(p: Ports, incoming: Incoming, { named }: Pick<Reach, 'named'>): NoticeArgs {
  return { services: listFor(p, incoming, named), count: named.length };
}

/** The question names what is left. What stops at once is named beside it, by SMS: a dialogue has one answer. */
async function alsoStopped(p: Ports, incoming: Incoming, { orders, notice }: Reach): Promise<OwedMt | undefined> {
  if (notice !== 'stop-which' || orders.length === 0) return undefined;
  const rest = { ...incoming.subscriber, subscriptions: [], pending: orders, inFlight: [] };
  const stopped = everything(p, rest, 'stopped');
  const owed = owedFor(p, incoming, await noticeFor(p, stopped), argsOf(p, incoming, stopped));
  return { ...owed, channel: 'sms', dialogue: undefined };
}

const BEING_CHARGED: readonly (OrderState | undefined)[] = [
  'charging',
  'charge-unknown',
  'reserved',
  'charged',
  'committing',
  'disputed',
];

/** Only where money may move is a later word promised; what still waits for the OCS is simply stopped. */
async function noticeFor(p: Ports, { orders, notice }: Pick<Reach, 'orders' | 'notice'>): Promise<NoticeKind> {
  if (notice === 'stop-which') return notice;
  const stopped = await Promise.all(orders.map(({ orderId }) => p.orders.load(orderId)));
  // What was given on silence is theirs already (E7): it simply ends.
  const charged = stopped.filter((order) => order?.givenEarly !== true);
  return charged.some((order) => BEING_CHARGED.includes(order?.state)) ? 'stop-requested' : notice;
}

function reachOf(p: Ports, incoming: Incoming, request: Stop): Reach {
  const { subscriber } = incoming;
  if (request.kind === 'stop-all') return { within: ALL, ...everything(p, subscriber, 'stopped-all') };
  const listed = numbered(subscriber, request);
  if (listed !== undefined) return { within: within(servicesOf(listed)), ...everything(p, listed, 'stopped') };
  const wanted = request.serviceId === undefined ? servicesNamed(p, incoming, request.words) : [request.serviceId];
  if (wanted.length > 0) return onlyThese(p, subscriber, wanted);
  // A bare STOP, or one with words that name nothing ("STOP please").
  return subscriber.subscriptions.length > 1
    ? which(subscriber)
    : { within: ALL, ...everything(p, subscriber, 'stopped') };
}

/** What the numbers of a LIST name, with what is under way for it; undefined where they name nothing of theirs. */
function numbered(subscriber: Subscriber, { numbers = [] }: Stop & { readonly kind: 'stop' }): Subscriber | undefined {
  const isIt = ({ serviceId }: { readonly serviceId: string }): boolean =>
    numbers.includes(subscriber.numbers.get(serviceId) ?? 0);
  const subscriptions = subscriber.subscriptions.filter(isIt);
  const [pending, inFlight] = [subscriber.pending.filter(isIt), subscriber.inFlight.filter(isIt)];
  return subscriptions.length === 0 ? undefined : { ...subscriber, subscriptions, pending, inFlight };
}

function servicesOf({ subscriptions }: Subscriber): readonly string[] {
  return subscriptions.map(({ serviceId }) => serviceId);
}

function within(services: readonly string[]): Within {
  return { services, spared: [] };
}

function everything(p: Ports, subscriber: Subscriber, notice: 'stopped' | 'stopped-all'): Omit<Reach, 'within'> {
  const orders = unfinished(subscriber);
  const named = [
    ...subscriber.subscriptions.map(({ title }) => title),
    ...orders.map(({ serviceId }) => p.catalogue().services.get(serviceId)?.title ?? serviceId),
  ];
  return {
    orders,
    services: servicesOf(subscriber),
    named: [...new Set(named)],
    notice: named.length === 0 ? 'stop-nothing' : notice,
  };
}

function unfinished({ pending, inFlight }: Subscriber): readonly OrderRef[] {
  return [...pending, ...inFlight];
}

/** Several subscriptions and a bare STOP: what is unfinished stops at once; for them, and what renews them, we ask which. */
function which(subscriber: Subscriber): Reach {
  const { subscriptions } = subscriber;
  const asked = new Set(servicesOf(subscriber));
  const inFlight = subscriber.inFlight.filter(({ serviceId }) => !asked.has(serviceId));
  return {
    orders: unfinished({ ...subscriber, inFlight }),
    services: [],
    named: subscriptions.map(({ keyword }) => keyword),
    notice: 'stop-which',
    within: { services: 'all', spared: [...asked] },
  };
}

/**
 * A keyword is one service's on one short code, and may be another's on the next: what the texted one sells by it, where the subscriber
 * has that or it is under way; then what they have of that short code, then of any.
 */
export function serviceNamed(p: Ports, { mo, subscriber }: Incoming, word: string): string | undefined {
  const { digits } = mo.destination;
  const sold = findService(p.catalogue(), digits, word)?.id;
  const theirs = [...subscriber.subscriptions, ...unfinished(subscriber)];
  if (theirs.some(({ serviceId }) => serviceId === sold)) return sold;
  const own = subscriber.subscriptions.filter(({ keyword }) => foldWord(keyword) === word);
  return (own.find(({ shortCode }) => shortCode === digits) ?? own[0])?.serviceId ?? sold;
}

/** "the NEWS and MATCH, please": every one that some word names. */
export function servicesNamed(p: Ports, incoming: Incoming, words: readonly string[] = []): readonly string[] {
  return words.map((word) => serviceNamed(p, incoming, word)).filter((id) => id !== undefined);
}

/** None of them is the subscriber's: told so, or asked which one of the others. */
function onlyThese(p: Ports, subscriber: Subscriber, wanted: readonly string[]): Reach {
  const isIt = ({ serviceId }: { readonly serviceId: string }): boolean => wanted.includes(serviceId);
  const subscriptions = subscriber.subscriptions.filter(isIt);
  const [pending, inFlight] = [subscriber.pending.filter(isIt), subscriber.inFlight.filter(isIt)];
  const reach = everything(p, { ...subscriber, subscriptions, pending, inFlight }, 'stopped');
  if (reach.notice !== 'stop-nothing' || subscriber.subscriptions.length === 0)
    return { within: within(wanted), ...reach };
  const { services, named, notice } = which(subscriber);
  return { orders: [], services, named, notice, within: within(wanted) };
}
