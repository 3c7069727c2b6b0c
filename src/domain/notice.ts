import type { Service } from './catalogue.ts';
import type { ChannelName } from './channel.ts';
import { moneyText } from './money.ts';

/** Every text that orderd can say, the item of its list and the end of a list that was cut; each language file has a template for each. */
export const NOTICES = [
  'ordered',
  'confirm',
  'code',
  'refused',
  'declined',
  'refused-by-you',
  'expired',
  'wrong-answer',
  'which',
  'no-balance',
  'not-allowed',
  'not-charged',
  'waiting',
  'suspended',
  'already',
  'already-paused',
  'stopped',
  'stopped-all',
  'stop-which',
  'stop-nothing',
  'stop-requested',
  'refunded',
  'list',
  'list-item',
  'list-more',
  'list-empty',
  'status',
  'status-empty',
  'help',
  'channel-set',
  'channel-which',
  'channel-unavailable',
  'language-set',
  'language-which',
  'language-unavailable',
  'email-needed',
  'code-over',
  'code-later',
  'code-limit',
  'confirm-with',
  'ussd-ended',
  'complaint',
  'reminder',
  'price-changed',
  'renewed',
  'renewal-low',
  'renewal-paused',
  'renewal-failed',
  'resumed',
  'not-renewed',
  'ended',
  'cap-reached',
  'spend-prompt',
  'spend-agreed',
  'spend-agreed-renewal',
  'spend-note',
  'not-provided',
  'not-provided-refund',
  'paid-back',
] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** What a template may name; a code is never among them, it is derived when the text leaves (E15). */
export type NoticeArgs = Readonly<Record<string, string | number>>;

/** What the item of a list names: a subscription, or a service that one can be to. */
export function listItemArgs(
  number: number,
  { title, price, period, keyword }: Pick<Service, 'title' | 'price' | 'period'> & { readonly keyword: string },
  paused = '',
): NoticeArgs {
  return { number, title, price: moneyText(price), period, keyword, paused };
}

/** What it costs, and how often: two that differ in either were not told alike. */
export function costText({ price, period }: NoticeArgs): string {
  return `${price} ${period}`;
}

/** The time that is left, told no longer than it is: whole minutes, below one the seconds. */
export function leftArgs(ms: number): NoticeArgs {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  return { minutes, seconds: minutes === 0 ? seconds : 0 };
}

/** Longest argument that a text takes over; a list of services is the longest one there is. */
export const LONGEST_ARG = 300;

/** As many whole items as a text takes, and how many more there are: half an item could name another service or price. */
export function listText(items: readonly string[], more: (left: number) => string): string {
  const whole = items.join(', ');
  if (whole.length <= LONGEST_ARG) return whole;
  let room = LONGEST_ARG - more(items.length).length;
  let shown = 0;
  for (const { length } of items) {
    room -= length + ', '.length;
    if (room < 0) break;
    shown++;
  }
  return [...items.slice(0, shown), more(items.length - shown)].join(', ');
}

/** A text by its id, and its route. */
export interface Routed {
  readonly id: string;
  readonly route: string | undefined;
}

/**
 * E23: the short code whose binds can carry a text; processes that have none leave it to those that do. Undefined for a
 * channel that needs no bind.
 */
export function routeOf({ channel, shortCode }: Pick<OwedMt, 'channel' | 'shortCode'>): string | undefined {
  return channel === 'email' ? undefined : shortCode;
}

/** A text owed to a subscriber: stored by the step that caused it, gone when the SMSC's receipt closes it (P1). */
export interface OwedMt {
  /** `<order id>-<kind>` or `<partition>-<random>-<kind>`: never a ":" (BullMQ job ids), partition first (E22). */
  readonly id: string;
  readonly orderId: string | undefined;
  readonly kind: NoticeKind;
  readonly args: NoticeArgs;
  readonly language: string;
  readonly channel: ChannelName;
  /** Where it goes by email. */
  readonly address?: string | undefined;
  /** Channels that this text could not be said over. */
  readonly tried?: readonly ChannelName[];
  readonly msisdn: string;
  readonly shortCode: string;
  readonly link: string;
  /** The USSD dialogue that caused it: it is said there, or over another channel. */
  readonly dialogue?: string | undefined;
  /** For `code`: derive the code from this challenge. */
  readonly challengeId: string | undefined;
  readonly keyId: string | undefined;
  /** Of that code. */
  readonly digits?: number | undefined;
  /** How often it was said before and did not arrive; its first saying has none. */
  readonly again?: number;
  /** Epoch milliseconds. */
  readonly owedAt: number;
  /** Not worth saying after this (E16: a code lives no longer than its text). */
  readonly notAfter: number;
}

export type OrderMt = OwedMt & { readonly orderId: string };
