import { describe, expect, it } from 'vitest';
import { isSilent } from './fakes/ocs.ts';
import { ALICE, BOB, MINUTE, SECOND, World } from './world.ts';

/** No id of the SMSC's own: the words themselves are the key. */
const UNNAMED = { smscId: undefined } as const;

/** Each text a second after the one before. */
async function textsSoon(w: World, text: string): Promise<void> {
  w.clock.advance(SECOND);
  await w.mo(text, UNNAMED);
}

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

  it('two STOPs within the window are two where the second one stops something, and each is answered', async () => {
    const w = new World();
    const texts = ['STOP', 'NEWS', 'STOP', 'HEADLINES', 'STOP', 'JOKE', 'STOP'];
    for (const text of texts) await textsSoon(w, text);
    expect(w.heard()).toEqual([
      ...['stop-nothing', 'ordered', 'stopped', 'ordered', 'stopped', 'ordered', 'stop-nothing'],
    ]);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
  });

  it('a STOP that is delivered again is answered once, whatever it stopped', async () => {
    for (const score of [90, 50]) {
      const w = new World({ acme: score });
      for (const text of ['NEWS', 'STOP', 'STOP', 'STOP']) await textsSoon(w, text);
      expect(w.heard().slice(1)).toEqual(['stopped']);
    }
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    for (const text of ['NEWS', 'STOP', 'STOP']) await textsSoon(w, text);
    expect(w.heard()).toEqual(['waiting', 'stop-requested']);
  });

  it('one with an id of the SMSC that comes again is the same one, though there is something to stop since', async () => {
    const w = new World();
    const stop = w.write('STOP');
    await w.deliver(stop);
    await textsSoon(w, 'NEWS');
    await w.deliver(stop);
    expect(w.heard()).toEqual(['stop-nothing', 'ordered']);
  });

  it.each([
    ['YES after one that had nothing to answer', ['YES', 'NEWS', 'YES'], ['wrong-answer', 'confirm', 'confirm-with']],
    [
      'YES after one that ordered something else',
      ['NEWS', 'YES', 'GAME', 'YES'],
      ['confirm', 'ordered', 'confirm', 'confirm-with'],
    ],
    ['YES to two questions', ['YES', 'NEWS', 'GAME', 'YES'], ['wrong-answer', 'confirm', 'confirm', 'which']],
    ['NO', ['NO', 'NEWS', 'NO'], ['wrong-answer', 'confirm', 'refused-by-you']],
  ])(
    'a %s charges nothing, it may be the first one again, but is answered where its question is younger',
    async (...row) => {
      const [, texts, heard] = row;
      const w = new World({ acme: 50, fun: 50 });
      for (const text of texts) await textsSoon(w, text);
      expect(w.heard()).toEqual(heard);
      await textsSoon(w, texts.at(-1) ?? '');
      expect(w.heard()).toEqual(heard);
    },
  );

  it('a wrong code that comes again burns no try of a younger question', async () => {
    const w = new World({ acme: 10, fun: 10 });
    await textsSoon(w, 'NEWS');
    await textsSoon(w, '111111');
    await textsSoon(w, 'GAME');
    await textsSoon(w, '111111');
    expect(w.order().tries).toBe(0);
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
