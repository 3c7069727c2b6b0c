import { describe, expect, it } from 'vitest';
import { turn } from './fakes/ussd.ts';
import { UssdWorld } from './ussd-world.ts';

/** A turn of a gateway that names no operation, whose text is a code. */
const coded = (text = '384') => turn('reply', text, { opens: { shortCode: '5000', inputs: [] } });

describe('a code in the text of a turn that names no operation', () => {
  it('opens a dialogue where there is none, and after the end of one', async () => {
    const w = new UssdWorld();
    expect(await w.deliverTurn(coded())).toBe('stored');
    await w.deliverTurn(turn('abort', ''));
    expect(await w.deliverTurn(coded())).toBe('stored');
    expect(w.screens()).toEqual(['2 home', '2 home']);
    expect(w.dialogue()).toMatchObject({ kind: 'opened', state: 'awaiting-user', shortCode: '5000' });
  });

  it('is an answer in a dialogue', async () => {
    const w = new UssdWorld();
    await w.deliverTurn(coded());
    const { id } = w.dialogue();
    await w.deliverTurn(coded('384*1'));
    expect(w.dialogue()).toMatchObject({ id, turn: 2 });
  });

  it('of another session than the dialogue has opens one in its place', async () => {
    const w = new UssdWorld();
    await w.dial();
    const { id } = w.dialogue();
    await w.deliverTurn({ ...coded(), session: w.session(9) });
    expect(w.dialogue().id).not.toBe(id);
    expect(w.dialogue()).toMatchObject({ state: 'awaiting-user', session: { number: 9 } });
  });
});
