import { describe, expect, it } from 'vitest';
import { BOB, MINUTE, World } from './world.ts';

const language = (text: string): string | undefined => /\((\w+)\)$/.exec(text)?.[1];

describe('LANGUAGE', () => {
  it.each(['LANGUAGE FR', 'language fr', 'Language français', 'LANGUAGE FRANÇAIS please'])(
    '%s: texts come in it from now on, this answer included',
    async (text) => {
      const w = new World();
      await w.mo(text);
      expect(w.heard()).toEqual(['language-set']);
      expect(w.lastText()).toContain('language=Français');
      expect(language(w.lastText())).toBe('fr');
      await w.mo('NEWS');
      expect(w.order().frozen.language).toBe('fr');
      expect(language(w.lastText())).toBe('fr');
      await w.mo('NEWS', { from: BOB });
      expect(language(w.lastText(BOB))).toBe('en');
    },
  );

  it('leaves an open order in the words that it began with (E9)', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('LANGUAGE FR');
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'language-set', 'ordered']);
    expect(w.order().frozen.language).toBe('en');
  });

  it.each([
    ['LANGUAGE XX', 'language-unavailable', 'language=XX | languages=EN, FR'],
    ['LANGUAGE', 'language-which', 'languages=EN, FR'],
    ['LANGUAGE 123456', 'language-unavailable', 'language=****** | languages=EN, FR'],
    ['CHANNEL PIGEON', 'channel-unavailable', 'channel=PIGEON | channels=sms, flash'],
    ['CHANNEL 123456', 'channel-unavailable', 'channel=****** | channels=sms, flash'],
    ['CHANNEL', 'channel-which', 'channels=sms, flash'],
  ])('%s: tells which there are, and changes nothing', async (text, kind, says) => {
    const w = new World();
    await w.mo(text);
    expect(w.heard()).toEqual([kind]);
    expect(w.lastText()).toContain(says);
    await w.mo('NEWS');
    expect(w.order().frozen.language).toBe('en');
  });

  it('says a long name back cut between its characters, never within one', async () => {
    const w = new World();
    await w.mo(`LANGUAGE x${'😀'.repeat(30)}x`);
    expect(w.lastText()).toContain(`language=X${'😀'.repeat(19)} |`);
  });

  it('E12: a repeat is answered once', async () => {
    const w = new World();
    await w.mo('LANGUAGE FR');
    w.clock.advance(MINUTE);
    await w.mo('LANGUAGE EN');
    await w.again();
    expect(w.heard()).toEqual(['language-set', 'language-set']);
  });
});
