import { describe, expect, it } from 'vitest';
import { turn } from './fakes/ussd.ts';
import { UssdWorld } from './ussd-world.ts';
import { MINUTE } from './world.ts';

describe('a reply with which the gateway ends the dialogue (SMPP 3.4 5.3.2.43)', () => {
  const last = (w: UssdWorld, text: string): Promise<string> =>
    w.deliverTurn(turn('reply', text, { session: w.session(), ended: true }));

  it.each([
    ['STOP', 'cancelled', /^ussd-ended .*stop/],
    ['stop all', 'cancelled', /^ussd-ended .*stop/],
    ['2', 'cancelled', /^ussd-ended .*refused-by-you/],
    ['NO', 'cancelled', /^ussd-ended .*refused-by-you/],
  ])('"%s" takes effect, and is answered by SMS', async (text, state, answer) => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    expect(await last(w, text)).toBe('stored');
    await w.pass(MINUTE);
    expect([w.states(), w.ocs.paid, w.dialogue().told]).toEqual([[state], 0, []]);
    expect(w.lastText()).toMatch(answer);
    expect([w.heard().length, w.screens().at(-1)]).toEqual([1, '2 confirm']);
  });

  it.each(['1', 'YES', ''])('"%s" agrees to nothing: the question goes on by SMS', async (text) => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await last(w, text);
    await w.pass(0);
    expect([w.states(), w.ocs.paid]).toEqual([['challenged'], 0]);
    expect(w.lastText()).toMatch(/^ussd-ended .*confirm \|/);
  });

  it('an order in it is none', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    await last(w, '1');
    expect([w.orders(), w.dialogue()]).toMatchObject([[], { state: 'released', over: 'abort' }]);
  });

  it('P1: cut off before it was done, it is done when it comes again, once', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    const stop = turn('reply', 'STOP', { session: w.session(), ended: true });
    w.onNote = (event) => (w.memory.away ||= event === 'ussd.ended');
    await expect(w.deliverTurn(stop)).rejects.toThrow('away');
    w.memory.away = false;
    w.onNote = () => undefined;
    for (let times = 0; times < 2; times += 1) expect(await w.deliverTurn(stop)).toBe('stored');
    await w.pass(MINUTE);
    expect([w.states(), w.heard().length, w.lastText()]).toEqual([['cancelled'], 1, expect.stringMatching(/stop/)]);
  });
});
