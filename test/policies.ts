import type { Band, Policy } from '../src/domain/policy.ts';

export const BANDS: readonly Band[] = [
  { name: 'trusted', from: 80, interaction: 'notice' },
  { name: 'known', from: 30, interaction: 'confirm' },
  { name: 'watched', from: 1, interaction: 'otp' },
  { name: 'barred', from: 0, interaction: 'refuse' },
];

/** A policy in which the band alone speaks for cheap, repeated orders. */
export const POLICY: Policy = {
  version: 'policy-1',
  bands: BANDS,
  profile: { name: 'neutral', floor: { once: 'notice', recurring: 'notice' } },
  priceSteps: [],
  firstOrder: 'notice',
  unknownCredit: 'confirm',
};
