import { describe, expect, it } from 'vitest';
import type { UssdSession } from '../../src/domain/ussd.ts';
import { turn } from './fakes/ussd.ts';
import { UssdWorld } from './ussd-world.ts';

/** As a gateway names what we pushed, whatever we called it. */
const THEIRS: UssdSession = { tag: 0x1401, value: '00a7f001', number: 0xa7f001 };

async function pushed(): Promise<UssdWorld> {
  const w = new UssdWorld({ acme: 50 });
  await w.mo('NEWS VIA USSD');
  expect(w.screens()).toEqual(['2 confirm']);
  return w;
}

describe('a gateway that names our push by a session of its own', () => {
  it('hears the rest of the dialogue under that one', async () => {
    const w = await pushed();
    expect(await w.deliverTurn(turn('reply', '1', { session: THEIRS }))).toBe('stored');
    expect(w.screens()).toEqual(['2 confirm', '3 ordered']);
    expect(w.here.gateway.said.at(-1)?.ussd?.session).toEqual(THEIRS);
    await w.deliverTurn(turn('confirm', '', { session: THEIRS }));
    expect([w.dialogue().state, w.states(), w.ocs.paid, w.heard()]).toEqual(['released', ['placed'], 500, []]);
  });

  it('confirms a notice and breaks off by it', async () => {
    const noticed = new UssdWorld();
    await noticed.mo('NEWS VIA USSD');
    await noticed.deliverTurn(turn('confirm', '', { session: THEIRS }));
    expect(noticed.dialogue()).toMatchObject({ state: 'released', over: 'confirm' });
    const w = await pushed();
    await w.deliverTurn(turn('abort', '', { session: THEIRS }));
    await w.work();
    expect([w.dialogue().over, w.heard()]).toEqual(['abort', ['confirm']]);
  });

  it('has one name for it: another one after the first answer is another dialogue', async () => {
    const w = await pushed();
    await w.deliverTurn(turn('reply', '7', { session: THEIRS }));
    expect(w.screens()).toEqual(['2 confirm', '2 wrong']);
    expect(await w.deliverTurn(turn('reply', '1', { session: { ...THEIRS, number: 1 } }))).toBe('rejected');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged'], 0]);
  });
});

describe('the handset', () => {
  const NATIONAL = { ton: 2, npi: 1, digits: '712345678' };
  const addressed = (w: UssdWorld) => w.here.gateway.said.map(({ ussd }) => ussd?.handset);

  it('is written as it dialled, for all of its dialogue', async () => {
    const w = new UssdWorld();
    await w.dial('*384#', { source: NATIONAL });
    await w.type('1');
    expect(addressed(w)).toEqual([NATIONAL, NATIONAL]);
  });

  it('is written in E.164 for what we push', async () => {
    const w = await pushed();
    await w.deliverTurn(turn('reply', '1', { session: THEIRS, source: NATIONAL }));
    expect(addressed(w)).toEqual([undefined, undefined]);
  });
});

describe('what comes late from the dialogue before the push', () => {
  it('agrees to nothing in the push', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.dial();
    await w.hangUp();
    await w.mo('NEWS VIA USSD');
    const late = turn('reply', '1', { session: w.session() });
    expect(await w.deliverTurn(late)).toBe('rejected');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged'], 0]);
    await w.hangUp();
    expect(w.dialogue().state).toBe('awaiting-user');
  });

  it('nor does what comes from another gateway', async () => {
    const w = await pushed();
    expect(await w.deliverTurn(turn('reply', '1', { session: THEIRS, smsc: 'smsc-2' }))).toBe('rejected');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged'], 0]);
  });
});
