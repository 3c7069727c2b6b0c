import { describe, expect, it } from 'vitest';
import type { Orders, ProvideStep, RecordStep } from '../../src/flow/ports/ports.ts';
import { ALICE, HOUR, SECOND, World } from './world.ts';
import { closesFirst, isSilent, meanwhile, says } from './fakes/ocs.ts';

describe('E14: STOP', () => {
  it('challenged: cancels', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['confirm', 'stopped']);
    await w.mo('YES');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.ocs.received).toEqual([]);
  });

  it.each([
    ['YES NEWS STOP', 50],
    ['OK, stop', 50],
    ['NO, please stop', 50],
    ['<code> STOP', 10],
    ['code <code> cancel', 10],
  ])('challenged, "%s": a STOP beside an answer is a STOP, and charges nothing', async (text, credit) => {
    const w = new World({ acme: credit });
    await w.mo('NEWS');
    await w.mo(text.replace('<code>', credit === 10 ? w.code() : ''));
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard().at(-1)).toBe('stopped');
    expect(w.ocs.received).toEqual([]);
  });

  it.each([
    ['confirmed, for no peer was open', (w: World) => void (w.ocs.open = false)],
    [
      'charging, of which no octet left',
      (w: World) =>
        w.ocs.plays(
          meanwhile(
            () => w.mo('STOP'),
            () => ({ kind: 'not-sent', reason: 'no open peer' }),
          ),
        ),
    ],
  ])('is noted as the end of an order that it cancels (%s), once', async (_state, begins) => {
    const w = new World();
    begins(w);
    await w.mo('GAME');
    await w.mo('STOP');
    await w.pass(HOUR);
    expect(w.states()).toEqual(['cancelled']);
    expect(w.noted('order.ended')).toEqual([{ order: w.order().frozen.id, state: 'cancelled' }]);
  });

  it.each(['STOP', 'STOP ALL', 'NO'])('%s is noted as the end of what waited for an answer, once', async (word) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(word);
    await w.again();
    expect(w.noted('order.ended')).toEqual([{ order: w.order().frozen.id, state: 'cancelled' }]);
  });

  it('confirmed, the OCS being away: cancels, and promises no refund of what was never charged', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['waiting', 'stopped']);
    w.ocs.open = true;
    await w.work();
    expect(w.ocs.received).toEqual([]);
  });

  it('charging: marks it; a grant is refunded, never placed', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP')));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'refund']);
    expect(w.ocs.paid).toBe(0);
  });

  it('charging, then denied: uncharged, and told', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), says(4012)));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['stop-requested', 'no-balance']);
  });

  it('charging, then free of charge (4011): nothing is placed and nothing is paid back', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), says(4011)));
    await w.mo('NEWS');
    await w.pass(0);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
    expect(w.ocs.received).toHaveLength(1);
  });

  it.each([
    ['no byte had left', closesFirst()],
    ['it was not processed', says(3004)],
  ])('charging, then %s: cancelled, its outcome told, and no word of waiting', async (_, act) => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), act));
    await w.mo('NEWS');
    await w.pass(0);
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
    expect(w.jobs).toEqual([]);
  });

  it.each([
    ['the answer that it was free', 'record', says(4011)],
    ['nothing that left', 'stepBack', closesFirst()],
    ['a provider who was asked first', 'provided', says(4011)],
  ] as const)('charging, then %s, and the process is killed behind that step: told once', async (_, name, act) => {
    const w = new World();
    const news = { ...w.catalogue.services.get('news')!, provision: 'before-notice' } as const;
    if (name === 'provided') w.catalogue = { ...w.catalogue, services: new Map([['news', news]]) };
    const { orders } = w.ports;
    const killed = (done: Promise<unknown>): Promise<never> => done.then(() => Promise.reject(new Error('killed')));
    const dies: Partial<Orders> = {
      record: { record: (step: RecordStep) => killed(orders.record(step)) },
      stepBack: { stepBack: (...step: Parameters<Orders['stepBack']>) => killed(orders.stepBack(...step)) },
      provided: { provided: (step: ProvideStep) => killed(orders.provided(step)) },
    }[name];
    w.ports = { ...w.ports, orders: { ...orders, ...dies }, provide: () => Promise.resolve({ kind: 'done' }) };
    w.ocs.plays(meanwhile(() => w.mo('STOP'), act));
    await expect(w.mo('NEWS')).rejects.toThrow('killed');
    w.restart();
    await w.pass(HOUR);
    expect(w.states()).toEqual([name === 'stepBack' ? 'cancelled' : 'uncharged']);
    expect(w.heard()).toEqual(['stop-requested', 'declined']);
  });

  it('charging, then silence: nobody is told that the stopped order takes longer', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP'), isSilent('booked')));
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'charge-unknown', stopRequested: true });
    expect(w.heard()).toEqual(['stop-requested']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('charge-unknown: who orders it again hears that it stops, not that it is on its way', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    await w.mo('STOP');
    w.clock.advance(SECOND);
    await w.mo('NEWS');
    expect(w.lastText()).toContain('stop-requested | shortCode=5000 | services=Daily News');
    await w.work();
    expect([w.heard().at(-1), w.ocs.paid]).toEqual(['refunded', 0]);
    await w.mo('NEWS');
    expect([w.heard().at(-1), w.ocs.paid]).toEqual(['ordered', 500]);
  });

  it('charge-unknown: marks it; the late grant is refunded', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.heard()).toEqual(['waiting', 'stop-requested']);
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('placed: ends the subscription', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP');
    expect(w.states()).toEqual(['placed']);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.lastText()).toContain('services=Daily News');
  });

  it('nothing to stop: said so', async () => {
    const w = new World();
    await w.mo('STOP');
    expect(w.heard()).toEqual(['stop-nothing']);
  });

  it.each([
    ...['please stop', 'STOPALL', 'stop-news', 'I want to STOP', 'list stop', 'status cancel please', 'help stop'],
    'Hello, I want you to STOP sending me messages and taking my money',
  ])('"%s" is a STOP, too', async (text) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(text);
    expect(w.states()).toEqual(['cancelled']);
  });

  it('E12: a redelivered STOP hears nothing new and counts nothing', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP');
    await w.again();
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.memory.answers.get(ALICE) ?? []).toEqual([]);
  });

  it('STOP goes before an answer: a code in it confirms nothing', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.mo(`STOP ${w.code()}`);
    expect(w.states()).toEqual(['cancelled']);
    expect(w.ocs.received).toEqual([]);
  });
});

describe('a complaint with a STOP in it', () => {
  it('is a STOP, and counts as the complaint that it is, once', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('complain NEWS, stop it');
    await w.again();
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.memory.complaints).toMatchObject([{ msisdn: ALICE, providerId: 'acme', serviceId: 'news' }]);
    expect(w.noted('complaint.recorded')).toEqual([{ provider: 'acme', service: 'news' }]);
  });

  it('counts where nothing is left to stop', async () => {
    const w = new World();
    await w.mo('GAME');
    await w.mo('COMPLAIN I said STOP and you still take my money');
    expect(w.heard()).toEqual(['ordered', 'stop-nothing']);
    expect(w.memory.complaints).toMatchObject([{ providerId: 'fun' }]);
  });
});

describe('which service', () => {
  async function withTwo(): Promise<World> {
    const w = new World();
    const game = { ...w.catalogue.services.get('game')!, period: 'week' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('game', game) };
    await w.mo('NEWS');
    await w.mo('GAME');
    return w;
  }

  const titles = (w: World): readonly string[] =>
    [...w.memory.subscriptionsOf(ALICE).values()].map(({ title }) => title);

  it('a bare STOP with two subscriptions asks', async () => {
    const w = await withTwo();
    await w.mo('STOP');
    expect(w.heard().at(-1)).toBe('stop-which');
    expect(w.lastText()).toContain('services=NEWS, GAME');
    expect(titles(w)).toHaveLength(2);
  });

  it.each(['I really want you to STOP sending me messages and taking money', 'complain stop', 'help: how do I stop?'])(
    'so does "%s"',
    async (text) => {
      const w = await withTwo();
      await w.mo(text);
      expect(w.heard().at(-1)).toBe('stop-which');
    },
  );

  it('and still cancels at once what is unfinished, and names it', async () => {
    const w = await withTwo();
    w.credit('fun', 50);
    await w.mo('TONE');
    await w.mo('STOP');
    expect(w.states()).toEqual(['placed', 'placed', 'cancelled']);
    expect(w.heard().at(-1)).toBe('stop-which');
    await w.again();
    await w.pass(0);
    expect(w.heard().slice(-2)).toEqual(['stop-which', 'stopped']);
    expect(w.lastText()).toContain('services=Ring Tone');
  });

  it('and promises the outcome of what is being charged', async () => {
    const w = await withTwo();
    w.ocs.plays(isSilent('booked'));
    await w.mo('TONE');
    await w.mo('STOP');
    await w.pass(0);
    expect(w.heard().slice(-2)).toEqual(['stop-which', 'stop-requested']);
    expect(w.lastText()).toContain('services=Ring Tone');
    await w.work();
    expect(w.heard().at(-1)).toBe('refunded');
  });

  it('and leaves what was given on silence: that is asked about, too', async () => {
    const w = await withTwo();
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    await w.mo('STOP');
    expect(w.lastText()).toContain('services=NEWS, GAME, STARS');
    expect(titles(w)).toHaveLength(3);
  });

  it.each(['STOP GAME', 'stop game please'])('%s ends that one', async (text) => {
    const w = await withTwo();
    await w.mo(text);
    expect(titles(w)).toEqual(['Daily News']);
    expect(w.lastText()).toContain('stopped | shortCode=5000 | services=Snake | count=1');
  });

  it('STOP ALL ends everything', async () => {
    const w = await withTwo();
    await w.mo('STOP ALL');
    expect(titles(w)).toEqual([]);
    expect(w.lastText()).toContain('stopped-all | shortCode=5000 | services=Daily News, Snake | count=2');
  });

  it('by any keyword of the service, and after the catalogue lost it', async () => {
    const w = await withTwo();
    await w.mo('STOP HEADLINES');
    expect(titles(w)).toEqual(['Snake']);
    w.catalogue = { ...w.catalogue, keywords: new Map(), services: new Map() };
    await w.mo('STOP GAME');
    expect(titles(w)).toEqual([]);
  });

  it('words that name nothing do not keep a STOP from stopping', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('STOP please');
    expect(titles(w)).toEqual([]);
    expect(w.heard()).toEqual(['ordered', 'stopped']);
  });

  it('a service that one does not have stops no other, placed or pending', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.policy = { ...w.policy, firstOrder: 'confirm' };
    await w.mo('TONE');
    await w.mo('STOP GAME');
    expect(titles(w)).toEqual(['Daily News']);
    expect(w.states()).toEqual(['placed', 'challenged']);
    expect(w.heard()).toEqual(['ordered', 'confirm', 'stop-which']);
    expect(w.lastText()).toContain('services=NEWS');
  });

  it('by its number in LIST, too', async () => {
    const w = new World();
    await w.mo('NEWS');
    w.policy = { ...w.policy, firstOrder: 'confirm' };
    await w.mo('TONE');
    await w.mo('STOP 1');
    expect(titles(w)).toEqual([]);
    expect(w.states()).toEqual(['placed', 'challenged']);
  });

  it.each([
    ['sooner', -1, ['ordered', 'stopped', 'stopped'], 1],
    ['later', 1, ['ordered', 'stopped', 'ordered'], 2],
  ])('an order that was received %s, and is heard after it', async (...[, than, heard, orders]) => {
    const w = new World();
    await w.mo('NEWS');
    w.clock.advance(HOUR);
    const receivedAt = w.clock.now();
    w.clock.advance(5000);
    await w.mo('STOP', { receivedAt });
    await w.mo('NEWS', { receivedAt: receivedAt + than });
    expect(w.heard()).toEqual(heard);
    expect(w.orders()).toHaveLength(orders);
  });

  it('STOP of one order leaves the others', async () => {
    const w = new World({ fun: 50 });
    await w.mo('GAME');
    await w.mo('TONE');
    await w.mo('STOP GAME');
    expect(w.states()).toEqual(['cancelled', 'challenged']);
    await w.mo('YES');
    expect(w.states()).toEqual(['cancelled', 'placed']);
  });
});
