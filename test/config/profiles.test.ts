import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Facts } from '../../src/domain/policy.ts';
import { decide } from '../../src/domain/policy.ts';
import { BASE, configOf } from './base.ts';

const names = (await readdir('config/profiles')).map((file) => file.replace('.yaml', ''));

async function policyOf(name: string) {
  const config = BASE.replace(/policy:[^]*?(?=language:)/, `policy:\n  profile: { file: profiles/${name}.yaml }\n`);
  const content = await readFile(`config/profiles/${name}.yaml`, 'utf8');
  // India's ten seconds over USSD are shorter than the default.
  const env = name === 'in' ? { ORDERD_CHALLENGE__USSD_WINDOW: '10s' } : {};
  return (await configOf(config, { [`profiles/${name}.yaml`]: content }, env)).policy;
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
    ['in', 'confirm', 'confirm'],
    ['cn', 'notice', 'confirm'],
    ['gb', 'notice', 'confirm'],
    ['za', 'notice', 'confirm'],
    ['us', 'confirm', 'confirm'],
  ])('%s: the best provider gets %s once and %s for a subscription', async (name, once, recurring) => {
    const policy = await policyOf(name);
    expect(decide(policy, trusted).interaction).toBe(once);
    expect(decide(policy, { ...trusted, recurring: true }).interaction).toBe(recurring);
  });

  it.each([
    ['in', true],
    ['cn', false],
    ['gb', false],
    ['za', true],
    ['us', true],
  ])('%s: a bare YES confirms: %s', async (name, plainYes) => {
    expect((await policyOf(name)).profile.plainYes).toBe(plainYes);
  });

  it.each(names)('%s tells where its rules come from', async (name) => {
    const { basis } = parse(await readFile(`config/profiles/${name}.yaml`, 'utf8')) as { readonly basis: string };
    expect(basis).toMatch(/read|No rule book/);
  });

  it('are all listed above', () => {
    expect([...names].sort()).toEqual([
      'always-confirm',
      'cn',
      'double-opt-in',
      'gb',
      'in',
      'kenya',
      'neutral',
      'us',
      'za',
    ]);
  });
});
