/** An amount as the catalogue and the OCS know it: whole minor units, never a float. */
export interface Money {
  /** Minor units (cents); a safe integer, zero or more. */
  readonly minor: number;
  /** ISO 4217 alphabetic code. */
  readonly currency: string;
  /** Decimals of the currency: 0 (JPY), 2 (KES) or 3 (KWD). */
  readonly decimals: number;
}

/** ISO 4217 numeric codes and decimals of the currencies that a catalogue may use. */
export const CURRENCIES: Readonly<Record<string, { readonly numeric: number; readonly decimals: number }>> = {
  AED: { numeric: 784, decimals: 2 },
  AUD: { numeric: 36, decimals: 2 },
  BDT: { numeric: 50, decimals: 2 },
  BHD: { numeric: 48, decimals: 3 },
  BRL: { numeric: 986, decimals: 2 },
  CNY: { numeric: 156, decimals: 2 },
  EGP: { numeric: 818, decimals: 2 },
  EUR: { numeric: 978, decimals: 2 },
  GBP: { numeric: 826, decimals: 2 },
  GHS: { numeric: 936, decimals: 2 },
  IDR: { numeric: 360, decimals: 2 },
  INR: { numeric: 356, decimals: 2 },
  JPY: { numeric: 392, decimals: 0 },
  KES: { numeric: 404, decimals: 2 },
  KRW: { numeric: 410, decimals: 0 },
  KWD: { numeric: 414, decimals: 3 },
  MXN: { numeric: 484, decimals: 2 },
  NGN: { numeric: 566, decimals: 2 },
  OMR: { numeric: 512, decimals: 3 },
  PHP: { numeric: 608, decimals: 2 },
  PKR: { numeric: 586, decimals: 2 },
  SAR: { numeric: 682, decimals: 2 },
  THB: { numeric: 764, decimals: 2 },
  TND: { numeric: 788, decimals: 3 },
  TZS: { numeric: 834, decimals: 2 },
  UGX: { numeric: 800, decimals: 0 },
  USD: { numeric: 840, decimals: 2 },
  VND: { numeric: 704, decimals: 0 },
  XAF: { numeric: 950, decimals: 0 },
  XOF: { numeric: 952, decimals: 0 },
  ZAR: { numeric: 710, decimals: 2 },
  ZMW: { numeric: 967, decimals: 2 },
};

/** "KES 5.00", "JPY 500", "KWD 1.250": what a subscriber reads. */
export function moneyText({ minor, currency, decimals }: Money): string {
  if (decimals === 0) return `${currency} ${minor}`;
  const digits = String(minor).padStart(decimals + 1, '0');
  return `${currency} ${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
