import { describe, expect, it } from 'vitest';
import type { Act } from './fakes/ocs.ts';
import { isSilent, meanwhile, says } from './fakes/ocs.ts';
import { HOUR, World } from './world.ts';

/** A process whose OCS said that about failures. */
function told(ddfh: 'terminate-or-buffer' | 'continue'): World {
  const w = new World();
  w.ports = { ...w.ports, charging: { ...w.ports.charging, terms: () => ({ ddfh }) } };
  return w;
}

describe('E7: grantOnUnknown, docs/adr/0006', () => {
  it('silence gives the service at once; the charge stays open and is resent with T', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    expect(w.order()).toMatchObject({ state: 'charge-unknown', givenEarly: true });
    expect(w.heard()).toEqual(['ordered']);
    expect(w.noted('order.given-early')).toHaveLength(1);
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.ocs.received.map(({ retransmit }) => retransmit)).toEqual([false, true]);
    expect(w.ocs.paid).toBe(500);
  });

  it('a STOP after it ends what the subscriber has: no later word is promised', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    await w.mo('STOP');
    expect(w.heard()).toEqual(['ordered', 'stopped']);
  });

  it('a later denial is recorded and alarmed; nothing is taken back, and no refund is invented', async () => {
    const w = new World();
    w.ocs.plays(isSilent(), says(4012));
    await w.mo('STARS');
    await w.work();
    expect(w.order()).toMatchObject({ state: 'placed', verdict: { kind: 'denied', reason: 'balance' } });
    expect(w.heard()).toEqual(['ordered']);
    expect(w.noted('order.given-unpaid')).toHaveLength(1);
    expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'debit']);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).has('horoscope')).toBe(true);
  });

  it('default false: every other service waits', async () => {
    const w = told('continue'); // the server may not loosen what we hold
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    expect(w.order()).toMatchObject({ state: 'charge-unknown' });
    expect(w.heard()).toEqual(['waiting']);
  });

  it('DDFH TERMINATE_OR_BUFFER from the server is stricter, and beats it (RFC 8506 8.15)', async () => {
    const w = told('terminate-or-buffer');
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    expect(w.heard()).toEqual(['waiting']);
    expect(w.order().givenEarly ?? false).toBe(false);
  });

  it('nothing was sent, so nothing is given', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('STARS');
    expect(w.states()).toEqual(['confirmed']);
    expect(w.heard()).toEqual(['waiting']);
  });

  it('E14: a STOP while the answer is awaited: nothing is given, and what was taken goes back', async () => {
    const w = new World();
    w.ocs.plays(meanwhile(() => w.mo('STOP STARS'), isSilent('booked')));
    await w.mo('STARS');
    await w.work();
    expect(w.states()).toEqual(['refunded']);
    expect(w.heard()).toEqual(['stop-requested', 'refunded']);
    expect(w.ocs.paid).toBe(0);
  });

  it('E14: a STOP after it was given ends the subscription; the charge is settled all the same', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    await w.mo('STOP STARS');
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered', 'stopped']);
    expect(w.memory.subscriptionsOf(w.order().frozen.msisdn).size).toBe(0);
    expect(w.ocs.paid).toBe(500);
  });

  it('who orders again meanwhile has it already', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('STARS');
    await w.mo('STARS');
    expect(w.heard()).toEqual(['ordered', 'already']);
  });

  it('E4: an answer that never comes ends in a dispute, and the service stays', async () => {
    const w = new World();
    w.ocs.plays(...Array<Act>(1000).fill(isSilent('booked')));
    await w.mo('STARS');
    await w.pass(HOUR);
    for (let last = await w.work(); last.kind === 'wait';) last = await w.work();
    expect(w.states()).toEqual(['disputed']);
    expect(w.heard()).toEqual(['ordered']);
  });
});
