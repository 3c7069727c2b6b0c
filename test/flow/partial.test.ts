import { expect, it } from 'vitest';
import { ALICE, World } from './world.ts';

const PARTIAL = { partial: true } as const;

it('P1: a STOP in a text of which parts are missing ends the subscription', async () => {
  const w = new World();
  await w.mo('NEWS');
  expect(w.states()).toEqual(['placed']);
  await w.mo('STOP NEWS please, I never asked for it and', PARTIAL);
  expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
  expect(w.heard().at(-1)).toBe('stopped');
});

it.each(['NO', 'STOP'])('%s in one cancels what waits for an answer', async (word) => {
  const w = new World({ acme: 50 });
  await w.mo('NEWS');
  await w.mo(`${word} I do not`, PARTIAL);
  expect(w.states()).toEqual(['cancelled']);
});

it('it orders nothing: who meant to hears how', async () => {
  const w = new World();
  await w.mo('NEWS via', PARTIAL);
  expect([w.states(), w.heard()]).toEqual([[], ['help']]);
});

it.each([50, 10])('it answers no challenge (credit %d)', async (credit) => {
  const w = new World({ acme: credit });
  await w.mo('NEWS');
  await w.mo(credit === 10 ? w.code() : 'YES', PARTIAL);
  expect(w.states()).toEqual(['challenged']);
  expect(w.ocs.received).toEqual([]);
});

const HELD = { held: true } as const;

it('a whole text that the SMSC delivers again orders nothing before that, and is answered by nothing', async () => {
  const w = new World();
  expect(await w.mo('GAME', HELD)).toBe('temporary-error');
  expect([w.states(), w.heard()]).toEqual([[], []]);
  expect(await w.mo('GAME')).toBe('stored');
  expect(w.states()).toEqual(['placed']);
  // It was done, and only that was not noted: with dedupe over, it would be a second order.
  w.clock.advance(120_000);
  expect(await w.mo('GAME', HELD)).toBe('temporary-error');
  expect(w.states()).toEqual(['placed']);
  await w.mo('GAME');
  expect(w.states()).toEqual(['placed', 'placed']);
});

it.each([50, 10])('nor does it answer a challenge (credit %d)', async (credit) => {
  const w = new World({ acme: credit });
  await w.mo('NEWS');
  expect(await w.mo(credit === 10 ? w.code() : 'YES', HELD)).toBe('temporary-error');
  expect(w.states()).toEqual(['challenged']);
});

it('P1: a STOP in it is done at once', async () => {
  const w = new World();
  await w.mo('NEWS');
  expect(await w.mo('STOP NEWS please', HELD)).toBe('stored');
  expect(w.memory.subscriptionsOf(ALICE).size).toBe(0);
  expect(w.heard().at(-1)).toBe('stopped');
});
