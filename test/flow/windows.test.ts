import { describe, expect, it } from 'vitest';
import { BOB, HOUR, MINUTE, SECOND, World, wrongFor } from './world.ts';

describe('E16: windows', () => {
  it('silence ends the order without a word', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.pass(HOUR - 1);
    expect(w.states()).toEqual(['challenged']);
    await w.pass(1);
    expect(w.states()).toEqual(['expired']);
    expect(w.heard()).toEqual(['confirm']);
  });

  it('the subscriber’s own late YES hears that it is late', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.pass(HOUR);
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'expired']);
    expect(w.lastText()).toContain('title=Daily News');
    expect(w.ocs.received).toEqual([]);
  });

  it('and so it does before the sweeper has come by', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.clock.advance(HOUR);
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'expired']);
    expect(w.states()).toEqual(['expired']);
  });

  it('a late YES for another keyword hears what any wrong answer hears', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.pass(HOUR);
    await w.mo('YES GAME');
    expect(w.heard()).toEqual(['confirm', 'wrong-answer']);
  });

  it.each([
    ['the code’s life', 5 * MINUTE, 'code-over', 'challenged'],
    ['the window', HOUR, 'expired', 'expired'],
  ])('the right code after %s hears that it is late; nothing is charged', async (_, later, said, state) => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await w.pass(later);
    await w.mo(code);
    expect(w.heard()).toEqual(['code', said]);
    expect(w.order()).toMatchObject({ state, tries: 0 });
    expect(w.ocs.received).toEqual([]);
  });

  it.each([5 * MINUTE, HOUR])('a wrong code tells nobody that it is late: %i ms after', async (later) => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    w.clock.advance(later);
    await w.mo(wrongFor(w.code()));
    expect(w.heard()).toEqual(['code', 'wrong-answer']);
  });

  it('the right code after its life, and no more codes to be had: that is said in place of CODE', async () => {
    const w = new World({ acme: 10 });
    const { challenge } = w.settings;
    w.settings = { ...w.settings, challenge: { ...challenge, codes: { ...challenge.codes, perOrder: 1 } } };
    await w.mo('NEWS');
    w.clock.advance(5 * MINUTE);
    await w.mo(w.code());
    expect(w.heard()).toEqual(['code', 'code-limit']);
  });

  it('the right code one millisecond before the end of its life is in time', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    w.clock.advance(5 * MINUTE - 1);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });

  it('wrong, none, foreign, late and wrong: one text', async () => {
    const w = new World({ acme: 10 });
    await w.mo('424242'); // none is open
    const none = w.lastText();
    await w.mo('NEWS', { from: BOB });
    await w.mo(w.code(BOB)); // foreign
    const foreign = w.lastText();
    await w.mo('NEWS');
    const wrongCode = wrongFor(w.code());
    await w.mo(wrongCode);
    const wrong = w.lastText();
    await w.pass(6 * MINUTE);
    await w.mo(wrongCode); // wrong after the code's life
    const wrongAndLate = w.lastText();
    expect(new Set([none, foreign, wrong, wrongAndLate])).toEqual(new Set(['wrong-answer | shortCode=5000 | (en)']));
  });

  it.each([
    [4, 'minutes=0 | seconds=4 |'],
    [10, 'minutes=0 | seconds=10 |'],
    [59, 'minutes=0 | seconds=59 |'],
    [60, 'minutes=1 | seconds=0 |'],
    [90, 'minutes=1 | seconds=0 |'],
    [119, 'minutes=1 | seconds=0 |'],
  ])('a window of %i s is told no longer than it is', async (seconds, told) => {
    const w = new World({ acme: 50 });
    const news = { ...w.catalogue.services.get('news')!, challengeWindow: seconds * SECOND };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('news', news) };
    await w.mo('NEWS');
    expect(w.lastText()).toContain(told);
  });

  it('a challenge that did not arrive is said again with the time that is left', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.pass(15 * MINUTE + SECOND);
    await w.receipt(1, 'undeliverable');
    await w.pass(10 * SECOND);
    expect(w.heard()).toEqual(['confirm', 'confirm']);
    expect(w.lastText()).toContain('minutes=44 |');
  });

  it.each(['JOKE', 'NEWS'])(
    'an answer in time is not given up for what its subscriber took to give it (%s)',
    async (keyword) => {
      const w = new World({ acme: 50 });
      w.settings = { ...w.settings, settle: { ...w.settings.settle, maxAge: 20 * MINUTE } };
      w.ocs.open = keyword === 'JOKE';
      await w.mo(keyword);
      await w.pass(30 * MINUTE);
      await w.mo('YES');
      w.ocs.open = true;
      await w.pass(10 * MINUTE);
      expect(w.states()).toEqual(['placed']);
    },
  );

  it('a service may have windows of its own', async () => {
    const w = new World({ acme: 10 });
    const news = { ...w.catalogue.services.get('news')!, challengeWindow: 3 * MINUTE, codeLife: 10 * MINUTE };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('news', news) };
    await w.mo('NEWS');
    const { challenge } = w.order();
    expect(challenge?.windowEndsAt).toBe(w.clock.now() + 3 * MINUTE);
    expect(challenge?.codeEndsAt).toBe(challenge?.windowEndsAt);
  });
});
