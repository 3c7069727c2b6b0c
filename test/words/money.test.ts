import { describe, expect, it } from 'vitest';
import { CURRENCIES, moneyText } from '../../src/domain/money.ts';
import { encodeText } from '../../src/smpp/text/encode.ts';
import { localMoney } from '../../src/words/money.ts';
import { parseTemplate } from '../../src/words/template.ts';

describe('an amount', () => {
  it.each([
    ['en', 'KES 1250.00', 'KES 1,250.00'],
    ['en', 'KES 5.00', 'KES 5.00'],
    ['fr', 'EUR 12.50', '12,50 EUR'],
    ['es', 'KES 20.00', '20,00 KES'],
    ['zh', 'CNY 5.00', 'CNY 5.00'],
    ['hi', 'INR 125000.00', 'INR 1,25,000.00'],
    ['sw', 'KES 20.00', 'KES 20.00'],
    ['fr', 'JPY 500', '500 JPY'],
    ['fr', 'KWD 1.250', '1,250 KWD'],
    ['he', 'ILS 5.00', '5.00 ILS'],
  ])('in %s: %s is written %s', (language, text, written) => {
    expect(localMoney(text, language)).toBe(written);
    // The second time it is remembered.
    expect(localMoney(text, language)).toBe(written);
  });

  it('is left alone where it is none', () => {
    expect(['free', 'KES', 'KES 5,00', 'kes 5.00', ''].map((text) => localMoney(text, 'fr'))).toEqual([
      'free',
      'KES',
      'KES 5,00',
      'kes 5.00',
      '',
    ]);
  });

  it('never costs a text its 7-bit alphabet in a language that has it', () => {
    for (const language of ['en', 'fr', 'es', 'sw'])
      for (const [currency, { decimals }] of Object.entries(CURRENCIES)) {
        const text = localMoney(moneyText({ minor: 123_456_789, currency, decimals }), language);
        expect(encodeText(text, { defaultAlphabet: 'gsm7' }).alphabet, text).not.toBe('ucs2');
      }
  });

  it('is written so in every argument that is one, and nowhere else', () => {
    const read = parseTemplate('{price} {oldPrice} {limit} {spent} {title}', 'fr');
    const price = 'KES 5.00';
    const written = read.ok && read.value.render({ price, oldPrice: price, limit: price, spent: price, title: price });
    expect(written).toBe('5,00 KES 5,00 KES 5,00 KES 5,00 KES KES 5.00');
  });
});
