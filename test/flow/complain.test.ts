import { describe, expect, it } from 'vitest';
import { complainByHand } from '../../src/flow/enquiry/complain.ts';
import { ALICE, BOB, HOUR, MINUTE, World } from './world.ts';

describe('complaints of one subscriber', () => {
  it('weigh on a provider’s credit once a day, whichever way they come; each is answered', async () => {
    const w = new World();
    await w.mo('NEWS');
    for (let i = 0; i < 3; i++) {
      await w.mo('COMPLAIN NEWS');
      w.clock.advance(2 * MINUTE);
    }
    await w.mo('complain NEWS, stop it');
    await complainByHand(w.ports, w.order().frozen.id);
    await w.mo('COMPLAIN NEWS', { from: BOB });
    expect(w.heard()).toEqual(['ordered', 'complaint', 'complaint', 'complaint', 'stopped', 'complaint']);
    w.clock.advance(24 * HOUR);
    await w.mo('COMPLAIN NEWS');
    const weighs = w.memory.complaints.map(({ msisdn, state }) => [msisdn, state]);
    expect(weighs).toEqual([
      [ALICE, 'recorded'],
      ...Array.from({ length: 4 }, () => [ALICE, 'again']),
      [BOB, 'recorded'],
      [ALICE, 'recorded'],
    ]);
  });
});

describe('a complaint that staff pass on', () => {
  it('counts against the provider of its order, is answered, and weighs on the next order', async () => {
    const w = new World();
    await w.mo('NEWS');
    expect(await complainByHand(w.ports, w.order().frozen.id)).toBe('recorded');
    expect(w.memory.complaints).toMatchObject([{ msisdn: ALICE, providerId: 'acme', serviceId: 'news' }]);
    expect(w.heard()).toEqual(['ordered', 'complaint']);
    expect(w.noted('complaint.recorded')).toEqual([{ provider: 'acme', service: 'news' }]);
    w.policy = { ...w.policy, trouble: { window: 24 * HOUR, atLeast: 'confirm' } };
    await w.mo('FILM');
    expect(w.order().frozen.decision).toMatchObject({ won: 'trouble', interaction: 'confirm' });
  });

  it('counts once a day, whoever passes it on', async () => {
    const w = new World();
    await w.mo('NEWS');
    const { id } = w.order().frozen;
    await complainByHand(w.ports, id);
    expect(await complainByHand(w.ports, id)).toBe('repeat');
    w.clock.advance(24 * HOUR);
    expect(await complainByHand(w.ports, id)).toBe('recorded');
    expect(w.memory.complaints).toHaveLength(2);
  });

  it('is recorded, and said to be, although its answer cannot be said yet: the sweeper says it', async () => {
    const w = new World();
    await w.mo('NEWS');
    const speaker = { ...w.ports.speaker, submit: () => Promise.reject(new Error('the store is away')) };
    expect(await complainByHand({ ...w.ports, speaker }, w.order().frozen.id)).toBe('recorded');
    await w.pass(HOUR);
    expect(w.heard()).toEqual(['ordered', 'complaint']);
  });

  it('needs an order', async () => {
    expect(await complainByHand(new World().ports, '01-nobody')).toBe('unknown');
  });
});
