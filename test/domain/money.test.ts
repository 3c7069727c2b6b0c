import { expect, it } from 'vitest';
import { CURRENCIES, moneyText } from '../../src/domain/money.ts';

it.each([
  [500, 'KES', 2, 'KES 5.00'],
  [5, 'KES', 2, 'KES 0.05'],
  [50, 'KES', 2, 'KES 0.50'],
  [0, 'KES', 2, 'KES 0.00'],
  [123_456_789, 'EUR', 2, 'EUR 1234567.89'],
  [500, 'JPY', 0, 'JPY 500'],
  [0, 'JPY', 0, 'JPY 0'],
  [1250, 'KWD', 3, 'KWD 1.250'],
  [7, 'KWD', 3, 'KWD 0.007'],
  [Number.MAX_SAFE_INTEGER, 'USD', 2, 'USD 90071992547409.91'],
] as const)('%i minor units of %s read %s', (minor, currency, decimals, text) => {
  expect(moneyText({ minor, currency, decimals })).toBe(text);
});

it('knows each currency by its own ISO 4217 number', () => {
  const numbers = Object.values(CURRENCIES).map(({ numeric }) => numeric);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const { numeric, decimals } of Object.values(CURRENCIES)) {
    expect(numeric).toBeGreaterThan(0);
    expect(numeric).toBeLessThan(1000);
    expect([0, 2, 3]).toContain(decimals);
  }
});
