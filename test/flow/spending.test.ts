import { describe, expect, it } from 'vitest';
import type { SpendCap } from '../../src/domain/spend.ts';
import { says } from './fakes/ocs.ts';
import { BOB, HOUR, MINUTE, World } from './world.ts';

/** Each service of the catalogue costs KES 5.00. */
function world(cap: Omit<SpendCap, 'currency'>, scores: Readonly<Record<string, number>> = {}): World {
  const w = new World(scores);
  w.policy = { ...w.policy, spend: [{ currency: 'KES', ...cap }] };
  return w;
}

describe('a cap by the day', () => {
  it('refuses what would pass it, says so, and charges nothing', async () => {
    const w = world({ perDay: 1000 });
    for (const keyword of ['GAME', 'TONE', 'GAME']) await w.mo(keyword);
    expect(w.heard()).toEqual(['ordered', 'ordered', 'cap-reached']);
    expect(w.lastText()).toContain('limit=KES 10.00 | span=day');
    expect(w.states()).toEqual(['placed', 'placed', 'refused']);
    expect(w.ocs.paid).toBe(1000);
    expect(w.order().frozen.decision).toMatchObject({
      won: 'spend-cap',
      facts: { spend: { span: 'day', spent: 1000, cap: 1000, currency: 'KES' } },
    });
  });

  it('is each subscriber’s own, and counts anew the next day', async () => {
    const w = world({ perDay: 500 });
    await w.mo('GAME');
    await w.mo('GAME', { from: BOB });
    w.clock.advance(24 * HOUR);
    await w.mo('TONE');
    expect([w.states(), w.states(BOB)]).toEqual([['placed', 'placed'], ['placed']]);
  });

  it('counts neither what is free nor what could not be charged', async () => {
    const w = world({ perDay: 500 });
    w.ocs.plays(says(4012));
    for (const keyword of ['GAME', 'JOKE', 'TONE']) await w.mo(keyword);
    expect(w.states()).toEqual(['uncharged', 'placed', 'placed']);
  });

  it('does not stand in the way of two orders that come at once, but of the third', async () => {
    const w = world({ perDay: 1000 });
    await Promise.all(['GAME', 'TONE', 'FILM'].map((keyword) => w.mo(keyword)));
    expect([...w.states()].sort()).toEqual(['placed', 'placed', 'refused']);
    expect([...w.heard()].sort()).toEqual(['cap-reached', 'ordered', 'ordered']);
  });

  it('is tested again when a challenge is answered', async () => {
    const w = world({ perDay: 500 }, { fun: 50 });
    await w.mo('GAME');
    await w.mo('TONE');
    await w.mo('YES GAME');
    await w.mo('YES TONE');
    expect(w.states()).toEqual(['placed', 'declined']);
    expect(w.heard()).toEqual(['confirm', 'confirm', 'ordered', 'cap-reached']);
    expect(w.ocs.paid).toBe(500);
    await w.again();
    expect(w.heard()).toHaveLength(4);
  });

  it('is not passed by challenges that were asked before midnight and are answered after it', async () => {
    const w = world({ perDay: 500 }, { fun: 50 });
    w.clock.setWall(Date.parse('2026-03-10T23:30:00Z'));
    await w.mo('GAME');
    await w.mo('TONE');
    w.clock.setWall(Date.parse('2026-03-11T00:05:00Z'));
    await w.mo('NEWS');
    await w.mo('YES GAME');
    await w.mo('YES TONE');
    expect(w.states()).toEqual(['declined', 'declined', 'placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it('leaves an order alone where no cap counts its currency', async () => {
    const w = world({ perDay: 1 });
    w.policy = { ...w.policy, spend: [{ currency: 'USD', perDay: 1 }] };
    await w.mo('GAME');
    expect(w.order()).toMatchObject({ state: 'placed' });
    expect(w.order().frozen.spend).toBeUndefined();
  });
});

describe('a spend prompt', () => {
  it('asks before the month passes it; YES allows more in that month, and then it is ordered again', async () => {
    const w = world({ promptEach: 500 });
    await w.mo('GAME');
    await w.mo('TONE');
    expect(w.lastText()).toContain('spend-prompt | ');
    expect(w.lastText()).toContain('limit=KES 5.00');
    await w.mo('YES');
    await w.mo('TONE');
    expect(w.heard()).toEqual(['ordered', 'spend-prompt', 'spend-agreed', 'ordered']);
    w.clock.advance(31 * 24 * HOUR);
    await w.mo('GAME');
    await w.mo('TONE');
    expect(w.heard().slice(4)).toEqual(['ordered', 'spend-prompt']);
    expect(w.ocs.paid).toBe(1500);
  });

  it('asks about the month in which a challenge is answered, and takes a YES to that', async () => {
    const w = world({ promptEach: 700 }, { fun: 50 });
    w.clock.setWall(Date.parse('2026-03-31T23:30:00Z'));
    await w.mo('GAME');
    w.clock.setWall(Date.parse('2026-04-01T00:05:00Z'));
    await w.mo('NEWS');
    await w.mo('YES GAME');
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'ordered', 'spend-prompt', 'spend-agreed']);
  });

  it('takes no YES that nobody asked for, and none for the month before', async () => {
    const w = world({ promptEach: 500 });
    await w.mo('YES');
    await w.mo('GAME');
    await w.mo('TONE');
    w.clock.advance(31 * 24 * HOUR);
    await w.mo('YES');
    expect(w.heard()).toEqual(['wrong-answer', 'ordered', 'spend-prompt', 'wrong-answer']);
  });

  it('leaves a YES to the order that waits for one', async () => {
    const w = world({ promptEach: 500 }, { acme: 50 });
    await w.mo('GAME');
    await w.mo('TONE');
    w.policy = { ...w.policy, spend: [] };
    await w.mo('STARS');
    await w.mo('YES');
    expect(w.heard()).toEqual(['ordered', 'spend-prompt', 'confirm', 'ordered']);
  });

  it('takes a YES for itself where it was asked last, and leaves an older challenge open', async () => {
    const w = world({}, { acme: 50 });
    await w.mo('GAME');
    await w.mo('NEWS');
    w.clock.advance(MINUTE);
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 500 }] };
    await w.mo('TONE');
    w.clock.advance(MINUTE);
    await w.mo('YES');
    expect(w.heard()).toEqual(['ordered', 'confirm', 'spend-prompt', 'spend-agreed']);
    expect(w.ocs.paid).toBe(500);
    w.clock.advance(MINUTE);
    await w.mo('YES');
    expect(w.heard().at(-1)).toBe('ordered');
  });

  it('is not agreed to by a YES to a code that was sent since', async () => {
    const w = world({ promptEach: 500 }, { acme: 10 });
    await w.mo('GAME');
    await w.mo('TONE');
    w.clock.advance(MINUTE);
    w.policy = { ...w.policy, spend: [] };
    await w.mo('NEWS');
    await w.mo('YES');
    expect(w.heard()).toEqual(['ordered', 'spend-prompt', 'code', 'wrong-answer']);
  });

  it('leaves a late YES to the order that expired, and agrees to nothing by it', async () => {
    const w = world({ promptEach: 1000 }, { acme: 50 });
    for (const keyword of ['GAME', 'GAME', 'GAME']) await w.mo(keyword);
    expect(w.heard()).toEqual(['ordered', 'ordered', 'spend-prompt']);
    w.policy = { ...w.policy, spend: [] };
    await w.mo('NEWS');
    await w.pass(2 * HOUR);
    await w.mo('YES');
    expect(w.heard().slice(3)).toEqual(['confirm', 'expired']);
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 1000 }] };
    await w.mo('GAME');
    expect(w.heard().at(-1)).toBe('spend-prompt');
    await w.mo('YES');
    expect(w.heard().at(-1)).toBe('spend-agreed');
  });

  it('asks too when it is a challenge that would pass it', async () => {
    const w = world({ promptEach: 500 }, { fun: 50 });
    await w.mo('GAME');
    await w.mo('TONE');
    w.clock.advance(MINUTE);
    await w.mo('YES GAME');
    await w.mo('YES TONE');
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'confirm', 'ordered', 'spend-prompt', 'spend-agreed']);
  });
});
