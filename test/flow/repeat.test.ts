import { describe, expect, it } from 'vitest';
import { ALICE, BOB, MINUTE, SECOND, World } from './world.ts';

/** No id of the SMSC's own: the words themselves are the key. */
const UNNAMED = { smscId: undefined } as const;

describe('E12: a redelivered MO', () => {
  it('opens no second order and says nothing again', async () => {
    const w = new World();
    await w.mo('GAME');
    expect(await w.again()).toBe('stored');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.ocs.paid).toBe(500);
    expect(w.noted('mo.repeat')).toHaveLength(1);
  });

  it('a redelivered YES hears the first answer, not that nothing waits', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('YES');
    await w.again();
    expect(w.heard()).toEqual(['confirm', 'ordered']);
    expect(w.ocs.paid).toBe(500);
  });

  it('a redelivered right code is no wrong one', async () => {
    const w = new World({ acme: 10, fun: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await w.mo('GAME');
    await w.mo(code);
    await w.again();
    expect(w.states()).toEqual(['placed', 'challenged']);
    expect(w.order().tries).toBe(0);
  });

  it.each(['NO', 'CHANNEL FLASH', 'LIST', 'STATUS', 'COMPLAIN', 'HELP', 'NOSUCHWORD', 'STOP'])(
    '%s is answered once, and counts once',
    async (text) => {
      const w = new World();
      await w.mo(text);
      await w.again();
      expect(w.heard()).toHaveLength(1);
      expect((w.memory.answers.get(ALICE) ?? []).length).toBeLessThanOrEqual(1);
    },
  );

  it('a redelivered keyword does not supersede the challenge that it opened', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.again();
    expect(w.states()).toEqual(['challenged']);
  });
});

describe('E13: what makes two MOs one', () => {
  it('the same words of the same sender within the window, answered once', async () => {
    const w = new World();
    await w.mo('GAME', UNNAMED);
    w.clock.advance(MINUTE - 1);
    await w.mo('GAME', UNNAMED);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('the limit of this: two that were meant within the window are one, two outside it are two', async () => {
    const w = new World();
    await w.mo('GAME', UNNAMED);
    w.clock.advance(MINUTE);
    await w.mo('GAME', UNNAMED);
    expect(w.states()).toEqual(['placed', 'placed']);
    expect(w.heard()).toEqual(['ordered', 'ordered']);
  });

  it('two with different ids of the SMSC are two, at once', async () => {
    const w = new World();
    await w.mo('GAME', { smscId: 'a1' });
    await w.mo('GAME', { smscId: 'a2' });
    expect(w.states()).toEqual(['placed', 'placed']);
  });

  it('one id is remembered longer than the window', async () => {
    const w = new World();
    await w.mo('GAME', { smscId: 'a1' });
    w.clock.advance(10 * MINUTE);
    await w.mo('GAME', { smscId: 'a1' });
    expect(w.states()).toEqual(['placed']);
  });

  it.each([
    ['another sender', { from: BOB }],
    ['another short code', { destination: { ton: 0, npi: 0, digits: '6000' } }],
    ['other bytes', { bytes: '00' }],
    ['another concatenation reference', { concatRef: 7 }],
  ])('%s makes it another MO', async (_, more) => {
    const w = new World();
    await w.mo('JOKE', UNNAMED);
    await w.mo('JOKE', { ...UNNAMED, ...more });
    expect(w.memory.orders.size).toBe(2);
  });

  it.each([
    ['another link', { link: 'link-2' }],
    ['another SMSC node', { smsc: 'smsc-2' }],
    ['another time', { receivedAt: 1 }],
    ['another way to write the sender', { source: { ton: 2, npi: 1, digits: '0712345678' } }],
  ])('%s does not', async (_, more) => {
    const w = new World();
    await w.mo('GAME', UNNAMED);
    await w.mo('GAME', { ...UNNAMED, ...more });
    expect(w.memory.orders.size).toBe(1);
  });

  it('the key is an HMAC: it tells neither number nor words', async () => {
    const w = new World();
    const keys: string[] = [];
    const { orders } = w.ports;
    w.ports = {
      ...w.ports,
      orders: {
        ...orders,
        open: (step, otherwise) => {
          keys.push(step.dedupe.key);
          return orders.open(step, otherwise);
        },
      },
    };
    await w.mo('NEWS', UNNAMED);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('equal questions outside the window get an answer each, each with an id of its own', async () => {
    const w = new World();
    for (let i = 0; i < 3; i++) {
      await w.mo('HELP', UNNAMED);
      w.clock.advance(MINUTE + SECOND);
    }
    expect(w.heard()).toEqual(['help', 'help', 'help']);
    expect(new Set(w.smsc.heard.map(({ id }) => id)).size).toBe(3);
  });
});
