import { hex, orderId, partitionOfHash } from '../domain/ids.ts';
import type { ChannelChoice, Fallbacks } from '../domain/channel.ts';
import { nextChannel, whyNot } from '../domain/channel.ts';
import type { Mo } from '../domain/message.ts';
import type { NoticeArgs, NoticeKind, OrderMt, OwedMt } from '../domain/notice.ts';
import { listText } from '../domain/notice.ts';
import type { FrozenOrder } from '../domain/order.ts';
import type { Dedupe, HeldMt, HeldOrder, Ports, Subscriber } from './ports/ports.ts';
import type { FlowSettings } from './ports/settings.ts';

/** One MO with everything that its flow needs to know of its sender. */
export interface Incoming {
  readonly mo: Mo;
  readonly msisdn: string;
  readonly partition: number;
  readonly dedupe: Dedupe;
  readonly subscriber: Subscriber;
  readonly language: string;
  readonly now: number;
  /** The USSD dialogue that it is a turn of. */
  readonly dialogue?: string;
}

/** For a decision that others have overtaken. */
export async function readAgain(p: Ports, incoming: Incoming): Promise<Incoming> {
  return { ...incoming, subscriber: await p.subscribers.read(incoming.msisdn) };
}

/** What is left to do once the MO may be acknowledged: the store knows it already, this only does it sooner. */
export type Next =
  | { readonly kind: 'settle'; readonly held: HeldOrder }
  | { readonly kind: 'say'; readonly held: HeldMt }
  | { readonly kind: 'nothing' };

export const NOTHING: Next = { kind: 'nothing' };

export function sayNext(held: HeldMt | undefined): Next {
  return held === undefined ? NOTHING : { kind: 'say', held };
}

/**
 * The dedupe key of E13: never link or sequence number, the SMSC's own id where its TLV is configured. The source is the
 * E.164 number, for a redelivery over another link may write the same one with another type of number.
 */
export function dedupeOf(p: Ports, mo: Mo, msisdn: string): Dedupe {
  const { dedupeWindow, dedupeWindowWithId } = p.settings();
  const parts = [msisdn, mo.destination.digits, mo.bytes, mo.concatRef ?? '', mo.smscId ?? ''];
  return {
    key: hex(p.hashing.mac('dedupe', parts.join('|')).subarray(0, 16)),
    ...(mo.smscId === undefined ? { window: dedupeWindow, byWords: true } : { window: dedupeWindowWithId }),
  };
}

/**
 * E13 leaves an MO without an id of the SMSC's nothing but its words. One that answers what is younger than equal words before it
 * is another one: STOP, GAME, STOP are three. Only for what charges nothing: it may also be the first one, delivered again.
 */
export function answering(incoming: Incoming, since: number | undefined): Incoming {
  const { dedupe } = incoming;
  return dedupe.byWords === true && since !== undefined ? { ...incoming, dedupe: { ...dedupe, since } } : incoming;
}

export function partitionOfMsisdn(p: Ports, msisdn: string): number {
  return partitionOfHash(p.hashing.mac('msisdn', msisdn), p.settings().partitions);
}

/** For an order, or for a text that belongs to none. */
export function newId(p: Ports, { partition, now }: Incoming): string {
  return orderId(partition, now, p.random(10));
}

/** A text that answers an MO and belongs to no order, or to one that it does not move. */
export function owedFor(p: Ports, incoming: Incoming, kind: NoticeKind, args: NoticeArgs): OwedMt {
  const { mo, msisdn, language, now } = incoming;
  return {
    // Never the dedupe key: the same words outside its window are another MO, whose answer is another text.
    id: `${newId(p, incoming)}-${kind}`,
    orderId: undefined,
    kind,
    args: { shortCode: mo.destination.digits, ...args },
    language,
    channel: incoming.dialogue === undefined ? 'sms' : 'ussd',
    msisdn,
    shortCode: mo.destination.digits,
    link: mo.link,
    dialogue: incoming.dialogue,
    challengeId: undefined,
    keyId: undefined,
    owedAt: now,
    notAfter: now + p.settings().say.maxAge,
  };
}

/** Services or keywords as a text of the sender's language names them. */
export function listFor(p: Ports, { language }: Pick<Incoming, 'language'>, items: readonly string[]): string {
  return listText(items, (number) => p.words.render('list-more', language, { number }));
}

/** A text about an order; one of each kind at most, which makes it idempotent. */
export function owedAbout(p: Ports, frozen: FrozenOrder, kind: NoticeKind, args: NoticeArgs = {}): OrderMt {
  const now = p.clock.now();
  return {
    id: `${frozen.id}-${kind}`,
    orderId: frozen.id,
    kind,
    args: orderArgs(frozen, args),
    language: frozen.language,
    channel: frozen.channel,
    ...(frozen.address === undefined ? {} : { address: frozen.address }),
    msisdn: frozen.msisdn,
    shortCode: frozen.shortCode,
    link: frozen.link,
    dialogue: frozen.dialogue,
    challengeId: undefined,
    keyId: undefined,
    owedAt: now,
    notAfter: now + p.settings().say.maxAge,
  };
}

/** What every text about an order may name. The amount is kept as data; words turn it into text. */
export function orderArgs(frozen: FrozenOrder, more: NoticeArgs = {}): NoticeArgs {
  return {
    provider: frozen.providerName,
    title: frozen.title,
    price: frozen.priceText,
    period: frozen.period,
    keyword: frozen.keyword,
    shortCode: frozen.shortCode,
    ...more,
  };
}

/** P6: the channel asked for, or the first one declared in its place; then the order says which was asked for and why. */
export function channelFor(
  { channel: asked, address }: ChannelChoice,
  { channels, fallback }: { readonly channels: FlowSettings['channels']; readonly fallback: Fallbacks },
): Pick<FrozenOrder, 'channel' | 'channelAsked' | 'channelBecause' | 'address'> {
  const means = { offered: channels, address };
  const because = whyNot(asked, means);
  const channel = because === undefined ? asked : (nextChannel(fallback, asked, [], means) ?? 'sms');
  return {
    channel,
    ...(because === undefined ? {} : { channelAsked: asked, channelBecause: because }),
    ...(channel === 'email' && address !== undefined ? { address } : {}),
  };
}
