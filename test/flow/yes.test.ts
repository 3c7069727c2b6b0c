import { describe, expect, it } from 'vitest';
import { HOUR, World } from './world.ts';

describe('YES with other words', () => {
  it.each([
    'yes please',
    'Please, yes',
    'YES NEWS please',
    'ok, thank you',
    'yes,please',
    'YES HEADLINES',
    'YES-NEWS',
    'yes:news please',
  ])('"%s" is a YES', async (text) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(text);
    expect(w.heard()).toEqual(['confirm', 'ordered']);
  });

  it.each(['yes but how much', 'YES I want it', 'YES NEWS but not each day', 'yes no', 'YES-NEWS but not each day'])(
    '"%s" hears how to confirm; nothing is charged and no try is lost',
    async (text) => {
      const w = new World({ acme: 50 });
      await w.mo('NEWS');
      await w.mo(text);
      expect(w.heard()).toEqual(['confirm', 'confirm-with']);
      expect(w.lastText()).toContain('services=NEWS');
      expect(w.order()).toMatchObject({ state: 'challenged', tries: 0 });
      await w.mo('YES NEWS');
      expect(w.states()).toEqual(['placed']);
    },
  );

  it('a NO is one, too, with a keyword that no space parts from it', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('NO,NEWS');
    expect(w.heard()).toEqual(['confirm', 'refused-by-you']);
  });

  it.each(['YES-WEATHERMAN', 'no-limit'])('"%s" names nothing that is sold, and is no answer', async (text) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo(text);
    expect(w.heard()).toEqual(['confirm', 'help']);
    expect(w.order()).toMatchObject({ state: 'challenged', tries: 0 });
  });

  it('asks which one is meant where several wait', async () => {
    const w = new World({ acme: 50, fun: 50 });
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('yes I want it');
    expect(w.heard().at(-1)).toBe('which');
    await w.mo('yes GAME what was it');
    expect(w.lastText()).toContain('confirm-with | shortCode=5000 | services=GAME');
  });

  it('with the keyword of another service it is no answer to this one', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('YES GAME');
    expect(w.heard()).toEqual(['confirm', 'wrong-answer']);
  });

  it('a late one hears that it is late', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.pass(2 * HOUR);
    await w.mo('yes please');
    expect(w.heard()).toEqual(['confirm', 'expired']);
  });
});
