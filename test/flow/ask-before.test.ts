import { describe, expect, it } from 'vitest';
import type { CreditAnswer } from '../../src/domain/charge.ts';
import type { AskBefore } from '../../src/domain/policy.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, closesFirst, isSilent, says } from './fakes/ocs.ts';
import { POLICY } from '../policies.ts';
import { World } from './world.ts';

function world(askBefore: AskBefore, acme = 50): World {
  const w = new World({ acme });
  w.policy = { ...POLICY, profile: { ...POLICY.profile, askBefore } };
  return w;
}

const actions = (w: World) => w.ocs.received.map(({ action }) => action);
const tells =
  (more: Partial<CreditAnswer>): Act =>
  () => ({ ...answer(2001), ...more });
const KES = (minor: number) => ({ minor, currency: 'KES', decimals: 2 });

describe('the balance is asked before a challenge goes out (RFC 8506 6.2)', () => {
  it('too little: told at once, uncharged, no challenge', async () => {
    const w = world('balance');
    w.ocs.plays(tells({ enough: false }));
    await w.mo('NEWS');
    expect(actions(w)).toEqual(['balance']);
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['no-balance']);
    await w.mo('YES');
    expect(w.heard()).toEqual(['no-balance', 'wrong-answer']);
    expect(w.ocs.paid).toBe(0);
  });

  it('enough: the challenge goes out, and the answer alone is charged, under another Session-Id', async () => {
    const w = world('balance');
    w.ocs.plays(tells({ enough: true }));
    await w.mo('NEWS');
    expect(w.heard()).toEqual(['confirm']);
    await w.mo('YES');
    expect(actions(w)).toEqual(['balance', 'debit']);
    const [asked, debited] = w.ocs.received;
    expect(debited?.identity.sessionId).not.toBe(asked?.identity.sessionId);
    expect(w.ocs.paid).toBe(500);
  });

  it.each([
    ['4012 CREDIT_LIMIT_REACHED', 4012, 'no-balance'],
    ['4010 END_USER_SERVICE_DENIED', 4010, 'not-allowed'],
    ['5030 USER_UNKNOWN', 5030, 'not-allowed'],
    ['5031 RATING_FAILED', 5031, 'not-charged'],
  ] as const)('%s: told at once', async (_, code, notice) => {
    const w = world('balance');
    w.ocs.plays(says(code));
    await w.mo('NEWS');
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual([notice]);
  });

  it.each([
    ['silence', isSilent()],
    ['a peer that closed', closesFirst()],
    ['3004 TOO_BUSY', says(3004)],
    ['5012, an OCS that cannot answer that', says(5012)],
    ['4011 CREDIT_CONTROL_NOT_APPLICABLE', says(4011)],
  ])('%s: the challenge goes out all the same', async (_, act) => {
    const w = world('balance');
    w.ocs.plays(act);
    await w.mo('NEWS');
    expect(w.states()).toEqual(['challenged']);
    expect(w.heard()).toEqual(['confirm']);
  });

  it('an OCS that takes too long: the challenge goes out after `askFor`, and its late answer changes nothing', async () => {
    const w = world('balance');
    let reply: (given: CreditAnswer) => void = () => undefined;
    w.ocs.plays(() => new Promise((resolve) => (reply = resolve)));
    const ordered = w.mo('NEWS');
    await new Promise((resolve) => setImmediate(resolve));
    expect(w.heard()).toEqual([]);
    w.clock.advance(w.settings.askFor);
    await ordered;
    expect(w.heard()).toEqual(['confirm']);
    reply({ ...answer(2001), enough: false });
    await w.mo('YES');
    expect(w.states()).toEqual(['placed']);
  });

  it('no peer is open: nobody is asked', async () => {
    const w = world('balance');
    w.ocs.open = false;
    await w.mo('NEWS');
    expect(w.heard()).toEqual(['confirm']);
    expect(w.ocs.received).toEqual([]);
  });
});

describe('the price is asked (RFC 8506 6.1)', () => {
  it.each([
    ['the one we tell', KES(500), 'challenged', 'confirm', 0],
    ['a higher one: not ordered at a price that nobody told (E9)', KES(700), 'uncharged', 'not-charged', 1],
    ['a lower one: what is told is charged, and somebody hears of it', KES(300), 'challenged', 'confirm', 1],
    ['another currency', { ...KES(500), currency: 'UGX' }, 'uncharged', 'not-charged', 1],
  ] as const)('%s', async (...[, cost, state, text, alarms]) => {
    const w = world('price');
    w.ocs.plays(tells({ cost }));
    await w.mo('NEWS');
    expect(actions(w)).toEqual(['price']);
    expect(w.states()).toEqual([state]);
    expect(w.heard()).toEqual([text]);
    expect(w.noted('charge.price-differs')).toHaveLength(alarms);
  });
});

describe('nobody is asked', () => {
  it.each([
    ['when the profile says none', world('none'), 'NEWS', ['confirm']],
    ['for a notice: the charge itself asks', world('balance', 90), 'NEWS', ['ordered']],
    ['for a refusal', world('balance', 0), 'NEWS', ['refused']],
    ['for a free service', world('balance'), 'JOKE', ['confirm']],
  ] as const)('%s', async (...[, w, text, heard]) => {
    await w.mo(text);
    expect(w.heard()).toEqual(heard);
    expect(actions(w).filter((action) => action !== 'debit')).toEqual([]);
  });

  it('for what the subscriber has', async () => {
    const w = world('balance');
    await w.mo('NEWS');
    await w.mo('YES');
    await w.mo('NEWS');
    expect(actions(w)).toEqual(['balance', 'debit']);
    expect(w.heard().at(-1)).toBe('already');
  });
});
