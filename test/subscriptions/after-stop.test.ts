import { expect, it } from 'vitest';
import type { NoticeKind } from '../../src/domain/notice.ts';
import { useBench, useServer } from '../redis/support.ts';
import type { RedisWorld } from './world.ts';
import { AMINA, kes, newsWorld } from './world.ts';

const bench = useBench(useServer());

/** What brings a text of this kind about, up to when it was said first. */
const SCENES: readonly (readonly [NoticeKind, (w: RedisWorld) => void, string])[] = [
  ['reminder', () => undefined, '2026-03-07T09:00:30Z'],
  ['price-changed', (w) => w.sell('news', { period: 'week', price: kes(5000) }), '2026-03-07T09:00:30Z'],
  ['renewal-low', (w) => void w.balances.set(AMINA, 0), '2026-03-08T09:00:30Z'],
  ['renewal-paused', (w) => void w.balances.set(AMINA, 0), '2026-03-09T09:00:30Z'],
  [
    'cap-reached',
    (w) => void (w.policy = { ...w.policy, spend: [{ currency: 'KES', perMonth: 1000 }] }),
    '2026-03-08T09:00:30Z',
  ],
  [
    'spend-prompt',
    (w) => void (w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 1000 }] }),
    '2026-03-08T09:00:30Z',
  ],
];

const said = (w: RedisWorld, kind: NoticeKind) => w.smsc.heard.filter(({ owed }) => owed?.kind === kind).length;

/** Of which the network says that it did not arrive: it will be said again within seconds. */
async function lost(kind: NoticeKind, begins: (w: RedisWorld) => void, at: string): Promise<RedisWorld> {
  const w = await newsWorld(bench.handle);
  begins(w);
  await w.until(at);
  expect(said(w, kind)).toBe(1);
  await w.receipt(w.smsc.heard.findLastIndex(({ owed }) => owed?.kind === kind) + 1, 'expired', AMINA);
  return w;
}

it.each(SCENES)('a %s that did not arrive is not said again after a STOP', async (kind, begins, at) => {
  const w = await lost(kind, begins, at);
  await w.says('STOP NEWS', AMINA);
  await w.pass(60_000);
  expect([said(w, kind), w.smsc.heard.at(-1)?.owed?.kind]).toEqual([1, 'stopped']);
  expect(w.noted('mt.outdated')).toMatchObject([{ kind, reason: 'the subscription has ended' }]);
});

it.each(SCENES)('a %s that did not arrive is said again while there is no STOP', async (kind, begins, at) => {
  const w = await lost(kind, begins, at);
  await w.pass(60_000);
  expect(said(w, kind)).toBe(2);
});

it('a reminder is not said to who stopped, and ordered the service again', async () => {
  const w = await lost('reminder', () => undefined, '2026-03-07T09:00:30Z');
  await w.says('STOP NEWS', AMINA);
  await w.says('NEWS', AMINA);
  await w.pass(60_000);
  expect(said(w, 'reminder')).toBe(1);
});
