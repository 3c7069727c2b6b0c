import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, World } from './world.ts';

/** A bare YES to GAME is late after five minutes; all else waits for an hour. */
function quickGame(): World {
  const w = new World({ acme: 50, fun: 50 });
  const game = { ...w.catalogue.services.get('game')!, challengeWindow: 5 * MINUTE };
  w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('game', game) };
  return w;
}

/** NEWS waits, and GAME, which was asked ten minutes later, has expired. */
async function lateForGame(): Promise<World> {
  const w = quickGame();
  await w.mo('NEWS');
  w.clock.advance(10 * MINUTE);
  await w.mo('GAME');
  await w.pass(6 * MINUTE);
  return w;
}

describe('a bare YES that is late for the newest order', () => {
  it('hears so, and charges no older one (E16, P4)', async () => {
    const w = await lateForGame();
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'confirm', 'expired']);
    expect(w.lastText()).toContain('keyword=GAME');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged', 'expired'], 0]);
  });

  it('leaves the older one to a YES with its keyword', async () => {
    const w = await lateForGame();
    await w.mo('YES NEWS');
    expect(w.states()).toEqual(['placed', 'expired']);
  });

  it('is one to the order that has asked since', async () => {
    const w = quickGame();
    await w.mo('GAME');
    await w.pass(6 * MINUTE);
    await w.mo('NEWS');
    await w.mo('YES');
    expect(w.states()).toEqual(['expired', 'placed']);
  });
});

describe('a bare YES while the newest order waits for its code', () => {
  /** NEWS waits for a YES, and GAME, asked a minute later, for a code. */
  async function codeSince(): Promise<World> {
    const w = new World({ acme: 50, fun: 10 });
    await w.mo('NEWS');
    w.clock.advance(MINUTE);
    await w.mo('GAME');
    return w;
  }

  it('may be meant for that: it charges no older one, and hears what would (E16, P4)', async () => {
    const w = await codeSince();
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'code', 'confirm-with']);
    expect(w.lastText()).toContain('services=NEWS');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged', 'challenged'], 0]);
    await w.mo('YES NEWS');
    expect(w.states()).toEqual(['placed', 'challenged']);
  });

  it('is one to the older order once the code was sent', async () => {
    const w = await codeSince();
    await w.mo(w.code());
    await w.mo('YES');
    expect(w.states()).toEqual(['placed', 'placed']);
  });

  it('is one to an order that has asked since', async () => {
    const w = new World({ acme: 50, fun: 10 });
    await w.mo('GAME');
    w.clock.advance(MINUTE);
    await w.mo('NEWS');
    await w.mo('YES');
    expect(w.states()).toEqual(['challenged', 'placed']);
  });
});

/** The question about this month's spending stands unanswered; an hour later JOKE, which is free, waits for a YES. */
async function askedTwice(): Promise<World> {
  const w = new World({ acme: 50 });
  w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 500 }] };
  await w.mo('GAME');
  await w.mo('TONE');
  w.clock.advance(HOUR);
  await w.mo('JOKE');
  expect(w.heard()).toEqual(['ordered', 'spend-prompt', 'confirm']);
  return w;
}

describe('a bare YES after an order that has asked since a spend prompt', () => {
  it.each([
    ['was placed', 'YES'],
    ['was refused', 'NO'],
    ['was stopped', 'STOP'],
  ])('and %s agrees to no more spending', async (_, answer) => {
    const w = await askedTwice();
    await w.mo(answer);
    w.clock.advance(2 * MINUTE);
    await w.mo('YES');
    expect(w.heard().at(-1)).toBe('wrong-answer');
  });

  it('agrees to it once it is asked again', async () => {
    const w = await askedTwice();
    await w.mo('YES');
    w.clock.advance(MINUTE);
    await w.mo('TONE');
    await w.mo('YES');
    await w.mo('TONE');
    expect(w.heard().slice(3)).toEqual(['ordered', 'spend-prompt', 'spend-agreed', 'ordered']);
  });

  it('agrees to it where that order asked nothing', async () => {
    const w = new World();
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 500 }] };
    for (const text of ['GAME', 'TONE', 'JOKE']) {
      await w.mo(text);
      w.clock.advance(MINUTE);
    }
    await w.mo('YES');
    expect(w.heard()).toEqual(['ordered', 'spend-prompt', 'ordered', 'spend-agreed']);
  });

  it('waits for a code that was sent anew since', async () => {
    const w = new World({ acme: 10 });
    w.policy = { ...w.policy, spend: [{ currency: 'KES' }] };
    await w.mo('GAME');
    await w.mo('NEWS');
    w.policy = { ...w.policy, spend: [{ currency: 'KES', promptEach: 500 }] };
    w.clock.advance(2 * MINUTE);
    await w.mo('TONE');
    w.clock.advance(MINUTE);
    await w.mo('CODE');
    await w.mo('YES');
    expect(w.heard()).toEqual(['ordered', 'code', 'spend-prompt', 'code', 'wrong-answer']);
  });
});
