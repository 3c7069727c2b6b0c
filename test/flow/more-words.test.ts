import { describe, expect, it } from 'vitest';
import { replay } from '../../src/domain/what-if.ts';
import { isSilent } from './fakes/ocs.ts';
import { ALICE, World } from './world.ts';

describe('a keyword with more words than an order needs', () => {
  it.each(['NEWS price?', 'news was terrible', 'NEWS is at what time?', 'NEWS via fax'])(
    '"%s" is asked about first, and the record tells why',
    async (text) => {
      const w = new World();
      await w.mo(text);
      expect(w.heard()).toEqual(['confirm']);
      expect(w.ocs.received).toEqual([]);
      const { decision } = w.order().frozen;
      expect(decision).toMatchObject({ interaction: 'confirm', won: 'words', facts: { moreWords: true } });
      expect(decision.verdicts.at(-1)?.because).toBe('more words than the keyword');
      expect(replay(w.order().frozen, w.policy, { score: 100, moved: false })).toMatchObject({ won: 'words' });
      await w.mo('YES');
      expect(w.states()).toEqual(['placed']);
    },
  );

  it.each(['NEWS please', 'news.', 'NEWS via flash', '"NEWS" - thanks'])('"%s" orders at once', async (text) => {
    const w = new World();
    await w.mo(text);
    expect(w.heard()).toEqual(['ordered']);
  });

  it('a stricter rule stays stricter', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS what is it');
    expect(w.heard()).toEqual(['code']);
  });
});

describe('a NO behind a keyword', () => {
  it.each(['NEWS do not charge me', 'NEWS? no thanks', 'News I did not order this', 'NEWS NO'])(
    '"%s" orders nothing, and says so',
    async (text) => {
      const w = new World();
      await w.mo(text);
      expect(w.orders()).toEqual([]);
      expect(w.heard()).toEqual(['refused-by-you']);
    },
  );

  it('takes back what is asked, and no other order', async () => {
    const w = new World({ acme: 50, fun: 50 });
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('NEWS no');
    expect(w.states()).toEqual(['cancelled', 'challenged']);
    expect(w.heard().at(-1)).toBe('refused-by-you');
  });

  it('stops what is being charged (E14)', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    await w.mo('NEWS do not charge me');
    expect(w.order()).toMatchObject({ stopRequested: true });
    expect(w.heard()).toEqual(['waiting', 'stop-requested']);
  });

  it('tells how to end what the subscriber has', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('NEWS is no good');
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(1);
    expect(w.lastText()).toBe('already | shortCode=5000 | title=Daily News | keyword=NEWS | (en)');
  });

  it('two machines do not send each other "NEWS NO" for ever (E20)', async () => {
    const w = new World();
    for (let i = 0; i < 15; i++) await w.mo('NEWS NO');
    expect(w.heard()).toHaveLength(10);
  });

  it('a STOP among the first words behind it stops that service', async () => {
    const w = new World();
    await w.mo('NEWS I want to STOP');
    await w.pass(1);
    await w.mo('NEWS');
    await w.mo('NEWS please stop sending me this every day');
    expect(w.heard()).toEqual(['stop-nothing', 'ordered', 'stopped']);
    expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
  });
});
