/** Money as Unit-Value: whole digits and a decimal exponent (RFC 8506 8.8), never a float. */
import { bigOf, groupOf, numberOf } from './avp.ts';
import { CURRENCIES, type Money } from '../domain/money.ts';
import type { Avp, Field } from './message.ts';

/** Beyond this an exponent names no amount of money, and 10 to its power no number that we want to build. */
const MAX_EXPONENT = 18;

/** CC-Money of a price: digits are minor units, the exponent is minus the currency's decimals. */
export function moneyField({ minor, currency, decimals }: Money): Field {
  const unitValue: Field = [
    'Unit-Value',
    [
      ['Value-Digits', BigInt(minor)],
      ['Exponent', -decimals],
    ],
  ];
  const numeric = CURRENCIES[currency]?.numeric;
  return ['CC-Money', numeric === undefined ? [unitValue] : [unitValue, ['Currency-Code', numeric]]];
}

export type Granted = { readonly minor: number } | 'other-currency' | 'unreadable';

function toMinor(digits: bigint, power: number): number | undefined {
  if (Math.abs(power) > MAX_EXPONENT) return undefined;
  // Less than a minor unit was not granted as one: division of bigints cuts it off.
  const minor = power >= 0 ? digits * 10n ** BigInt(power) : digits / 10n ** BigInt(-power);
  return minor >= 0n && minor <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(minor) : undefined;
}

function readUnitValue(value: readonly Avp[], decimals: number): Granted {
  const digits = bigOf(value, 'Value-Digits');
  const minor = digits === undefined ? undefined : toMinor(digits, (numberOf(value, 'Exponent') ?? 0) + decimals);
  return minor === undefined ? 'unreadable' : { minor };
}

/** Units beside money (RFC 8506 8.17): CC-Time 420, octets 421, 412 and 414, service-specific ones 417. */
const UNITS = ['CC-Time', 'CC-Total-Octets', 'CC-Input-Octets', 'CC-Output-Octets', 'CC-Service-Specific-Units'];

/**
 * The minor units of `price`'s currency that a service unit group grants; undefined when it speaks of no money. None of
 * whatever units it names is nothing granted.
 */
export function readMoney(unit: readonly Avp[], price: Money): Granted | undefined {
  const money = groupOf(unit, 'CC-Money');
  if (money === undefined) return isNothing(unit) ? { minor: 0 } : undefined;
  const currency = numberOf(money, 'Currency-Code');
  if (currency !== undefined && currency !== CURRENCIES[price.currency]?.numeric) return 'other-currency';
  return readUnitValue(groupOf(money, 'Unit-Value') ?? [], price.decimals);
}

/** What several groups grant together: a sum only where each of them can be read. */
export function readGranted(units: readonly (readonly Avp[])[], price: Money): Granted | undefined {
  const read = units.map((unit) => readMoney(unit, price));
  const amounts = read.filter((one) => typeof one === 'object').map(({ minor }) => minor);
  if (amounts.length === 0) return read.find((one) => one !== undefined);
  const minor = amounts.reduce((sum, amount) => sum + amount, 0);
  return amounts.length === read.length && Number.isSafeInteger(minor) ? { minor } : 'unreadable';
}

function isNothing(unit: readonly Avp[]): boolean {
  const units = unit.filter(({ name }) => UNITS.includes(name));
  return units.length > 0 && units.every(({ value }) => Number(value) === 0);
}

/** Cost-Information as money (RFC 8506 8.7); whole minor units; undefined where it names no currency of ours. */
export function readCost(cost: readonly Avp[]): Money | undefined {
  const numeric = numberOf(cost, 'Currency-Code');
  const [currency, known] = Object.entries(CURRENCIES).find(([, one]) => one.numeric === numeric) ?? [];
  if (currency === undefined || known === undefined) return undefined;
  const { decimals } = known;
  const value = readUnitValue(groupOf(cost, 'Unit-Value') ?? [], decimals);
  return typeof value === 'object' ? { minor: value.minor, currency, decimals } : undefined;
}
