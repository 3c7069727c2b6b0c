import type { Provider, Service } from '../../domain/catalogue.ts';
import { findService, isRecurring, keywordOf, provisionOf } from '../../domain/catalogue.ts';
import type { ChannelChoice } from '../../domain/channel.ts';
import { moneyText } from '../../domain/money.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { FrozenOrder, OrderState } from '../../domain/order.ts';
import { walk } from '../../domain/order.ts';
import type { Decision, Rule } from '../../domain/policy.ts';
import { decisionText } from '../../domain/policy.ts';
import type { SpendMark } from '../../domain/spend.ts';
import type { Request } from '../../domain/request.ts';
import { answerOnly } from '../enquiry/answer-only.ts';
import { askBefore } from './ask-before.ts';
import { decideOn } from './decide-on.ts';
import { answerEnquiry } from '../enquiry/answer-enquiry.ts';
import type { Incoming, Next } from '../incoming.ts';
import { challengeText, newChallenge } from './new-challenge.ts';
import { channelFor, newId, NOTHING, owedAbout, readAgain, sayNext } from '../incoming.ts';
import type { OpenStep, Ports } from '../ports/ports.ts';
import { refuseService } from '../stop/refuse-service.ts';
import { asksOf, capText, markOf } from '../terms/spending.ts';
import { alreadyText, sayAlready } from './already-text.ts';

/** A keyword: the catalogue finds the service, the provider's credit picks the interaction, one step opens the order. */
export async function placeOrder(
  p: Ports,
  incoming: Incoming,
  request: Request & { readonly kind: 'order' },
): Promise<Next> {
  const service = findService(p.catalogue(), incoming.mo.destination.digits, request.keyword);
  const provider = service && p.catalogue().providers.get(service.providerId);
  if (service === undefined || provider === undefined) return answerEnquiry(p, incoming, 'help');
  if (request.more === 'no') return refuseService(p, incoming, service);
  const { told, more } = request;
  const decision = await decideOn(p, incoming, { service, provider, moreWords: more === 'words', told });
  const asked = choiceOf(request, incoming);
  const frozen = freeze(p, incoming, { service, provider, decision, asked });
  const stops = await askBefore(p, incoming, frozen);
  const start = stops === undefined ? startOf(p, incoming, service, frozen) : stoppedStart(p, frozen, stops);
  // Decided anew by what other orders of the subscriber have used up meanwhile.
  return (await open(p, incoming, frozen, start)) ?? placeOrder(p, await readAgain(p, incoming), request);
}

/** Named in the order, else the dialogue that it comes from, else remembered, else SMS. A remembered address serves an order that names only the channel. */
function choiceOf(
  { channel, address }: Request & { readonly kind: 'order' },
  { dialogue, subscriber }: Incoming,
): ChannelChoice {
  const otherwise = dialogue === undefined ? (subscriber.channel ?? 'sms') : 'ussd';
  return { channel: channel ?? otherwise, address: address ?? subscriber.address };
}

interface Draft {
  readonly service: Service;
  readonly provider: Provider;
  readonly decision: Decision;
  readonly asked: ChannelChoice;
}

/** E9: what was told is what is charged, whatever a reload changes. */
function freeze(p: Ports, incoming: Incoming, { service, provider, decision, asked }: Draft): FrozenOrder {
  return {
    id: newId(p, incoming),
    msisdn: incoming.msisdn,
    shortCode: incoming.mo.destination.digits,
    link: incoming.mo.link,
    serviceId: service.id,
    serviceIdentifier: service.serviceIdentifier,
    providerId: provider.id,
    providerName: provider.name,
    title: service.title,
    keyword: keywordOf(service),
    price: service.price,
    priceText: moneyText(service.price),
    period: service.period,
    chargeKind: service.charge,
    grantOnUnknown: service.grantOnUnknown,
    ...provisionOf(service),
    textVersion: p.words.version,
    language: incoming.language,
    ...channelFor(asked, p.settings()),
    ...(incoming.dialogue === undefined ? {} : { dialogue: incoming.dialogue }),
    decision,
    ...spendPart(markOf(p, service.price, incoming.now)),
    openedAt: incoming.now,
  };
}

function spendPart(spend: SpendMark | undefined): Pick<FrozenOrder, 'spend'> {
  return spend === undefined ? {} : { spend };
}

/** Undefined when nothing was done: a spend cap was used up since the subscriber was read. */
async function open(p: Ports, incoming: Incoming, frozen: FrozenOrder, start: Start): Promise<Next | undefined> {
  const pending = incoming.subscriber.pending.find((order) => order.serviceId === frozen.serviceId);
  const step: OpenStep = {
    dedupe: incoming.dedupe,
    frozen,
    supersedes: pending?.orderId,
    now: incoming.now,
    receivedAt: incoming.mo.receivedAt,
    leaseFor: p.settings().leaseFor,
    ...start,
  };
  const already = isRecurring(frozen) ? await alreadyText(p, incoming, frozen) : undefined;
  const opened = await p.orders.open(step, already);
  if (opened.kind === 'repeat') {
    p.note('mo.repeat', { link: incoming.mo.link });
    return NOTHING;
  }
  if (opened.kind === 'over-cap') return undefined;
  if (opened.kind === 'stopped') return answerOnly(p, incoming, 'stopped', { services: frozen.title, count: 1 });
  if (opened.kind === 'already') return sayAlready(p, incoming, frozen, opened.owed);
  p.note('order.opened', {
    order: frozen.id,
    state: start.state,
    provider: frozen.providerId,
    interaction: frozen.decision.interaction,
    channel: frozen.channel,
    channelAsked: frozen.channelAsked,
    channelBecause: frozen.channelBecause,
    decision: decisionText(frozen.decision),
  });
  return opened.owed === undefined ? { kind: 'settle', held: opened.held } : sayNext(opened.owed);
}

type Start = Pick<OpenStep, 'state' | 'charge' | 'challenge' | 'owe' | 'asks'>;

/** The OCS was asked and said no: told at once, and no challenge leaves. */
function stoppedStart(p: Ports, frozen: FrozenOrder, notice: NoticeKind): Start {
  return { state: started('deny'), charge: undefined, challenge: undefined, owe: owedAbout(p, frozen, notice) };
}

/** Why nothing was ordered, where the reason is the subscriber's to know. */
const REFUSED: Readonly<Partial<Record<Rule, NoticeKind>>> = { 'code-limit': 'code-limit' };

function startOf(p: Ports, incoming: Incoming, service: Service, frozen: FrozenOrder): Start {
  switch (frozen.decision.interaction) {
    case 'refuse':
      return {
        state: started('refuse'),
        charge: undefined,
        challenge: undefined,
        ...refusal(p, frozen),
      };
    case 'confirm':
    case 'otp': {
      const challenge = newChallenge(p, incoming, service, frozen);
      return { state: started('challenge'), charge: undefined, challenge, owe: challengeText(p, frozen, challenge) };
    }
    case 'notice':
      return { challenge: undefined, owe: undefined, ...chargeStart(p, frozen, incoming.now) };
  }
}

function refusal(p: Ports, frozen: FrozenOrder): Pick<Start, 'owe' | 'asks'> {
  const { won, facts } = frozen.decision;
  const spend = won === 'spend-cap' ? facts?.spend : undefined;
  const [kind, args] = spend === undefined ? [REFUSED[won] ?? 'refused', {}] : capText(spend);
  return { owe: owedAbout(p, frozen, kind, args), asks: asksOf(p, frozen.spend, spend?.span) };
}

/** E3: `charging` is written only while a peer is open, and then this process alone may send without T. */
function chargeStart(p: Ports, frozen: FrozenOrder, now: number): Pick<OpenStep, 'state' | 'charge'> {
  if (frozen.chargeKind === 'free' || !p.charging.open()) return { state: started('confirm'), charge: undefined };
  return { state: started('permit'), charge: p.charging.newIdentity(frozen.id, Math.floor(now / 1000)) };
}

function started(event: 'deny' | 'refuse' | 'challenge' | 'confirm' | 'permit'): OrderState {
  const state = walk('received', event);
  if (state === undefined) throw new RangeError(`an order cannot start with ${event}`);
  return state;
}
