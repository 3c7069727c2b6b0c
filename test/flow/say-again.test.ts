import { describe, expect, it } from 'vitest';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import { HOUR, MINUTE, World } from './world.ts';

describe('a text that its receipt calls undelivered', () => {
  it.each(['undeliverable', 'expired', 'deleted', 'rejected', 'skipped'] as const)(
    '(%s) is said again after a wait, about the same order, charged once',
    async (state) => {
      const w = new World();
      await w.mo('NEWS');
      await w.receipt(1, state);
      expect(w.heard()).toEqual(['ordered']);
      await w.work();
      expect(w.heard()).toEqual(['ordered', 'ordered']);
      expect(w.smsc.heard[1]?.text).toBe(w.smsc.heard[0]?.text);
      expect(w.states()).toEqual(['placed']);
      expect(w.ocs.received).toHaveLength(1);
    },
  );

  it('rests when its receipt does not say how it ended (SMPP 3.4 Appendix B), and takes the next one', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.receipt(1, 'unknown');
    await w.pass(HOUR);
    expect([w.heard(), w.noted('mt.undelivered')]).toEqual([['ordered'], []]);
    await w.receipt(1, 'undeliverable');
    await w.work();
    expect(w.heard()).toEqual(['ordered', 'ordered']);
  });

  it('rests when an intermediate state is reported, and when it was delivered', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.receipt(1, 'enroute');
    await w.receipt(1, 'accepted');
    await w.receipt(1, 'delivered');
    await w.pass(HOUR);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('is said again once however often its receipt comes', async () => {
    const w = new World();
    await w.mo('NEWS');
    await Promise.all(Array.from({ length: 10 }, () => w.receipt(1, 'undeliverable')));
    await w.pass(HOUR);
    expect(w.heard()).toEqual(['ordered', 'ordered']);
  });

  it('is given up after say.again more times, and each has an id of its own', async () => {
    const w = new World();
    await w.mo('NEWS');
    for (const count of [1, 2, 3, 4]) {
      await w.receipt(count, 'undeliverable');
      await w.pass(HOUR);
    }
    expect(w.heard()).toEqual(['ordered', 'ordered', 'ordered']);
    const [first, ...later] = w.smsc.heard.map(({ id }) => id);
    expect(later).toEqual([`${first}-again1`, `${first}-again2`]);
    expect(w.noted('mt.undelivered')).toHaveLength(3);
  });

  it('rests where its order is kept no longer', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.memory.orders.clear();
    await w.receipt(1, 'undeliverable');
    await w.pass(HOUR);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('carries the same code when it is a challenge (E15)', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.receipt(1, 'undeliverable');
    await w.work();
    const [first, second] = w.smsc.heard.map(({ text }) => /code=(\d+)/.exec(text)?.[1]);
    expect(second).toBe(first);
    await w.mo(first!);
    expect(w.states()).toEqual(['placed']);
  });

  it('is not said again when nobody waits for its answer any more (E14)', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.receipt(1, 'undeliverable');
    await w.mo('STOP NEWS');
    await w.pass(MINUTE);
    expect(w.heard()).toEqual(['code', 'stopped']);
  });

  it('is not said again that its order waits once that is over', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    w.ocs.open = true;
    await w.work();
    await w.receipt(1, 'undeliverable');
    await w.pass(HOUR);
    expect(w.heard()).toEqual(['waiting', 'ordered']);
  });

  it('is not said again when it is too late for it', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    w.clock.advance(5 * MINUTE);
    await w.receipt(1, 'expired');
    expect(w.jobs).toEqual([]);
  });

  it('is left alone when it only answered a question', async () => {
    const w = new World();
    await w.mo('HELP');
    await w.receipt(1, 'undeliverable');
    expect(w.jobs).toEqual([]);
  });

  it('goes over the channel that stands in for its own, at once', async () => {
    const w = new World();
    w.settings = { ...w.settings, fallback: { ...w.settings.fallback, sms: ['flash'] } };
    await w.mo('NEWS');
    await w.receipt(1, 'undeliverable');
    await w.pass(0);
    expect(w.smsc.heard.map(({ channel }) => channel)).toEqual(['sms', 'flash']);
    const because = 'the sms did not arrive: undeliverable';
    expect(w.order().fallbacks).toMatchObject([{ text: 'ordered', from: 'sms', to: 'flash', because }]);
  });

  it('whose receipt the store cannot take is not acknowledged, and comes again', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.memory.away = true;
    await expect(w.receipt(1, 'undeliverable')).rejects.toThrow('away');
    w.memory.away = false;
    await w.receipt(1, 'undeliverable');
    await w.work();
    expect(w.heard()).toEqual(['ordered', 'ordered']);
  });

  it('of a receipt without a readable number is noted only', async () => {
    const w = new World();
    await w.mo('NEWS');
    const receipt = {
      smsc: 'smsc-1',
      messageId: '1',
      msisdn: undefined,
      state: 'undeliverable',
      error: undefined,
    } as const;
    await receiveReceipt(w.ports, receipt);
    expect(w.noted('receipt.unreadable')).toHaveLength(1);
    expect(w.jobs).toEqual([]);
  });
});
