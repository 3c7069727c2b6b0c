import { describe, expect, it } from 'vitest';
import type { ChargeAnswer } from '../../src/domain/charge.ts';
import type { Ratings } from '../../src/flow/ports/ports.ts';
import { answer, grants } from './fakes/ocs.ts';
import { BOB, World } from './world.ts';

const unrated = (): ChargeAnswer => ({ ...answer(5031), failedAvp: '000001b740000014' });

/** What redis/ratings.ts keeps, stopping after `failures`. */
function ratings(failures: number): Ratings {
  const counts = new Map<string, number>();
  return {
    failed: (id) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return Promise.resolve(counts.get(id) === failures);
    },
    rated: (id) => Promise.resolve(void counts.delete(id)),
    stopped: (id) => Promise.resolve((counts.get(id) ?? 0) >= failures),
  };
}

describe('5031 RATING_FAILED (RFC 8506 9.2)', () => {
  it('names the Failed-AVP in an alarm, and stops that service, and only that one, after so many in a row', async () => {
    const w = new World();
    w.ports = { ...w.ports, ratings: ratings(2) };
    w.ocs.plays(unrated, unrated);
    await w.mo('GAME');
    expect(w.noted('charge.rating-failed')).toEqual([
      { order: w.order().frozen.id, service: 'game', serviceIdentifier: 2, failedAvp: '000001b740000014' },
    ]);
    expect(w.noted('service.stopped')).toEqual([]);
    await w.mo('GAME');
    expect(w.noted('service.stopped')).toEqual([{ service: 'game' }]);
    await w.mo('GAME', { from: BOB });
    expect(w.states(BOB)).toEqual(['refused']);
    expect(w.order(BOB).frozen.decision).toMatchObject({ interaction: 'refuse', won: 'rating' });
    expect(w.heard(BOB)).toEqual(['refused']);
    await w.mo('TONE', { from: BOB });
    expect(w.heard(BOB)).toEqual(['refused', 'ordered']);
    expect(w.ocs.received).toHaveLength(3);
  });

  it('a service that is rated again counts anew', async () => {
    const w = new World();
    w.ports = { ...w.ports, ratings: ratings(2) };
    w.ocs.plays(unrated, grants(), unrated);
    for (let i = 0; i < 4; i++) await w.mo('GAME');
    expect(w.noted('service.stopped')).toEqual([]);
    expect(w.states()).toEqual(['uncharged', 'placed', 'uncharged', 'placed']);
  });
});

describe('E24: too much waits for the OCS', () => {
  it('an ordering MO gets a temporary error and leaves no trace: it is the one order when the SMSC sends it again', async () => {
    const w = new World();
    let overloaded = true;
    w.ports = { ...w.ports, overloaded: () => overloaded };
    expect(await w.mo('NEWS')).toBe('temporary-error');
    expect([w.orders(), w.heard(), w.ocs.received]).toEqual([[], [], []]);
    expect(w.noted('mo.pushed-back')).toHaveLength(1);
    overloaded = false;
    expect(await w.again()).toBe('stored');
    expect(w.states()).toEqual(['placed']);
  });

  it('an order by a keyword that is a number is no less one', async () => {
    const w = new World();
    w.catalogue = { ...w.catalogue, keywords: new Map(w.catalogue.keywords).set('5000 15', 'news') };
    w.ports = { ...w.ports, overloaded: () => true };
    expect(await w.mo('15')).toBe('temporary-error');
    w.ports = { ...w.ports, overloaded: () => false };
    expect(await w.again()).toBe('stored');
    expect(w.states()).toEqual(['placed']);
  });

  it('answers, stops, questions and what is free are always taken', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    w.ports = { ...w.ports, overloaded: () => true };
    expect(await w.mo('HELP')).toBe('stored');
    expect(await w.mo('WHAT IS THIS')).toBe('stored');
    expect(await w.mo('YES')).toBe('stored');
    expect(await w.mo('STOP NEWS')).toBe('stored');
    expect(await w.mo('JOKE')).toBe('stored');
    expect(w.heard()).toEqual(['confirm', 'help', 'help', 'ordered', 'stopped', 'confirm']);
  });
});
