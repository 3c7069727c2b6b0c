import { describe, expect, it } from 'vitest';
import { guardCharging } from '../../src/daemon/charging.ts';
import type { ChargeAnswer } from '../../src/domain/charge.ts';
import { answer, isSilent, says } from '../flow/fakes/ocs.ts';
import { MINUTE, SECOND, World } from '../flow/world.ts';

const SETTINGS = { window: MINUTE, least: 4, badPercent: 50, openFor: 10 * SECOND, probes: 2 };

function guarded() {
  const w = new World();
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

  it('remembers what the OCS said of failure handling, key by key (E7)', async () => {
    const { w, charging } = guarded();
    const tells = (session: object) => (): ChargeAnswer => ({ ...answer(2001), session });
    w.ocs.plays(tells({ ddfh: 'continue', host: 'ocs-1' }), tells({ ccfh: 'terminate' }));
    await w.mo('GAME');
    await w.mo('TONE');
    expect(charging.terms()).toEqual({ ddfh: 'continue', ccfh: 'terminate' });
  });
});
