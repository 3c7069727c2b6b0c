import { describe, expect, it } from 'vitest';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import { textName } from '../../src/domain/message.ts';
import type { Order } from '../../src/domain/order.ts';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import { ALICE, BOB, MINUTE, SECOND, World, wrongFor } from './world.ts';

/** A world in which every order asks for a code. */
const world = (): World => new World({ acme: 10, fun: 10 });

describe('a new code on request', () => {
  it('is another one, and the one before is over (E15)', async () => {
    const w = world();
    await w.mo('NEWS');
    const first = w.code();
    w.clock.advance(MINUTE);
    await w.mo('CODE');
    const second = w.code();
    expect(second).not.toBe(first);
    await w.mo(first);
    expect(w.states()).toEqual(['challenged']);
    await w.mo(second);
    expect(w.states()).toEqual(['placed']);
  });

  it('is said although the one before is accepted only then, and read as the newest one', async () => {
    const w = world();
    const { speaker } = w.ports;
    let taken = (): void => undefined;
    const slow = new Promise<SubmitOutcome>((resolve) => {
      taken = () => resolve({ kind: 'accepted', smsc: 'smsc-1', messageIds: ['first'] });
    });
    w.ports = { ...w.ports, speaker: { submit: () => slow } };
    const first = w.mo('NEWS');
    // Until it stands in the queue of its link.
    for (let turns = 0; turns < 200; turns++) await Promise.resolve();
    w.ports = { ...w.ports, speaker };
    w.clock.advance(MINUTE);
    w.smsc.plays({ kind: 'slow-down', status: 0x58, afterMs: SECOND });
    await w.mo('CODE');
    taken();
    await first;
    await receiveReceipt(w.ports, {
      smsc: 'smsc-1',
      messageId: 'first',
      msisdn: ALICE,
      state: 'delivered',
      error: undefined,
    });
    await w.work();
    expect(w.heard()).toEqual(['code']);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });

  it('is another text under the same id, and the same text however often it is tried', async () => {
    const w = world();
    await w.mo('NEWS');
    w.clock.advance(MINUTE);
    w.smsc.plays({ kind: 'unknown' });
    await w.mo('CODE');
    await w.work();
    const [first, second, again] = w.smsc.heard;
    expect(w.heard()).toEqual(['code', 'code', 'code']);
    expect([second?.id, again?.id]).toEqual([first?.id, first?.id]);
    expect(textName(second!)).not.toBe(textName(first!));
    expect(textName(again!)).toBe(textName(second!));
  });

  it('comes after a cool-down only, and the asking costs nothing', async () => {
    const w = world();
    await w.mo('NEWS');
    w.clock.advance(MINUTE - 1);
    await w.mo('CODE');
    expect(w.heard()).toEqual(['code', 'code-later']);
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });

  it('three codes per order, and no more', async () => {
    const w = world();
    await w.mo('NEWS');
    for (let i = 0; i < 3; i++) {
      w.clock.advance(MINUTE);
      await w.mo('CODE');
    }
    expect(w.heard()).toEqual(['code', 'code', 'code', 'code-limit']);
  });

  it('begins its tries anew, inside the window of its order', async () => {
    const w = world();
    await w.mo('NEWS');
    const window = w.order().challenge?.windowEndsAt;
    for (let i = 0; i < 2; i++) await w.mo(wrongFor(w.code()));
    w.clock.advance(MINUTE);
    await w.mo('CODE');
    expect(w.order()).toMatchObject({ tries: 0, challenge: { windowEndsAt: window, codes: 2 } });
    for (let i = 0; i < 2; i++) await w.mo(wrongFor(w.code()));
    expect(w.states()).toEqual(['challenged']);
  });

  it('E12: a repeat of the request makes no third code', async () => {
    const w = world();
    await w.mo('NEWS');
    w.clock.advance(MINUTE);
    await w.mo('CODE');
    const second = w.code();
    await w.again();
    expect(w.code()).toBe(second);
    expect(w.order().challenge?.codes).toBe(2);
  });

  it('E16: with no order that waits for a code it is told what any wrong answer is told', async () => {
    const w = world();
    await w.mo('CODE');
    expect(w.heard()).toEqual(['wrong-answer']);
  });

  it('serves another code after the first one was over', async () => {
    const w = world();
    await w.mo('NEWS');
    w.clock.advance(6 * MINUTE);
    await w.mo('CODE');
    await w.mo(w.code());
    expect(w.states()).toEqual(['placed']);
  });
});

describe.each([
  ['an id of its own', {}],
  ['its words alone (E13)', { smscId: undefined }],
])('how many codes and orders, where an MO has %s', (_, id) => {
  it('five a day for one subscriber: the next order is refused and says so', async () => {
    const w = world();
    for (let i = 0; i < 6; i++) {
      await w.mo('GAME', id);
      w.clock.advance(MINUTE);
    }
    expect(w.heard()).toEqual(['code', 'code', 'code', 'code', 'code', 'code-limit']);
    expect(w.order()).toMatchObject({ state: 'refused', frozen: { decision: { won: 'code-limit' } } });
    w.clock.advance(24 * 60 * MINUTE);
    await w.mo('GAME', id);
    expect(w.heard().at(-1)).toBe('code');
  });

  it('another one for the same order counts like any other', async () => {
    const w = world();
    const codes = { ...w.settings.challenge.codes, perProvider: { limit: 1, window: 60 * MINUTE } };
    w.settings = { ...w.settings, challenge: { ...w.settings.challenge, codes } };
    await w.mo('NEWS');
    w.clock.advance(MINUTE);
    await w.mo('CODE');
    expect(w.heard()).toEqual(['code', 'code-limit']);
  });

  it('so many for one provider, over all subscribers (SMS pumping), and the NOC hears of it', async () => {
    const w = world();
    const codes = { ...w.settings.challenge.codes, perProvider: { limit: 3, window: 60 * MINUTE } };
    w.settings = { ...w.settings, challenge: { ...w.settings.challenge, codes } };
    for (let i = 0; i < 4; i++) await w.mo('NEWS', { ...id, from: `25471100000${i}` });
    expect(w.heard('254711000003')).toEqual(['code-limit']);
    expect(w.noted('code.ceiling')).toEqual([{ provider: 'acme', limit: 3 }]);
    await w.mo('GAME', { ...id, from: BOB });
    expect(w.heard(BOB)).toEqual(['code']);
  });

  it('a subscriber orders so many times an hour where the config says so, and the next order is refused', async () => {
    const w = new World();
    const policy = { ...w.ports.policy(), ordersPerHour: 2 };
    w.ports = { ...w.ports, policy: () => policy };
    for (let i = 0; i < 3; i++) {
      await w.mo('TONE', id);
      await w.again();
      w.clock.advance(2 * MINUTE);
    }
    await w.mo('TONE', { ...id, from: BOB });
    expect(w.states()).toEqual(['placed', 'placed', 'refused']);
    expect(w.order().frozen.decision).toMatchObject({ won: 'order-limit' });
    expect(w.heard().at(-1)).toBe('refused');
    expect(w.heard(BOB)).toEqual(['ordered']);
    w.clock.advance(60 * MINUTE);
    await w.mo('TONE', id);
    expect(w.states().at(-1)).toBe('placed');
  });

  it('E9: digits are frozen with the order', async () => {
    const w = world();
    await w.mo('NEWS');
    const code = w.code();
    w.settings = { ...w.settings, challenge: { ...w.settings.challenge, digits: 8 } };
    await w.mo(code);
    expect(w.states()).toEqual(['placed']);
  });
});

describe('the window', () => {
  it("E16: is its channel's", async () => {
    const w = world();
    w.settings = { ...w.settings, channels: ['sms', 'flash', 'email'] };
    await w.mo('NEWS');
    await w.mo('GAME EMAIL me@example.org', { from: BOB });
    const left = ({ challenge, frozen }: Order): number => (challenge?.windowEndsAt ?? 0) - frozen.openedAt;
    expect([left(w.order()), left(w.order(BOB))]).toEqual([60 * MINUTE, 30 * MINUTE]);
  });
});

describe('a profile that takes no bare YES', () => {
  function strict(): World {
    const w = new World({ acme: 50, fun: 50 });
    w.policy = { ...w.policy, profile: { ...w.policy.profile, plainYes: false } };
    return w;
  }

  it('asks for YES and the keyword, and counts a bare one for nothing', async () => {
    const w = strict();
    await w.mo('NEWS');
    expect(w.lastText()).toContain('keyed=yes');
    await w.mo('YES');
    expect(w.heard()).toEqual(['confirm', 'confirm-with']);
    expect(w.order()).toMatchObject({ state: 'challenged', tries: 0 });
    await w.mo('YES NEWS');
    expect(w.states()).toEqual(['placed']);
  });

  it('with two orders asks which, as ever', async () => {
    const w = strict();
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('YES');
    expect(w.heard().at(-1)).toBe('which');
  });

  it('an order that was opened under another profile keeps what it was told', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.policy = { ...w.policy, profile: { ...w.policy.profile, plainYes: false } };
    await w.mo('YES');
    expect(w.states()).toEqual(['placed']);
  });
});

describe('trouble with a provider', () => {
  it('a failed challenge makes the next order with it stricter, and no other', async () => {
    const w = world();
    w.policy = { ...w.policy, trouble: { window: 30 * 24 * 60 * MINUTE, atLeast: 'otp' } };
    await w.mo('NEWS');
    for (let i = 0; i < 3; i++) await w.mo(wrongFor(w.code()));
    expect(w.states()).toEqual(['declined']);
    w.credit('acme', 95);
    w.credit('fun', 95);
    w.clock.advance(5 * SECOND);
    await w.mo('NEWS');
    expect(w.order().frozen.decision).toMatchObject({ interaction: 'otp', won: 'trouble' });
    await w.mo('GAME');
    expect(w.order().frozen.decision.interaction).toBe('notice');
  });

  it('a complaint counts against the provider of what it names, else of what was had last', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('COMPLAIN');
    await w.mo('COMPLAIN NEWS');
    expect(w.memory.complaints.map(({ providerId }) => providerId)).toEqual([
      w.orders()[1]?.frozen.providerId,
      w.orders()[0]?.frozen.providerId,
    ]);
    expect(w.heard().slice(-2)).toEqual(['complaint', 'complaint']);
    await w.again();
    expect(w.memory.complaints).toHaveLength(2);
  });

  it('a complaint of somebody who had nothing is recorded, and counts against nobody', async () => {
    const w = new World();
    await w.mo('COMPLAIN');
    expect(w.heard()).toEqual(['complaint']);
    expect(w.memory.complaints).toMatchObject([{ providerId: '', serviceId: '' }]);
  });
});
