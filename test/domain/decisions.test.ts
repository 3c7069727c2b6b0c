import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { CreditReading, Interaction } from '../../src/domain/policy.ts';
import { decide, decisionText } from '../../src/domain/policy.ts';
import { POLICY } from '../policies.ts';

const CREDITS: readonly (readonly [string, CreditReading])[] = [
  ['trusted', { kind: 'known', score: 90, ageMs: 1000 }],
  ['known', { kind: 'known', score: 50, ageMs: 1000 }],
  ['watched', { kind: 'known', score: 10, ageMs: 1000 }],
  ['barred', { kind: 'known', score: 0, ageMs: 1000 }],
  ['stale', { kind: 'stale', score: 90, ageMs: 61_000 }],
  ['unknown', { kind: 'unknown', reason: 'no credit book' }],
];
const FLOORS: readonly Interaction[] = ['notice', 'confirm', 'otp', 'refuse'];
/** Minor units of KES below, between and above the two price steps. */
const PRICES = [1000, 1001, 5001];
const PRICE_STEPS = [
  { currency: 'KES', above: 1000, atLeast: 'confirm' },
  { currency: 'KES', above: 5000, atLeast: 'otp' },
] as const;

function line(
  [name, credit]: (typeof CREDITS)[number],
  floor: Interaction,
  minor: number,
  firstOrder: boolean,
): string {
  const decision = decide(
    {
      ...POLICY,
      profile: { name: 'golden', floor: { once: floor, recurring: floor } },
      priceSteps: PRICE_STEPS,
      firstOrder: 'confirm',
    },
    { credit, suspended: false, price: { minor, currency: 'KES', decimals: 2 }, recurring: false, firstOrder },
  );
  const head = [
    name.padEnd(8),
    `floor ${floor.padEnd(8)}`,
    String(minor).padStart(4),
    firstOrder ? 'first ' : 'repeat',
  ];
  return `${head.join('  ')}  ${decisionText(decision)}`;
}

it('the whole decision matrix is the reviewed one: band x floor x price step x first order', () => {
  const lines = CREDITS.flatMap((credit) =>
    FLOORS.flatMap((floor) =>
      PRICES.flatMap((minor) => [false, true].map((firstOrder) => line(credit, floor, minor, firstOrder))),
    ),
  );
  const golden = new URL('../golden/decisions.txt', import.meta.url);
  const reviewed = readFileSync(golden, 'utf8')
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('#'));
  expect(lines).toEqual(reviewed);
});
