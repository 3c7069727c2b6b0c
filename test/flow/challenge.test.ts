import { describe, expect, it } from 'vitest';
import { BOB, HOUR, MINUTE, World, wrongFor } from './world.ts';

describe('a known provider: YES', () => {
  it('places the order, and nothing was charged before it', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    expect(w.states()).toEqual(['challenged']);
    expect(w.lastText()).toContain('confirm | provider=Acme | title=Daily News | price=KES 5.00 | period=day');
    expect(w.lastText()).toContain('minutes=60');
    expect(w.ocs.received).toEqual([]);
    await w.mo('yes!');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['confirm', 'ordered']);
    expect(w.ocs.paid).toBe(500);
  });

  it('E1: the step that accepts the answer writes `charging` with its ids', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.moThenCrash('YES');
    expect(w.states()).toEqual(['charging']);
    expect(w.order().charge?.originHost).toBe('orderd-1.example.org');
  });

  it('a free service is placed by a YES alone', async () => {
    const w = new World({ acme: 50 });
    await w.mo('JOKE');
    await w.mo('YES');
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.received).toEqual([]);
  });

  it('P4: a YES from another number confirms nothing', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('YES', { from: BOB });
    expect(w.states()).toEqual(['challenged']);
    expect(w.heard(BOB)).toEqual(['wrong-answer']);
  });

  it('NO cancels it, silence does the same later', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    await w.mo('no');
    expect(w.states()).toEqual(['cancelled']);
    expect(w.heard()).toEqual(['confirm', 'refused-by-you']);
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'refused-by-you', 'wrong-answer']);
    expect(w.ocs.received).toEqual([]);
  });

  it('NO to nothing is no answer to anything', async () => {
    const w = new World();
    await w.mo('NO');
    expect(w.heard()).toEqual(['wrong-answer']);
  });
});

describe('two orders that wait', () => {
  async function twoWait(): Promise<World> {
    const w = new World({ acme: 50, fun: 50 });
    await w.mo('NEWS');
    await w.mo('GAME');
    return w;
  }

  it('a bare YES asks which, and settles none', async () => {
    const w = await twoWait();
    await w.mo('YES');
    expect(w.states()).toEqual(['challenged', 'challenged']);
    expect(w.lastText()).toContain('which | shortCode=5000 | services=NEWS, GAME');
  });

  it('YES with a keyword settles that one', async () => {
    const w = await twoWait();
    await w.mo('YES GAME');
    expect(w.states()).toEqual(['challenged', 'placed']);
    await w.mo('YES');
    expect(w.states()).toEqual(['placed', 'placed']);
  });

  it('YES with another keyword settles none', async () => {
    const w = await twoWait();
    await w.mo('YES TONE');
    expect(w.states()).toEqual(['challenged', 'challenged']);
    expect(w.heard().at(-1)).toBe('wrong-answer');
  });

  it('the same service again supersedes the first challenge', async () => {
    const w = new World({ fun: 50 });
    await w.mo('GAME');
    await w.mo('GAME');
    expect(w.states()).toEqual(['cancelled', 'challenged']);
    await w.mo('YES');
    expect(w.states()).toEqual(['cancelled', 'placed']);
    expect(w.ocs.paid).toBe(500);
  });
});

describe('one recurring service, ordered twice at once', () => {
  const codes = (w: World): readonly string[] => w.smsc.heard.flatMap(({ text }) => /code=(\d+)/.exec(text)?.[1] ?? []);

  async function twiceAtOnce(): Promise<World> {
    const w = new World({ acme: 10 });
    await Promise.all([w.mo('NEWS'), w.mo('News')]);
    expect(w.states()).toEqual(['challenged', 'challenged']);
    return w;
  }

  it('is paid once: the answer to the other challenge ends it', async () => {
    const w = await twiceAtOnce();
    for (const code of codes(w)) await w.mo(code);
    expect(w.states()).toEqual(['placed', 'cancelled']);
    expect(w.heard()).toEqual(['code', 'code', 'ordered', 'already']);
    expect(w.ocs.paid).toBe(500);
    expect(w.noted('challenge.answered').at(-1)).toMatchObject({ outcome: 'already' });
  });

  it('is paid once where both answers come at once, and while the first waits for the OCS', async () => {
    for (const open of [true, false]) {
      const w = await twiceAtOnce();
      w.ocs.open = open;
      await Promise.all(codes(w).map((code) => w.mo(code)));
      expect(w.states()).toEqual([open ? 'placed' : 'confirmed', 'cancelled']);
      expect(w.ocs.paid).toBe(open ? 500 : 0);
    }
  });

  it('E12: a redelivered answer that found it ordered ends nothing else', async () => {
    const w = await twiceAtOnce();
    for (const code of codes(w)) await w.mo(code);
    await w.again();
    expect(w.heard()).toEqual(['code', 'code', 'ordered', 'already']);
  });

  it('E16: a wrong answer hears nothing of it', async () => {
    const w = await twiceAtOnce();
    await w.mo(codes(w)[0] ?? '');
    await w.mo(wrongFor(w.code()));
    expect(w.states()).toEqual(['placed', 'challenged']);
    expect(w.heard().at(-1)).toBe('wrong-answer');
  });
});

describe('a watched provider: a one-time code', () => {
  it('wrong, then right: ordered', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    expect(w.lastText()).toMatch(/^code \| .*minutes=5 \| seconds=0 \| code=\d{6} /);
    const code = w.code();
    await w.mo(wrongFor(code));
    expect(w.states()).toEqual(['challenged']);
    await w.mo(`${code.slice(0, 3)} ${code.slice(3)}`);
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['code', 'wrong-answer', 'ordered']);
    expect(w.ocs.paid).toBe(500);
  });

  it('P4: tries are bounded, and after the last one the right code is too late', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    for (const guess of ['000001', '000002', '000003']) await w.mo(guess === code ? '000004' : guess);
    expect(w.states()).toEqual(['declined']);
    expect(w.heard()).toEqual(['code', 'wrong-answer', 'wrong-answer', 'declined']);
    await w.mo(code);
    expect(w.states()).toEqual(['declined']);
    expect(w.heard().at(-1)).toBe('wrong-answer');
    expect(w.ocs.received).toEqual([]);
  });

  it('E12: a redelivered wrong code burns no second try', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.mo(wrongFor(w.code()));
    for (let i = 0; i < 5; i++) await w.again();
    expect(w.order().tries).toBe(1);
    expect(w.heard()).toEqual(['code', 'wrong-answer']);
  });

  it('P4: fifty right answers at once place one order', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await Promise.all(Array.from({ length: 50 }, () => w.mo(code)));
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
    expect(w.heard().filter((kind) => kind === 'ordered')).toHaveLength(1);
  });

  it('P4: five hundred guesses at once give no more tries than allowed', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    const guesses = Array.from({ length: 500 }, (_, i) => String(i).padStart(6, '0')).filter((guess) => guess !== code);
    await Promise.all(guesses.map((guess) => w.mo(guess)));
    expect(w.order()).toMatchObject({ state: 'declined', tries: 3 });
  });

  it('a code settles only its own order', async () => {
    const w = new World({ acme: 10, fun: 10 });
    await w.mo('NEWS');
    const first = w.code();
    await w.mo('GAME');
    await w.mo(first);
    expect(w.states()).toEqual(['placed', 'challenged']);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed', 'placed']);
  });

  it('a wrong code counts against the newest one', async () => {
    const w = new World({ acme: 10, fun: 10 });
    await w.mo('NEWS');
    const first = w.code();
    await w.mo('GAME');
    await w.mo([first, w.code()].includes('111111') ? '222222' : '111111');
    expect(w.orders().map(({ tries }) => tries)).toEqual([0, 1]);
  });

  it('somebody else’s code is a wrong code', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS', { from: BOB });
    await w.mo(w.code(BOB));
    expect(w.heard()).toEqual(['wrong-answer']);
    expect(w.states(BOB)).toEqual(['challenged']);
  });

  it('YES is no answer to it, and burns no try', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    await w.mo('YES');
    expect(w.order()).toMatchObject({ state: 'challenged', tries: 0 });
    expect(w.heard()).toEqual(['code', 'wrong-answer']);
  });
});

describe('E15: codes', () => {
  it('appear nowhere but on the wire', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await w.mo(`COMPLAIN I got ${code}`);
    await w.mo(`SOMETHING ${code}`);
    await w.mo(wrongFor(code));
    await w.mo(code);
    const { orders, mts, subscriptions, told } = w.memory;
    const kept = JSON.stringify([[...orders], [...mts], [...subscriptions], told, w.jobs, w.notes]);
    expect(kept).not.toContain(code);
    expect(w.smsc.heard.filter(({ text }) => text.includes(code))).toHaveLength(1);
  });

  it('leave the words around them to the evidence', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await w.mo(`my code is ${code}`);
    await w.mo(code);
    await w.mo('HELP 24');
    await w.mo(`${code} again`);
    const told = w.memory.told.flatMap((one) => (typeof one === 'string' ? [] : [one.text]));
    expect(told).toEqual(['NEWS', 'my code is ******', '******', 'HELP 24', '****** again']);
    expect(w.memory.told[1]).toContain('code=******');
  });

  it('nor once their window is over, whatever words are around them', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    await w.pass(HOUR);
    await w.mo(`SOMETHING ${code}`);
    expect(w.states()).toEqual(['expired']);
    expect(JSON.stringify([...w.memory.told, ...w.notes])).not.toContain(code);
  });

  it('a new order has a new challenge id, so a new code', async () => {
    const w = new World({ fun: 10 });
    await w.mo('GAME');
    const first = w.code();
    await w.mo('GAME');
    const [old, fresh] = w.orders();
    expect(old?.challenge?.id).not.toBe(fresh?.challenge?.id);
    expect(fresh?.challenge?.id).toMatch(/^[0-9a-f]{32}$/);
    await w.mo(first);
    expect(w.states()).toEqual(['cancelled', 'challenged']);
  });

  it('keys rotate: an open challenge keeps the key that it names', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    w.keys.currentCodeKey = 'code-2';
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
    await w.mo('STOP');
    await w.pass(1);
    await w.mo('NEWS');
    expect(w.order().challenge?.keyId).toBe('code-2');
  });

  it('a code whose key is gone is never right', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    const code = w.code();
    w.keys.lost.add('code-1');
    await w.mo(code);
    expect(w.states()).toEqual(['challenged']);
    expect(w.heard()).toEqual(['code', 'wrong-answer']);
  });

  it('the text of a code is worth no more than the code', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    expect(w.smsc.heard[0]?.validityMs).toBe(5 * MINUTE);
  });
});

describe('E17: between challenge and answer', () => {
  it('a suspended provider is declined, and the subscriber told', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.suspend('acme');
    await w.mo('YES');
    expect(w.states()).toEqual(['declined']);
    expect(w.heard()).toEqual(['confirm', 'suspended']);
    expect(w.ocs.received).toEqual([]);
  });

  it('so is one whose credit fell into a band that bars it', async () => {
    const w = new World({ acme: 10 });
    await w.mo('NEWS');
    w.credit('acme', 0);
    await w.mo(w.code());
    expect(w.states()).toEqual(['declined']);
    expect(w.heard()).toEqual(['code', 'suspended']);
    expect(w.ocs.received).toEqual([]);
  });

  it.each([10, 95])('any other change of the score (to %i) leaves an open order as it was', async (score) => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.credit('acme', score);
    await w.mo('YES');
    expect(w.states()).toEqual(['placed']);
    expect(w.order().frozen.decision.score).toBe(50);
  });

  it('a credit book that cannot be read now suspends nobody', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.scores.clear();
    await w.mo('YES');
    expect(w.states()).toEqual(['placed']);
  });
});
