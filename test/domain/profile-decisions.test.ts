import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CreditReading, Profile } from '../../src/domain/policy.ts';
import { decide, decisionText } from '../../src/domain/policy.ts';
import { POLICY } from '../policies.ts';

/** The whole decision matrix: band x profile x price step x first order, for services paid once and subscriptions. */
const CREDITS: readonly CreditReading[] = [90, 50, 10, 0].map((score) => ({ kind: 'known', score, ageMs: 0 }));
const PROFILES = ['neutral', 'in', 'cn', 'gb', 'za', 'us'];
const STEP = { currency: 'KES', above: 1000, atLeast: 'confirm' } as const;

function profileOf(name: string): Profile {
  return parse(readFileSync(`config/profiles/${name}.yaml`, 'utf8')) as Profile;
}

function lines(): readonly string[] {
  return PROFILES.flatMap((name) =>
    CREDITS.flatMap((credit) =>
      [false, true].flatMap((recurring) =>
        [1000, 1001].flatMap((minor) =>
          [false, true].map((firstOrder) => {
            const policy = { ...POLICY, profile: profileOf(name), priceSteps: [STEP], firstOrder: 'confirm' as const };
            const price = { minor, currency: 'KES', decimals: 2 };
            const decision = decide(policy, { credit, suspended: false, price, recurring, firstOrder });
            const head = [
              name.padEnd(7),
              decision.band.padEnd(7),
              recurring ? 'subscription' : 'once        ',
              String(minor),
              firstOrder ? 'first ' : 'repeat',
            ];
            return `${head.join('  ')}  ${decisionText(decision)}`;
          }),
        ),
      ),
    ),
  );
}

it('is the reviewed one', () => {
  const golden = new URL('../golden/profile-decisions.txt', import.meta.url);
  const text = readFileSync(golden, 'utf8');
  const notes = text.split('\n').filter((line) => line.startsWith('#'));
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, [...notes, ...lines(), ''].join('\n'));
  expect(lines()).toEqual(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
});
