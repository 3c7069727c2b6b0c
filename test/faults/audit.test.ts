import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../simulators/ocs/ledger.ts';
import type { Story } from './audit.ts';
import { isLost, violationsOf } from './audit.ts';
import type { Subscriber } from './crowd.ts';
import type { OrderSeen } from './records.ts';

const who: Subscriber = {
  msisdn: '254700000001',
  play: 'order',
  fault: 'none',
  calm: false,
  sent: [{ text: 'NEWS1', at: 1, acknowledged: true }],
  heard: [{ text: 'NEWS 1 by Planet 1 is ordered: KES 5.00', channel: 'sms', at: 2 }],
  answered: undefined,
  codes: [],
  tries: 0,
};
const order: OrderSeen = {
  id: '01-a',
  msisdn: who.msisdn,
  state: 'placed',
  chargeKind: 'event',
  interaction: 'notice',
  channel: 'sms',
  channelAsked: undefined,
  session: 's;1;1',
  tries: 0,
};
const row = (debited: number, over: Partial<LedgerRow> = {}): LedgerRow =>
  ({ sessionId: order.session, msisdn: who.msisdn, debited, retransmit: false, ...over }) as LedgerRow;

const good: Story = { who, orders: [order], ledger: [row(500)], dead: false };
const hearing = (...texts: readonly string[]): Subscriber => ({
  ...who,
  heard: texts.map((text) => ({ text, channel: 'sms' as const, at: 2 })),
});
const inState = (state: string, over: Partial<OrderSeen> = {}): readonly OrderSeen[] => [{ ...order, state, ...over }];
const challenged = { interaction: 'otp' };

const REFUSED_REFUND: Pick<Story, 'orders' | 'ledger'> = {
  orders: inState('disputed'),
  ledger: [row(100), row(0, { sessionId: 'r', action: 'REFUND_ACCOUNT', result: 5012 })],
};

describe('the audit of one subscriber', () => {
  it.each<[string, Story, readonly string[]]>([
    ['one debit and the notice', good, []],
    ['told twice, paid once, under a fault', { ...good, who: hearing('it is ordered', 'it is ordered') }, []],
    ['refused, not paid', { ...good, who: hearing('not allowed'), orders: inState('refused'), ledger: [] }, []],
    [
      'paid, given back, told',
      {
        ...good,
        who: hearing('paid back'),
        orders: inState('refunded'),
        ledger: [row(500), row(-500, { sessionId: 'r' })],
      },
      [],
    ],
    [
      'never acknowledged, nothing happened',
      {
        who: { ...hearing(), sent: [{ text: 'NEWS1', at: 1, acknowledged: false }] },
        orders: [],
        ledger: [],
        dead: false,
      },
      [],
    ],
    ['a dead letter in place of the text', { ...good, who: hearing(), dead: true }, []],
    ['acknowledged, then silence', { who: hearing(), orders: [], ledger: [], dead: false }, ['P1']],
    [
      'acknowledged twice, heard once',
      { ...good, who: { ...who, sent: [...who.sent, { text: '123456', at: 3, acknowledged: true }] } },
      ['P1'],
    ],
    [
      'a code from another handset, answered there',
      {
        ...good,
        who: {
          ...hearing('reply with the code'),
          play: 'other handset',
          sent: [...who.sent, { text: '123456', at: 3, acknowledged: true }],
        },
        orders: inState('challenged', challenged),
        ledger: [],
      },
      [],
    ],
    [
      'a word from another handset, answered nowhere',
      {
        ...good,
        who: {
          ...hearing('reply with the code'),
          play: 'other handset',
          sent: [...who.sent, { text: 'STOP', at: 3, acknowledged: true }],
        },
        orders: inState('challenged', challenged),
        ledger: [],
      },
      ['P1'],
    ],
    [
      'the right answer, and still challenged',
      {
        ...good,
        who: { ...hearing('reply with the code'), answered: 'right' },
        orders: inState('challenged', challenged),
        ledger: [],
      },
      ['P1'],
    ],
    [
      'only told to wait',
      { ...good, who: hearing('takes longer than usual'), orders: inState('refused'), ledger: [] },
      ['P1'],
    ],
    [
      'an order without an end',
      { ...good, who: hearing('sorry'), orders: inState('charge-unknown'), ledger: [] },
      ['P1'],
    ],
    [
      'a refund that the OCS refused: a person decides, and the subscriber was told to wait',
      {
        ...good,
        who: hearing('takes longer than usual'),
        ...REFUSED_REFUND,
      },
      [],
    ],
    [
      'the same, and nothing was said',
      {
        ...good,
        who: hearing(),
        ...REFUSED_REFUND,
      },
      ['P1'],
    ],
    [
      'disputed for nothing',
      { ...good, who: hearing('takes longer than usual'), orders: inState('disputed') },
      ['P1', 'P1', 'P3'],
    ],
    ['two debits under one Session-Id', { ...good, ledger: [row(500), row(500)] }, ['P2']],
    ['debits under two Session-Ids', { ...good, ledger: [row(500), row(500, { sessionId: 'other' })] }, ['P2']],
    ['two orders of one MO', { ...good, orders: [order, { ...order, id: '01-b' }] }, ['P2']],
    ['placed for nothing', { ...good, ledger: [] }, ['P3']],
    ['placed for nothing, as the OCS said (4011)', { ...good, ledger: [row(0, { result: 4011 })] }, []],
    ['paid and refused', { ...good, who: hearing('not allowed'), orders: inState('refused') }, ['P3']],
    ['told that it is ordered, and it is not', { ...good, orders: inState('uncharged'), ledger: [] }, ['P3']],
    ['placed without the code', { ...good, orders: inState('placed', challenged) }, ['P4']],
    [
      'placed by a wrong code',
      { ...good, who: { ...who, answered: 'wrong' }, orders: inState('placed', challenged) },
      ['P4'],
    ],
    [
      'placed by the right code',
      { ...good, who: { ...who, answered: 'right' }, orders: inState('placed', challenged) },
      [],
    ],
    [
      'four tries',
      {
        ...good,
        who: { ...hearing('no'), answered: 'wrong' },
        orders: inState('declined', { ...challenged, tries: 4 }),
        ledger: [],
      },
      ['P4'],
    ],
    ['flash asked for, SMS named and sent', { ...good, who: { ...who, play: 'flash' } }, ['P6']],
    ['flash named, SMS sent', { ...good, orders: inState('placed', { channel: 'flash' }) }, ['P6']],
    [
      'resent although nothing was wrong',
      { ...good, who: { ...who, calm: true }, ledger: [row(500), row(0, { retransmit: true })] },
      ['E5'],
    ],
    [
      'said twice although nothing was wrong',
      { ...good, who: { ...hearing('it is ordered', 'it is ordered'), calm: true } },
      ['E5'],
    ],
  ])('%s', (_what, story, promises) => {
    expect(violationsOf(story).map(({ promise }) => promise)).toEqual(promises);
  });
});

describe('what power loss under everysec may take', () => {
  it.each<[string, Story]>([
    ['an order that was placed', { ...good, orders: [] }],
    ['all that was said of it', { ...good, who: hearing(), orders: [], ledger: [] }],
    [
      'the answer to a challenge',
      { ...good, who: { ...who, answered: 'right' }, orders: inState('challenged', challenged) },
    ],
    ['an order that was then opened anew', { ...good, ledger: [row(500), row(500, { sessionId: 't' })] }],
  ])('is %s', (_what, story) => {
    expect(violationsOf(story)).not.toEqual([]);
    expect(violationsOf(story).filter((one) => !isLost(one))).toEqual([]);
  });

  it.each<[string, Story, string]>([
    ['an end', { ...good, orders: inState('charging') }, 'order 01-a is charging at the end'],
    ['a debit that was made', { ...good, ledger: [row(500), row(500)] }, '2 debits under one Session-Id'],
  ])('is not %s of what Redis still has', (_what, story, what) => {
    expect(violationsOf(story).filter((one) => !isLost(one))).toMatchObject([{ what }]);
  });
});
