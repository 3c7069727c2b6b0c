import { isRecurring } from '../../domain/catalogue.ts';
import { subscriptionId } from '../../domain/ids.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { FrozenOrder, Order } from '../../domain/order.ts';
import { nextWait } from '../../domain/retry.ts';
import { askRefund } from './ask-refund.ts';
import { endSubscription } from '../subscription/end-subscription.ts';
import type { Ports, ProvideEvent, Provided } from '../ports/ports.ts';
import type { Settled } from '../ports/settled.ts';
import { REST } from '../ports/settled.ts';

/** Whether this service's provider is asked before anybody is told (E10); a reservation always is, where it is asked at all. */
export function asksFirst({ provision, chargeKind }: FrozenOrder): boolean {
  return provision === 'before-notice' || (provision !== undefined && chargeKind === 'reserve');
}

/** Asks the provider to provide what was charged or reserved. What it did not answer by its limit is not provided. */
export async function provide(p: Ports, order: Order): Promise<Provided> {
  const { frozen, updatedAt } = order;
  if (p.provide === undefined) return DONE;
  const provided = await p.provide(frozen, frozen.renewal === undefined ? 'placed' : 'renewed', updatedAt);
  if (provided.kind !== 'done')
    p.note('order.not-provided', { order: frozen.id, outcome: provided.kind, reason: provided.reason });
  return provided;
}

/** A provider that refuses a period has ended the service at its side: nothing more is charged for it. */
export function endNotProvided(p: Ports, order: Order): Promise<void> {
  return endSubscription(p, order, 'not-provided');
}

/** What a provider is told afterwards; `id` names the order, the event and when it happened: `<order>--<event>--<epoch ms>`. */
export function tellingId(orderId: string, event: ProvideEvent, at: number): string {
  return `${orderId}--${event}--${at}`;
}

/** The worker's way in: after-notice, and every end. What the provider refuses or leaves unanswered is paid back (E10). */
export async function tellProvider(p: Ports, id: string): Promise<Settled> {
  const [orderId = '', event, at] = id.split('--');
  const order = await p.orders.load(orderId);
  if (order === undefined || !isEvent(event)) return { kind: 'dead', reason: `nothing is known of ${id}` };
  return event === 'ended' ? tellEnd(p, order, Number(at)) : tellBegin(p, order, event, Number(at));
}

async function tellBegin(p: Ports, order: Order, event: ProvideEvent, since: number): Promise<Settled> {
  if (order.state !== 'placed') return { kind: 'dead', reason: `the order is ${order.state}` };
  return (await goesOn(p, order)) ? tell(p, order, event, since) : neverProvided(p, order);
}

/** Whether what it began or renews has not ended since. */
async function goesOn(p: Ports, { frozen }: Order): Promise<boolean> {
  if (!isRecurring(frozen)) return true;
  const { subscriptions } = await p.subscribers.read(frozen.msisdn);
  return subscriptions.some(({ orderId }) => orderId === subscriptionId(frozen.id));
}

/** Its end is told, or was: a provider that heard of its beginning after that would serve on. So it is not asked any more (E10). */
async function neverProvided(p: Ports, order: Order): Promise<Settled> {
  const reason = 'it has ended before its provider provided it';
  p.note('order.not-provided', { order: order.frozen.id, outcome: 'ended', reason });
  await takeBack(p, order, { kind: 'failed', reason, refused: false });
  return REST;
}

/** The last word: a request that is under way to the provider might arrive behind it. What is told later finds that it has ended. */
async function tellEnd(p: Ports, order: Order, since: number): Promise<Settled> {
  const about = subscriptionId(order.frozen.id);
  const isBefore = (id: string): boolean => {
    const [orderId = '', event] = id.split('--');
    return event !== 'ended' && subscriptionId(orderId) === about;
  };
  if ((await p.later.telling()).some(isBefore))
    return { kind: 'wait', ms: waitSince(p, since), reason: 'its provider is being told what came before' };
  return tell(p, order, 'ended', since);
}

async function tell(p: Ports, order: Order, event: ProvideEvent, since: number): Promise<Settled> {
  const provided = p.provide === undefined ? DONE : await p.provide(order.frozen, event, since);
  p.note('provider.told', { order: order.frozen.id, event, outcome: provided.kind });
  if (provided.kind === 'done') return REST;
  if (provided.kind === 'wait') return { kind: 'wait', ms: waitSince(p, since), reason: provided.reason };
  if (event !== 'ended') await takeBack(p, order, provided);
  return { kind: 'dead', reason: provided.reason };
}

const DONE: Provided = { kind: 'done' };

function isEvent(event: string | undefined): event is ProvideEvent {
  return event === 'placed' || event === 'renewed' || event === 'ended';
}

/** Each wait as long as all before it, between the first and the cap of `settle`. */
function waitSince(p: Ports, since: number): number {
  const { settle } = p.settings();
  const elapsed = Math.max(0, p.clock.now() - since);
  const attempt = Math.floor(Math.log2(1 + elapsed / settle.first));
  return nextWait(settle, attempt, (p.random(1)[0] ?? 0) / 256);
}

/** A period that the provider did not answer for leaves the subscription; one that it refused, or a first one, does not. */
export function refundTextFor({ renewal }: Order, refused: boolean): NoticeKind {
  return renewal !== undefined && !refused ? 'paid-back' : 'not-provided-refund';
}

async function takeBack(
  p: Ports,
  order: Order,
  { reason, refused }: Provided & { readonly kind: 'failed' },
): Promise<void> {
  const told = refundTextFor(order, refused);
  if (told === 'not-provided-refund') await endNotProvided(p, order);
  await askRefund(p, order.frozen.id, { who: 'provider', why: reason, told });
}
