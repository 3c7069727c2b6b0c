import { describe, expect, it } from 'vitest';
import { guardCharging } from '../../src/daemon/charging.ts';
import type { ChargeAnswer } from '../../src/domain/charge.ts';
import type { Act } from '../flow/fakes/ocs.ts';
import { answer, grants, isSilent, says } from '../flow/fakes/ocs.ts';
import { MINUTE, SECOND, World } from '../flow/world.ts';
import { POLICY } from '../policies.ts';

const SETTINGS = { window: MINUTE, least: 4, badPercent: 50, openFor: 10 * SECOND, probes: 2 };

function guarded(w = new World()) {
  const notes: string[] = [];
  const mended: number[] = [];
  const charging = guardCharging(w.ports.charging, {
    settings: SETTINGS,
    clock: w.clock,
    note: (event) => void notes.push(event),
    onMended: () => void mended.push(w.clock.now()),
  });
  w.ports = { ...w.ports, charging };
  return { w, notes, mended, charging };
}

describe('the breaker before the OCS', () => {
  it('opens when the OCS stays silent: orders wait unsent with honest words, and are charged once it mends', async () => {
    const { w, notes, mended, charging } = guarded();
    w.ocs.plays(isSilent(), isSilent(), says(3004), says(3004));
    for (const from of ['1', '2', '3', '4']) await w.mo('GAME', { from: `25471234567${from}` });
    expect(notes).toEqual(['breaker.open']);
    expect(charging.shutBecause()).toContain('breaker');
    const reached = w.ocs.received.length;
    await w.mo('GAME');
    expect(w.order()).toMatchObject({ state: 'confirmed', charge: undefined });
    expect(w.heard()).toEqual(['waiting']);
    expect(w.ocs.received).toHaveLength(reached);
    while (w.jobs.length > 0) await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(notes.at(-1)).toBe('breaker.closed');
    expect(mended).toHaveLength(1);
    expect([...w.ocs.ledger.values()]).toEqual([500, 500, 500, 500, 500]);
  });

  it('a probe that fails opens it again', async () => {
    const { w, notes } = guarded();
    w.ocs.plays(isSilent(), isSilent(), isSilent(), isSilent(), says(3004));
    for (const from of ['1', '2', '3', '4']) await w.mo('GAME', { from: `25471234567${from}` });
    w.clock.advance(10 * SECOND);
    await w.mo('GAME');
    expect(notes).toEqual(['breaker.open', 'breaker.half-open', 'breaker.open']);
    expect(w.states()).toEqual(['confirmed']);
  });

  it('denials are good work: nothing opens', async () => {
    const { w, notes } = guarded();
    w.ocs.plays(...Array.from({ length: 20 }, () => says(4012)));
    for (let i = 10; i < 30; i++) await w.mo('GAME', { from: `2547123456${i}` });
    expect(notes).toEqual([]);
  });

  describe('where the balance is asked before a challenge', () => {
    /** Charges are granted. */
    const toQuestions =
      (act: Act): Act =>
      (request, ocs) =>
        request.action === 'balance' ? act(request, ocs) : grants()(request, ocs);

    function asking(act: Act, times: number) {
      const w = new World({ acme: 50 });
      w.policy = { ...POLICY, profile: { ...POLICY.profile, askBefore: 'balance' } };
      w.ocs.plays(...Array.from({ length: times }, () => toQuestions(act)));
      return guarded(w);
    }
    const FOUR = ['1', '2', '3', '4'].map((last) => ({ from: `25471234567${last}` }));
    const actions = (w: World) => w.ocs.received.map(({ action }) => action);

    it.each([5012, 3001])('an OCS that answers %i to that, and debits, works', async (code) => {
      const { w, notes } = asking(says(code), 8);
      for (const who of FOUR) await w.mo('NEWS', who);
      for (const who of FOUR) await w.mo('YES', who);
      expect(notes).toEqual([]);
      expect(actions(w)).toEqual([...FOUR.map(() => 'balance'), ...FOUR.map(() => 'debit')]);
      expect(w.ocs.paid).toBe(2000);
    });

    it('silence opens it there too; then the probes are for charges, and nobody is asked until it mends', async () => {
      const { w, notes } = asking(isSilent(), 4);
      for (const who of FOUR) await w.mo('NEWS', who);
      expect(notes).toEqual(['breaker.open']);
      w.clock.advance(10 * SECOND);
      await w.mo('NEWS');
      expect(notes).toEqual(['breaker.open', 'breaker.half-open']);
      expect(w.heard().at(-1)).toBe('confirm');
      for (const who of FOUR.slice(0, 2)) await w.mo('YES', who);
      expect(notes.at(-1)).toBe('breaker.closed');
      expect(actions(w)).toEqual([...FOUR.map(() => 'balance'), 'debit', 'debit']);
    });
  });

  it('remembers what the OCS said of failure handling, key by key (E7)', async () => {
    const { w, charging } = guarded();
    const tells = (session: object) => (): ChargeAnswer => ({ ...answer(2001), session });
    w.ocs.plays(tells({ ddfh: 'continue', host: 'ocs-1' }), tells({ ccfh: 'terminate' }));
    await w.mo('GAME');
    await w.mo('TONE');
    expect(charging.terms()).toEqual({ ddfh: 'continue', ccfh: 'terminate' });
  });
});
