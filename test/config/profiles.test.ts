import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/domain/policy.ts';
import { decide } from '../../src/domain/policy.ts';
import { BASE, configOf } from './base.ts';

const names = (await readdir('config/profiles')).map((file) => file.replace('.yaml', ''));

async function policyOf(name: string) {
  const config = BASE.replace(/policy:[^]*?(?=language:)/, `policy:\n  profile: { file: profiles/${name}.yaml }\n`);
  const content = await readFile(`config/profiles/${name}.yaml`, 'utf8');
  return (await configOf(config, { [`profiles/${name}.yaml`]: content })).policy;
}

const trusted: Facts = {
  credit: { kind: 'known', score: 100, ageMs: 0 },
  suspended: false,
  price: { minor: 500, currency: 'KES', decimals: 2 },
  recurring: false,
  firstOrder: false,
};

describe('the profiles', () => {
  it.each(names)('%s is a profile under its own name', async (name) => {
    expect((await policyOf(name)).profile.name).toBe(name);
  });

  // CONSENT, derived default 1: the floor beats credit.
  it.each([
    ['neutral', 'notice', 'notice'],
    ['kenya', 'notice', 'confirm'],
    ['double-opt-in', 'notice', 'confirm'],
    ['always-confirm', 'confirm', 'confirm'],
  ])('%s: the best provider gets %s once and %s for a subscription', async (name, once, recurring) => {
    const policy = await policyOf(name);
    expect(decide(policy, trusted).interaction).toBe(once);
    expect(decide(policy, { ...trusted, recurring: true }).interaction).toBe(recurring);
  });

  it('are all listed above', () => {
    expect([...names].sort()).toEqual(['always-confirm', 'double-opt-in', 'kenya', 'neutral']);
  });
});
