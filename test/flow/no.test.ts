import { describe, expect, it } from 'vitest';
import { World } from './world.ts';

async function withTwo(): Promise<World> {
  const w = new World({ acme: 50, fun: 50 });
  await w.mo('NEWS');
  await w.mo('GAME');
  return w;
}

describe('NO with a keyword', () => {
  it.each(['NO GAME', 'no, not the game', 'No thanks GAME', 'GAME no'])(
    '"%s" takes back that order only',
    async (text) => {
      const w = await withTwo();
      await w.mo(text);
      expect(w.states()).toEqual(['challenged', 'cancelled']);
      expect(w.heard().at(-1)).toBe('refused-by-you');
      await w.mo('YES');
      expect(w.states()).toEqual(['placed', 'cancelled']);
    },
  );

  it('by any keyword of the service', async () => {
    const w = await withTwo();
    await w.mo('NO HEADLINES');
    expect(w.states()).toEqual(['cancelled', 'challenged']);
  });

  it('of a service that nothing waits for takes back nothing', async () => {
    const w = await withTwo();
    await w.mo('NO TONE');
    expect(w.states()).toEqual(['challenged', 'challenged']);
    expect(w.heard().at(-1)).toBe('wrong-answer');
  });

  it.each(['NO', 'no thanks', 'no I do not want it', 'NO NEWS and no GAME'])('"%s" takes back all', async (text) => {
    const w = await withTwo();
    await w.mo(text);
    expect(w.states()).toEqual(['cancelled', 'cancelled']);
  });
});
