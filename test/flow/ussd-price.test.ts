import { describe, expect, it } from 'vitest';
import { UssdWorld } from './ussd-world.ts';
import { MINUTE } from './world.ts';

/** A reload. */
function reprice(w: UssdWorld, id: string, minor: number): void {
  const service = w.catalogue.services.get(id)!;
  const services = new Map(w.catalogue.services).set(id, { ...service, price: { ...service.price, minor } });
  w.catalogue = { ...w.catalogue, services };
}

describe('E9: the price on the screen of a menu is the price charged', () => {
  it.each(['1', 'NEWS'])(
    '"%s" after a reload that makes it dearer sees the new one, and is asked again',
    async (typed) => {
      const w = new UssdWorld();
      await w.dial();
      await w.type('1', '1');
      expect(w.screens().at(-1)).toBe('2 Daily News KES 5.00');
      reprice(w, 'news', 5000);
      await w.type(typed);
      expect([w.ocs.paid, w.screens().at(-1)]).toEqual([0, '2 Daily News KES 50.00']);
      await w.type(typed);
      expect([w.ocs.paid, w.screens().at(-1)]).toEqual([5000, '17 ordered']);
    },
  );

  it('after a reload between the key and its order it is asked by a challenge, which tells the new one', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    w.onNote = (event) => event === 'ussd.turn' && reprice(w, 'news', 5000);
    await w.type('1');
    expect([w.ocs.paid, w.states(), w.screens().at(-1)]).toEqual([0, ['challenged'], '2 confirm']);
    expect(w.here.gateway.said.at(-1)?.text).toContain('price=KES 50.00');
  });

  it('of another service a reload may change what it likes', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    reprice(w, 'game', 5000);
    await w.type('1');
    expect([w.ocs.paid, w.screens().at(-1)]).toEqual([500, '17 ordered']);
  });

  it('a hint above the screen is no other price', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1', '7', '1');
    expect(w.screens().slice(-2)).toEqual(['2 wrong', '17 ordered']);
  });

  it('a STOP is done on whatever screen', async () => {
    const w = new UssdWorld();
    await w.mo('NEWS');
    await w.dial();
    await w.type('1', '1');
    reprice(w, 'news', 5000);
    await w.type('NEWS STOP');
    expect(w.screens().at(-1)).toBe('17 stopped');
  });

  it('a screen of the build before, which did not keep what it said, is taken at its key', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const { screen, page, chosen, trail } = w.dialogue().place;
    w.dialogues.byMsisdn.set(w.dialogue().msisdn, { ...w.dialogue(), place: { screen, page, chosen, trail } });
    await w.type('1');
    expect(w.screens().at(-1)).toBe('17 ordered');
  });
});

describe('E9: a YES or NO on the screen of a challenge is for that order', () => {
  /** The screen says KES 5.00; an SMS that was long on its way has asked for the same since, at KES 50.00. */
  async function superseded(): Promise<UssdWorld> {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    expect(w.here.gateway.said.at(-1)?.text).toContain('price=KES 5.00');
    reprice(w, 'news', 5000);
    await w.mo('NEWS');
    expect(w.lastText()).toContain('KES 50.00');
    return w;
  }

  it.each(['1', 'YES', 'YES NEWS'])('"%s" agrees to no other one at another price', async (typed) => {
    const w = await superseded();
    await w.type(typed);
    expect(w.screens().at(-1)).toBe('2 wrong-answer');
    expect([w.states(), w.ocs.paid]).toEqual([['cancelled', 'challenged'], 0]);
    await w.mo('YES');
    expect([w.states(), w.ocs.paid]).toEqual([['cancelled', 'placed'], 5000]);
  });

  it('a NO takes back the one that has taken its place: nothing is charged by that', async () => {
    const w = await superseded();
    await w.type('2');
    expect([w.screens().at(-1), w.states()]).toEqual(['17 refused-by-you', ['cancelled', 'cancelled']]);
  });

  it('a NO takes back that one alone, whatever a reload made of its keyword', async () => {
    const w = new UssdWorld({ acme: 50, fun: 50 });
    await w.mo('GAME');
    await w.orderService(1);
    const keywords = [...w.catalogue.keywords].filter(([, id]) => id !== 'news');
    w.catalogue = { ...w.catalogue, keywords: new Map([...keywords, ['5000 daily', 'news']]) };
    await w.type('2');
    expect(w.states()).toEqual(['challenged', 'cancelled']);
  });

  it('one that has run out meanwhile hears so, though the same service waits anew', async () => {
    const w = await superseded();
    const [first] = w.orders();
    w.memory.find(first!.frozen.id).order = { ...first!, state: 'expired' };
    await w.type('1');
    expect([w.screens().at(-1), w.ocs.paid]).toEqual(['17 expired', 0]);
  });

  it('YES with another keyword still is for that one', async () => {
    const w = new UssdWorld({ acme: 50, fun: 50 });
    await w.mo('GAME');
    w.clock.advance(MINUTE);
    await w.orderService(1);
    await w.type('YES GAME');
    expect(w.states()).toEqual(['placed', 'challenged']);
  });
});
