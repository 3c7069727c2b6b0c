/**
 * Money as integers of minor units, to and from RFC 8506 section 8.8 Unit-Value: Value-Digits x 10 ^ Exponent, in the
 * currency's major unit. No float ever holds an amount.
 */

/** ISO 4217: alphabetic code, numeric code, number of decimals. Others can be given as `ZZZ:999:2` (parseCurrency). */
const CURRENCIES: readonly (readonly [string, number, number])[] = [
  ['AED', 784, 2],
  ['AUD', 36, 2],
  ['BDT', 50, 2],
  ['BHD', 48, 3],
  ['BRL', 986, 2],
  ['CAD', 124, 2],
  ['CHF', 756, 2],
  ['CLP', 152, 0],
  ['CNY', 156, 2],
  ['COP', 170, 2],
  ['CZK', 203, 2],
  ['DKK', 208, 2],
  ['EGP', 818, 2],
  ['ETB', 230, 2],
  ['EUR', 978, 2],
  ['GBP', 826, 2],
  ['GHS', 936, 2],
  ['HKD', 344, 2],
  ['HUF', 348, 2],
  ['IDR', 360, 2],
  ['INR', 356, 2],
  ['ISK', 352, 0],
  ['JOD', 400, 3],
  ['JPY', 392, 0],
  ['KES', 404, 2],
  ['KRW', 410, 0],
  ['KWD', 414, 3],
  ['LKR', 144, 2],
  ['MAD', 504, 2],
  ['MXN', 484, 2],
  ['MYR', 458, 2],
  ['NGN', 566, 2],
  ['NOK', 578, 2],
  ['NPR', 524, 2],
  ['NZD', 554, 2],
  ['OMR', 512, 3],
  ['PHP', 608, 2],
  ['PKR', 586, 2],
  ['PLN', 985, 2],
  ['RON', 946, 2],
  ['RWF', 646, 0],
  ['SAR', 682, 2],
  ['SEK', 752, 2],
  ['SGD', 702, 2],
  ['THB', 764, 2],
  ['TND', 788, 3],
  ['TRY', 949, 2],
  ['TZS', 834, 2],
  ['UAH', 980, 2],
  ['UGX', 800, 0],
  ['USD', 840, 2],
  ['VND', 704, 0],
  ['XAF', 950, 0],
  ['XOF', 952, 0],
  ['ZAR', 710, 2],
  ['ZMW', 967, 2],
];

export interface Currency {
  readonly code: string;
  /** ISO 4217 numeric code, as Currency-Code (425) carries it. */
  readonly numeric: number;
  readonly decimals: number;
}

/** `KES`, or `ABC:999:2` for one that the table lacks. None when it is neither. */
export function parseCurrency(text: string): Currency | undefined {
  const own = /^([A-Z]{3}):(\d{1,3}):([0-4])$/.exec(text);
  if (own !== null) return { code: own[1] ?? '', numeric: Number(own[2]), decimals: Number(own[3]) };
  const row = CURRENCIES.find(([code]) => code === text);
  return row === undefined ? undefined : { code: row[0], numeric: row[1], decimals: row[2] };
}

/** Beyond this an amount would no longer be exact as a JSON number in ledger and accounts. */
export const MAX_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER);

/** Largest power of ten that can matter: any other exponent is nonsense, and 10 ^ 2147483647 would stop the process. */
const MAX_SHIFT = 18;

/** Minor units, or none when the value is no whole number of them or out of range. */
export function toMinor(digits: bigint, exponent: number, currency: Currency): bigint | undefined {
  const shift = exponent + currency.decimals;
  if (Math.abs(shift) > MAX_SHIFT) return digits === 0n ? 0n : undefined;
  const scale = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % scale !== 0n) return undefined;
  const amount = shift < 0 ? digits / scale : digits * scale;
  return amount < 0n || amount > MAX_AMOUNT ? undefined : amount;
}
