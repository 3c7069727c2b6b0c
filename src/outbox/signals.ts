import type { Signal } from '../domain/credit-rule.ts';
import { isRenewalId } from '../domain/ids.ts';
import type { OutboxEntry } from '../flow/ports/outbox.ts';

const DAY = 86_400_000;

interface Reading {
  readonly signal: Signal;
  readonly is: (entry: OutboxEntry) => boolean;
}

/** What each kind of outbox entry says of its provider. */
const READINGS: readonly Reading[] = [
  // Nobody asked for a renewal: it would dilute every rate of a provider that has many subscribers, and several that fall
  // due within an hour are no burst.
  {
    signal: 'ordered',
    is: ({ type, state, from, subject }) =>
      type === 'order' && state === 'placed' && from !== 'disputed' && !isRenewalId(subject),
  },
  {
    signal: 'challenged',
    is: ({ type, state, cause }) => type === 'order' && state === 'challenged' && cause === 'open',
  },
  { signal: 'refund', is: ({ type, state, from }) => type === 'order' && state === 'refunding' && from === 'placed' },
  {
    signal: 'early-stop',
    is: ({ type, state, cause, at, since }) =>
      type === 'subscription' && state === 'ended' && cause === 'stop' && at - since <= DAY,
  },
  {
    signal: 'failed-challenge',
    is: ({ type, state, cause }) => type === 'order' && state === 'declined' && cause === 'last-wrong',
  },
  { signal: 'abandoned-challenge', is: ({ type, state }) => type === 'order' && state === 'expired' },
  { signal: 'complaint', is: ({ type, state }) => type === 'complaint' && state === 'recorded' },
  // Reserved or charged, and then the provider did not provide; or the notice of a placed service never arrived.
  {
    signal: 'undelivered',
    is: ({ type, state, cause }) => type === 'order' && state === 'uncharged' && cause === 'not-provided',
  },
  {
    signal: 'undelivered',
    is: ({ type, state, from, cause }) =>
      type === 'order' && state !== 'placed' && from === 'charged' && cause === 'provide',
  },
  {
    signal: 'undelivered',
    is: ({ type, state, subject }) => type === 'mt' && state === 'undelivered' && subject.endsWith('-ordered'),
  },
];

export function signalsOf(entry: OutboxEntry): readonly Signal[] {
  return READINGS.filter(({ is }) => is(entry)).map(({ signal }) => signal);
}
