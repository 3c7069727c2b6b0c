import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Order, OrderEvent, OrderState } from '../../src/domain/order.ts';
import { ORDER_TABLE, stillWaits, walk } from '../../src/domain/order.ts';
import { rowsOf, reachableFrom } from '../tables.ts';

const STATES = Object.keys(ORDER_TABLE) as OrderState[];
const ENDS: readonly OrderState[] = [
  'refused', 'declined', 'expired', 'cancelled', 'uncharged', 'refunded', 'closed',
]; // prettier-ignore
const EVENTS = [...new Set(STATES.flatMap((state) => Object.keys(ORDER_TABLE[state])))] as OrderEvent[];

/** E8 as rows; a comment where a rule other than E8 put it there. */
const LAW: readonly (readonly [OrderState, OrderEvent, OrderState])[] = [
  ['received', 'refuse', 'refused'],
  ['received', 'challenge', 'challenged'],
  ['received', 'confirm', 'confirmed'], // E3: no peer is open
  ['received', 'permit', 'charging'], // E1: for a notice that step is `open` itself
  ['received', 'deny', 'uncharged'], // the balance was asked before a challenge: too little
  ['challenged', 'confirm', 'confirmed'],
  ['challenged', 'permit', 'charging'], // E1: the step that accepts the answer
  ['challenged', 'decline', 'declined'],
  ['challenged', 'expire', 'expired'], // E16
  ['challenged', 'cancel', 'cancelled'], // E14
  ['confirmed', 'permit', 'charging'],
  ['confirmed', 'grant', 'charged'],
  ['confirmed', 'reserve', 'reserved'], // E5
  ['confirmed', 'decline', 'declined'], // E17
  ['confirmed', 'cancel', 'cancelled'], // E14
  ['confirmed', 'give-up', 'uncharged'],
  ['charging', 'step-back', 'confirmed'], // E3
  ['charging', 'silence', 'charge-unknown'],
  ['charging', 'grant', 'charged'],
  ['charging', 'reserve', 'reserved'],
  ['charging', 'deny', 'uncharged'],
  ['charging', 'retry', 'confirmed'], // E11: a renewal without balance, by the retry calendar
  ['charge-unknown', 'silence', 'charge-unknown'],
  ['charge-unknown', 'grant', 'charged'],
  ['charge-unknown', 'reserve', 'reserved'],
  ['charge-unknown', 'deny', 'uncharged'],
  ['charge-unknown', 'retry', 'confirmed'],
  ['charge-unknown', 'place', 'placed'], // E7: given on silence, denied later
  ['charge-unknown', 'dispute', 'disputed'], // E4
  ['reserved', 'commit', 'committing'],
  ['reserved', 'release', 'cancelled'], // E14
  ['reserved', 'deny', 'uncharged'], // E10: released, since placing failed
  ['committing', 'place-reserved', 'placed'],
  ['committing', 'refund', 'refunding'], // E14
  ['committing', 'dispute', 'disputed'],
  ['charged', 'place', 'placed'],
  ['charged', 'refund', 'refunding'], // E14
  ['charged', 'deny', 'uncharged'], // E10: not provided, and free
  ['placed', 'refund', 'refunding'],
  ['placed', 'close', 'closed'],
  ['refunding', 'refund-done', 'refunded'],
  ['refunding', 'dispute', 'disputed'],
  ['disputed', 'place', 'placed'],
  ['disputed', 'deny', 'uncharged'],
  ['disputed', 'refund', 'refunding'],
  ['disputed', 'refund-done', 'refunded'], // E5: a late success of the refund that was given up
];

describe('E8: the states of an order', () => {
  it('are moved by these rows and no others', () => {
    expect(rowsOf(ORDER_TABLE)).toEqual(LAW.map(([from, event, to]) => `${from} -${event}-> ${to}`).sort());
  });

  it.each(LAW)('%s -%s-> %s', (from, event, to) => {
    expect(walk(from, event)).toBe(to);
  });

  it('no event leaves an end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ENDS), fc.constantFrom(...EVENTS), (end, event) => {
        expect(walk(end, event)).toBeUndefined();
      }),
    );
  });

  it('every state but an end has a way out, and every one can be reached', () => {
    expect(STATES.filter((state) => Object.keys(ORDER_TABLE[state]).length === 0).sort()).toEqual([...ENDS].sort());
    expect(reachableFrom(ORDER_TABLE, 'received')).toEqual([...STATES].sort());
    for (const state of STATES) {
      const reached = reachableFrom(ORDER_TABLE, state);
      expect(ENDS.some((end) => reached.includes(end))).toBe(true);
    }
  });

  it('any chain of events stays in the table, and rests once it has ended', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
        let at: OrderState = 'received';
        for (const event of events) {
          const next = walk(at, event);
          if (ENDS.includes(at)) expect(next).toBeUndefined();
          at = next ?? at;
        }
        expect(STATES).toContain(at);
      }),
    );
  });

  it('a chain that is refused on the way leads nowhere', () => {
    expect(walk('received', 'permit', 'grant', 'place')).toBe('placed');
    expect(walk('received', 'grant', 'permit')).toBeUndefined();
    expect(walk('received')).toBe('received');
  });

  it('money that may have moved is never simply cancelled, nor charged again', () => {
    for (const state of [
      'charging',
      'charge-unknown',
      'reserved',
      'committing',
      'charged',
      'placed',
      'refunding',
      'disputed',
    ] as const) {
      expect(walk(state, 'cancel')).toBeUndefined();
      expect(walk(state, 'permit')).toBeUndefined();
    }
    // Only the definite denial of a renewal leads back; its next try is another charge.
    const back = Object.entries(ORDER_TABLE['charge-unknown']).filter(([, row]) => row.to === 'confirmed');
    expect(back.map(([event]) => event)).toEqual(['retry']);
    for (const state of ['reserved', 'committing', 'charged', 'placed', 'refunding', 'disputed'] as const)
      expect(reachableFrom(ORDER_TABLE, state)).not.toContain('confirmed');
    const others = Object.entries(ORDER_TABLE['charge-unknown']).filter(([event]) => event !== 'retry');
    const settled = { ...ORDER_TABLE, 'charge-unknown': Object.fromEntries(others) };
    expect(reachableFrom(settled, 'charge-unknown')).not.toContain('charging');
  });
});

describe('an order whose subscriber is told that it takes longer', () => {
  const order = (over: Partial<Order>): Order => ({ state: 'charging', stopRequested: false, ...over }) as Order;
  const closing = { kind: 'release' } as Order['closing'];

  it.each<[boolean, string, Partial<Order>]>([
    [true, 'is being charged', {}],
    [true, 'is for a person to settle', { state: 'disputed' }],
    [false, 'waits for its subscriber', { state: 'challenged' }],
    [false, 'was stopped', { stopRequested: true }],
    [false, 'was given on silence', { state: 'charge-unknown', givenEarly: true }],
    [false, 'lets go of what it held', { state: 'reserved', closing }],
    [false, 'is paid back', { state: 'refunding' }],
  ])('%s: one that %s', (waits, _, over) => {
    expect(stillWaits(order(over))).toBe(waits);
  });
});
