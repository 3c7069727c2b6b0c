import { expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import { answer, isSilent } from '../flow/fakes/ocs.ts';
import { HOUR } from '../flow/world.ts';
import { useBench, useServer } from '../redis/support.ts';
import type { RedisWorld } from './world.ts';
import { AMINA, newsWorld } from './world.ts';

const bench = useBench(useServer());

/** The renewal of the 8th, to which the OCS says nothing for longer than it remembers. */
async function disputed(): Promise<RedisWorld> {
  const w = await newsWorld(bench.handle);
  w.settings = { ...w.settings, settle: { ...w.settings.settle, first: HOUR, cap: HOUR } };
  w.ocs.plays(...Array.from({ length: 30 }, () => isSilent('lost')));
  await w.until('2026-03-09T12:00:00Z');
  expect((await renewal(w))?.state).toBe('disputed');
  return w;
}

async function renewal(w: RedisWorld) {
  const { last = '', renewing = last } = (await w.subscription(AMINA)) ?? {};
  return w.stores.orders.load(renewing);
}

it.each(['', 'STOP NEWS'])(
  'a disputed renewal is settled by a late word that there was no money, and is not tried again (%j before it)',
  async (word) => {
    const w = await disputed();
    const order = await renewal(w);
    if (word !== '') await w.says(word, AMINA);
    const { id } = order!.frozen;
    const { sessionId } = order!.charge!;
    await recordLate(w.ports, { orderId: id, sessionId, action: 'debit', answer: answer(4012) });
    expect(await w.stores.orders.load(id)).toMatchObject({ state: 'uncharged', verdict: { resultCode: 4012 } });
    expect(w.smsc.heard.at(-1)?.owed?.kind).toBe('not-renewed');
    expect(w.noted('charge.repeat')).toEqual([]);
    await w.until('2026-03-15T08:59:00Z');
    expect(w.ocs.paid).toBe(1200);
    await w.until('2026-03-16T09:00:00Z');
    expect(w.ocs.paid).toBe(word === '' ? 2400 : 1200);
  },
);
