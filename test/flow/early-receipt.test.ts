import { describe, expect, it } from 'vitest';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, kes, RedisWorld } from '../subscriptions/world.ts';

const bench = useBench(useServer());

/** A text whose receipt calls it undelivered before its submit_sm_resp came. */
async function world(): Promise<RedisWorld> {
  const w = await RedisWorld.over(bench.handle, '2026-03-01T09:00:00Z');
  w.sell('news', { period: 'week', price: kes(1200) });
  const { speaker } = w.ports;
  let isFirst = true;
  const submit: typeof speaker.submit = async (mt) => {
    const outcome = await speaker.submit(mt);
    const [messageId = ''] = outcome.kind === 'accepted' ? outcome.messageIds : [];
    const receipt = { smsc: 'smsc-1', messageId, msisdn: AMINA, state: 'undeliverable', error: undefined } as const;
    if (isFirst) await receiveReceipt(w.ports, receipt);
    isFirst = false;
    return outcome;
  };
  w.ports = { ...w.ports, speaker: { submit } };
  return w;
}

const ordered = (w: RedisWorld): number => w.smsc.heard.filter(({ text }) => text.includes('is ordered')).length;

describe('a text that was undelivered before it was known to be accepted', () => {
  it('is said again, and looked at no more', async () => {
    const w = await world();
    await w.mo('NEWS', { from: AMINA });
    await w.until('2026-03-01T12:00:00Z');
    expect([ordered(w), w.noted('mt.undelivered').length]).toEqual([2, 1]);
  });

  it('is said again by the sweep where the process was killed in between, once', async () => {
    const w = await world();
    const { ports } = w;
    const accepted: typeof ports.mts.accepted = (...said) =>
      ports.mts.accepted(...said).then(() => Promise.reject(new Error('killed')));
    w.ports = { ...ports, mts: { ...ports.mts, accepted } };
    await expect(w.mo('NEWS', { from: AMINA })).rejects.toThrow('killed');
    w.ports = ports;
    await w.until('2026-03-01T12:00:00Z');
    expect([ordered(w), w.noted('mt.undelivered').length]).toEqual([2, 1]);
  });

  it('goes over the channel in its place then, and what is owed there is not forgotten', async () => {
    const w = await world();
    w.settings = { ...w.settings, channels: ['sms', 'flash'], fallback: { ...w.settings.fallback, flash: ['sms'] } };
    await w.mo('NEWS FLASH', { from: AMINA });
    await w.until('2026-03-01T12:00:00Z');
    expect(w.smsc.heard.map(({ channel }) => channel)).toEqual(['flash', 'sms']);
  });
});
