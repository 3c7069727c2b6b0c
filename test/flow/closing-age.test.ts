import { describe, expect, it } from 'vitest';
import type { Act } from './fakes/ocs.ts';
import { closesFirst, grants, isSilent, says } from './fakes/ocs.ts';
import { HOUR, World } from './world.ts';

describe('E4: the end of a reservation that gets no answer', () => {
  it('a commit that is never answered is disputed when the OCS has forgotten it', async () => {
    const w = new World();
    w.ocs.plays(grants(), ...Array<Act>(1000).fill(isSilent('booked')));
    await w.mo('FILM');
    let last = await w.work();
    while (last.kind === 'wait') last = await w.work();
    expect(last.kind).toBe('dead');
    expect(w.states()).toEqual(['disputed']);
    expect(w.noted('order.disputed')).toHaveLength(1);
  });

  it('is told to wait once, however long the OCS remembers', async () => {
    const w = new World();
    w.settings = { ...w.settings, duplicateMemory: 7 * 24 * HOUR };
    w.ocs.plays(grants(), ...Array<Act>(3000).fill(isSilent('booked')));
    await w.mo('FILM');
    for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
    expect(w.states()).toEqual(['disputed']);
    expect(w.heard()).toEqual(['waiting']);
  });

  it('a commit that cannot even leave is looked at by a person too: what it would commit has lapsed', async () => {
    const w = new World();
    w.ocs.plays(grants(), closesFirst());
    await w.mo('FILM');
    w.ocs.open = false;
    for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
    expect(w.states()).toEqual(['disputed']);
    expect(w.ocs.received).toHaveLength(1);
  });

  it.each<[string, Act, boolean, string]>([
    ['a commit that never leaves', closesFirst(), true, 'disputed'],
    ['a commit that meets 3002 each time', says(3002), true, 'disputed'],
    ['a release that never leaves', closesFirst(), false, 'uncharged'],
    ['a release that meets 3002 each time', says(3002), false, 'uncharged'],
  ])('while a peer is open, %s ends as old as the memory of the OCS', async (_, act, provided, state) => {
    const w = new World();
    const came = provided ? { kind: 'done' as const } : { kind: 'failed' as const, reason: 'no', refused: true };
    w.ports = { ...w.ports, provide: () => Promise.resolve(came) };
    w.ocs.plays(grants(), ...Array<Act>(1000).fill(act));
    await w.mo('FILM');
    const decidedAt = w.order().closing!.identity.eventTimestamp * 1000;
    for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
    expect(w.states()).toEqual([state]);
    const age = w.clock.now() - decidedAt;
    expect(age).toBeGreaterThan(w.settings.duplicateMemory);
    expect(age).toBeLessThan(w.settings.duplicateMemory + HOUR);
  });

  it('a release that is never answered ends: what it held has lapsed', async () => {
    const w = new World({ acme: 90 });
    w.ports = { ...w.ports, provide: () => Promise.resolve({ kind: 'failed', reason: 'no', refused: true }) };
    w.ocs.plays(grants(), ...Array<Act>(1000).fill(isSilent()));
    await w.mo('FILM');
    let last = await w.work();
    while (last.kind === 'wait') last = await w.work();
    expect(w.states()).toEqual(['uncharged']);
    expect(w.heard()).toEqual(['not-provided']);
  });
});
