import { describe, expect, it } from 'vitest';
import { providerSource } from '../../src/daemon/noc-providers.ts';
import type { Storage } from '../../src/daemon/storage.ts';
import type { Ports } from '../../src/flow/ports/ports.ts';
import { SERVICES } from '../catalogues.ts';
import { POLICY } from '../policies.ts';

const NOW = 1_700_000_000_000;

describe('a provider as staff see it', () => {
  it('shows the services that a fall of its credit suspended, while they are', async () => {
    const suspended = { game: NOW + 1, tone: NOW };
    const standing = { band: 'known', since: 0, suspended, seen: {} };
    const provider = { id: 'fun', name: 'Fun', suspended: false, startingPoints: 90 };
    const storage = { credit: {}, suspensions: { of: () => undefined }, clock: { now: () => NOW } };
    const ports = {
      catalogue: () => ({
        providers: new Map([['fun', provider]]),
        services: new Map(Object.entries(SERVICES)),
      }),
      policy: () => POLICY,
      credit: { read: () => Promise.resolve({ kind: 'known', score: 50, standing }) },
    };
    const source = providerSource(storage as unknown as Storage, ports as unknown as Ports);
    expect(await source.list()).toMatchObject([
      { id: 'fun', suspended: undefined, suspendedServices: [{ service: 'game', until: NOW + 1 }] },
    ]);
  });

  it('resumes a provider that a person suspended, or one service that its credit did', async () => {
    const resumed: (readonly string[])[] = [];
    const resume = (...what: readonly string[]): Promise<boolean> => Promise.resolve(resumed.push(what) > 0);
    const storage = { credit: { resume }, suspensions: { resume }, clock: { now: () => NOW } };
    const source = providerSource(storage as unknown as Storage, {} as Ports);
    expect([await source.resume('fun'), await source.resume('fun', 'game')]).toEqual([true, true]);
    expect(resumed).toEqual([['fun'], ['fun', 'game']]);
  });
});
