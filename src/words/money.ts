/** How moneyText writes an amount, whatever the language: "KES 5.00". */
const AMOUNT = /^([A-Z]{3}) (\d+(?:\.(\d+))?)$/;

/** Spaces that would cost an SMS its 7-bit alphabet, and marks of direction that handsets show as boxes. */
const SPACES = /[\u00a0\u202f]/g;
const MARKS = /[\u061c\u200e\u200f]/g;

/** Amounts that a catalogue names are few. */
const REMEMBERED = 1000;
const known = new Map<string, string>();

/** An amount as readers of that language write it: "KES 5.00", "5,00 KES". Stores, the API and CDR keep the one form. */
export function localMoney(text: string, language: string): string {
  const key = `${language} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const written = write(text, language);
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, written);
  return written;
}

/** Whether an amount is none: what costs it is free. */
export function isNothing(text: string): boolean {
  const [, , amount] = AMOUNT.exec(text) ?? [];
  return amount !== undefined && Number(amount) === 0;
}

function write(text: string, language: string): string {
  const [, currency, amount, decimals = ''] = AMOUNT.exec(text) ?? [];
  if (currency === undefined) return text;
  const places = { minimumFractionDigits: decimals.length, maximumFractionDigits: decimals.length };
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code', ...places });
  return format.format(Number(amount)).replace(SPACES, ' ').replace(MARKS, '');
}
