import { describe, expect, it } from 'vitest';
import type { Order, OrderState } from '../../src/domain/order.ts';
import type { OutboxEntry } from '../../src/flow/ports/outbox.ts';
import { createProvisionConsumer } from '../../src/outbox/provision.ts';
import { DENIED, frozen, GRANTED, PARTIAL } from '../redis/fixtures.ts';

const ENTRY: OutboxEntry = {
  partition: 1, id: '7-0', type: 'order', subject: '01-a', state: 'placed', from: 'charging', cause: 'record',
  serviceId: 'news', providerId: 'acme', since: 0, at: 7,
}; // prettier-ignore

async function queued(
  entry: Partial<OutboxEntry>,
  order: Partial<Order['frozen']>,
  stored: Partial<Order> = {},
): Promise<readonly string[]> {
  const jobs: string[] = [];
  const load = (id: string) => Promise.resolve({ ...stored, frozen: frozen({ id, ...order }) } as Order);
  const queue = (id: string) => Promise.resolve(void jobs.push(id));
  const consumer = createProvisionConsumer({ load, queue, placed: () => Promise.resolve() });
  await consumer.handle([{ ...ENTRY, ...entry }], false);
  return jobs;
}

describe('what a provider is told afterwards', () => {
  it('is each order that was placed after-notice, and each period', async () => {
    expect(await queued({}, { provision: 'after-notice' })).toEqual(['01-a--placed--7']);
    expect(await queued({ subject: '01-a-r2' }, { provision: 'after-notice', renewal: 2 })).toEqual([
      '01-a-r2--renewed--7',
    ]);
    expect(await queued({}, { provision: 'before-notice' })).toEqual([]);
    expect(await queued({}, {})).toEqual([]);
    expect(await queued({ from: 'disputed' }, { provision: 'before-notice' })).toEqual(['01-a--placed--7']);
    expect(await queued({ state: 'refunded', from: 'refunding' }, { provision: 'after-notice' })).toEqual([]);
    expect(await queued({ from: 'placed' }, { provision: 'after-notice' })).toEqual([]);
  });

  it('is the end of what it provided before the notice, where the order comes to nothing after all', async () => {
    const undone = (from: OrderState, state: OrderState, order: Partial<Order['frozen']> = {}) =>
      queued({ from, state }, { provision: 'before-notice', ...order });
    expect(await undone('charged', 'refunding')).toEqual(['01-a--ended--7']);
    expect(await undone('reserved', 'cancelled')).toEqual(['01-a--ended--7']);
    expect(await undone('committing', 'uncharged')).toEqual(['01-a--ended--7']);
    expect(await undone('charged', 'refunding', { provision: 'after-notice' })).toEqual([]);
    expect(await undone('charging', 'uncharged')).toEqual([]);
    // The subscription goes on, or its own end is told.
    expect(await undone('charged', 'refunding', { renewal: 2 })).toEqual([]);
  });

  it.each<[string, Partial<Order>, OrderState, boolean]>([
    ['charged or reserved before its dispute, then refunded', { verdict: GRANTED }, 'refunding', true],
    ['charged or reserved before its dispute, then not charged', { verdict: GRANTED }, 'uncharged', true],
    ['never answered by the OCS, so never put to the provider', {}, 'uncharged', false],
    ['never answered by the OCS, then paid back', {}, 'refunding', false],
    ['denied late', { verdict: DENIED }, 'uncharged', false],
    ['debited in part: given back before anybody was asked', { verdict: PARTIAL }, 'refunding', false],
    ['placed once: its end is told with its subscription', { verdict: GRANTED, refundAsked: true }, 'refunding', false],
  ])('out of a dispute it is the end of what the provider may have been asked for: %s', async (...row) => {
    const [, stored, state, told] = row;
    const undone = queued({ from: 'disputed', state }, { provision: 'before-notice' }, stored);
    expect(await undone).toEqual(told ? ['01-a--ended--7'] : []);
    expect(await queued({ from: 'disputed', state }, { provision: 'after-notice' }, stored)).toEqual([]);
  });

  it('is every end, by the order that was placed last', async () => {
    const ended = { type: 'subscription', state: 'ended', from: 'active', last: '01-a-r9' } as const;
    expect(await queued(ended, { provision: 'before-notice' })).toEqual(['01-a-r9--ended--7']);
    expect(await queued(ended, {})).toEqual([]);
  });

  it('is no matter of the provider alone: each order that was placed is handed on, ends are not', async () => {
    const seen: string[] = [];
    const load = (id: string) => Promise.resolve({ frozen: frozen({ id }) } as Order);
    const placed = ({ frozen: { id } }: Order) => Promise.resolve(void seen.push(id));
    const consumer = createProvisionConsumer({ load, queue: () => Promise.resolve(), placed });
    const ended = { ...ENTRY, type: 'subscription', subject: '01-b', state: 'ended', last: '01-b' } as const;
    await consumer.handle([ENTRY, { ...ENTRY, state: 'uncharged' }, ended], false);
    expect(seen).toEqual(['01-a']);
  });

  it('comes again when the queue could not take it', async () => {
    const load = () => Promise.resolve({ frozen: frozen({ provision: 'after-notice' }) } as Order);
    const consumer = createProvisionConsumer({
      load,
      queue: () => Promise.reject(new Error('Redis is away')),
      placed: () => Promise.resolve(),
    });
    await expect(consumer.handle([ENTRY], false)).rejects.toThrow('Redis is away');
  });
});
