import fc from 'fast-check';
import { type CountryCode, parsePhoneNumberFromString as parsed } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { lastThree, toE164 } from '../../src/domain/msisdn.ts';

const UNKNOWN = 0;
const INTERNATIONAL = 1;
const NATIONAL = 2;
const NETWORK_SPECIFIC = 3;
const ALPHANUMERIC = 5;
const ABBREVIATED = 6;

/** A type of number, and digits. */
type Telling = readonly [ton: number, digits: string];

describe('E20: MSISDN to E.164 by TON, NPI and the country of the link', () => {
  it.each([
    ['international', INTERNATIONAL, 1, '254712345678', '254', '254712345678'],
    ['international with a plus', INTERNATIONAL, 1, '+254712345678', '254', '254712345678'],
    ['international of another country', INTERNATIONAL, 1, '447911123456', '254', '447911123456'],
    ['a plus says more than the type', NATIONAL, 1, '+447911123456', '254', '447911123456'],
    ['00 in front', UNKNOWN, 0, '00254712345678', '254', '254712345678'],
    ['national', NATIONAL, 1, '712345678', '254', '254712345678'],
    ['national with the trunk zero', NATIONAL, 8, '0712345678', '254', '254712345678'],
    ['national that begins like the country', NATIONAL, 1, '9198765432', '91', '919198765432'],
    ['complete though it says national', NATIONAL, 1, '254710777001', '254', '254710777001'],
    ['complete behind a trunk zero', NATIONAL, 8, '0254710777001', '254', '254710777001'],
    ['complete though it says national (India)', NATIONAL, 1, '919876543210', '91', '919876543210'],
    ['complete though it says national (China)', NATIONAL, 1, '8613812345678', '86', '8613812345678'],
    ['complete though it says national (North America)', NATIONAL, 1, '12125551234', '1', '12125551234'],
    ['complete though it says national (South Africa)', NATIONAL, 1, '27821234567', '27', '27821234567'],
    ['national that begins like the country (South Africa)', NATIONAL, 1, '271234567', '27', '27271234567'],
    ['national that begins like the country (Russia)', NATIONAL, 1, '7012345678', '7', '77012345678'],
    ['eleven national digits (China)', NATIONAL, 1, '13812345678', '86', '8613812345678'],
    ['national digits though it says international', INTERNATIONAL, 1, '0712345678', '254', '254712345678'],
    ['untyped, national with the trunk zero', UNKNOWN, 0, '0712345678', '254', '254712345678'],
    ['untyped, national', UNKNOWN, 1, '712345678', '254', '254712345678'],
    ['untyped, complete', UNKNOWN, 1, '254712345678', '254', '254712345678'],
    ['untyped, complete, of a small country', UNKNOWN, 0, '3546123456', '354', '3546123456'],
    ['untyped, ten national digits (India)', UNKNOWN, 0, '9876543210', '91', '919876543210'],
    ['untyped, ten national digits (North America)', UNKNOWN, 0, '2125551234', '1', '12125551234'],
    ['untyped, eleven national digits (China)', UNKNOWN, 1, '13812345678', '86', '8613812345678'],
    ['untyped, too long to be national', UNKNOWN, 1, '447911123456', '254', '447911123456'],
    ['untyped, complete, of a mobile with nine digits (Italy)', UNKNOWN, 1, '39335123456', '39', '39335123456'],
    ['untyped, complete, of a fixed line (Thailand)', UNKNOWN, 1, '6621234567', '66', '6621234567'],
    ['untyped, complete, of a fixed line (Brazil)', UNKNOWN, 1, '551131234567', '55', '551131234567'],
    ['untyped, national with the trunk zero (Vietnam)', UNKNOWN, 1, '0841234567', '84', '84841234567'],
    ['complete behind a trunk zero (Vietnam)', UNKNOWN, 1, '084912345678', '84', '84912345678'],
    ['blanks around', UNKNOWN, 1, ' 254712345678 ', '254', '254712345678'],
    ['a mobile that its SMSC calls network-specific', NETWORK_SPECIFIC, 1, '254712345678', '254', '254712345678'],
    ['the same, national', NETWORK_SPECIFIC, 1, '0712345678', '254', '254712345678'],
  ] as const)('%s: ton %i, npi %i, %s over a link of +%s', (...row) => {
    const [, ton, npi, digits, country, expected] = row;
    expect(toE164({ ton, npi, digits }, country)).toBe(expected);
  });

  it.each([
    ['Brazil', '55', '55991234567'],
    ['Brazil, a fixed line', '55', '5532201234'],
    ['Cuba', '53', '53123456'],
    ['Egypt, a fixed line', '20', '201234567'],
    ['Hungary, a fixed line', '36', '36512345'],
    ['India', '91', '9198765432'],
    ['Indonesia, a fixed line', '62', '6221234567'],
    ['Italy', '39', '3921234567'],
    ['Kazakhstan', '7', '7012345678'],
    ['Myanmar', '95', '95123456'],
    ['Norway', '47', '47123456'],
    ['Pakistan, a fixed line', '92', '922123456'],
    ['Philippines, a fixed line', '63', '632212345'],
    ['South Africa', '27', '271234567'],
    ['Sweden, a fixed line', '46', '462221234'],
    ['Thailand', '66', '661234567'],
    ['Vietnam', '84', '841234567'],
  ])('names one subscriber whose national number begins like the country: %s', (_, country, national) => {
    const whole = country + national;
    const told = [UNKNOWN, INTERNATIONAL, NATIONAL].map((ton) => toE164({ ton, npi: 1, digits: whole }, country));
    expect(told).toEqual([whole, whole, whole]);
    const short = [UNKNOWN, NATIONAL].map((ton) => toE164({ ton, npi: 1, digits: national }, country));
    expect(short).toEqual([whole, whole]);
  });

  it.each([
    ['a short code', UNKNOWN, 1, '40400'],
    ['a short code of six digits', INTERNATIONAL, 1, '404001'],
    ['a short code that says national', NATIONAL, 1, '5000'],
    ['an alphanumeric sender', ALPHANUMERIC, 0, 'BANK'],
    ['an alphanumeric sender made of digits', ALPHANUMERIC, 0, '254712345678'],
    ['an alphanumeric sender under a wrong type', UNKNOWN, 0, 'MyBank'],
    ['a network-specific number', NETWORK_SPECIFIC, 0, '254712345678'],
    ['a network-specific number that is no mobile', NETWORK_SPECIFIC, 1, '254202345678'],
    ['a network-specific number that no plan knows', NETWORK_SPECIFIC, 1, '1234567'],
    ['an abbreviated number', ABBREVIATED, 0, '7123456'],
    ['an IMSI (NPI 6, E.212)', INTERNATIONAL, 6, '639020123456789'],
    ['an IP address (NPI 14)', UNKNOWN, 14, '192168000001'],
    ['nothing', UNKNOWN, 0, ''],
    ['zeroes', UNKNOWN, 0, '0000000'],
    ['too long for E.164', INTERNATIONAL, 1, '2547123456789012'],
    ['separators', INTERNATIONAL, 1, '+254 712 345 678'],
    ['a plus in the middle', INTERNATIONAL, 1, '2547+12345678'],
    ['hexadecimal', INTERNATIONAL, 1, '2547123456ab'],
    ['other digits than ASCII', INTERNATIONAL, 1, '٢٥٤٧١٢٣٤٥٦٧٨'],
  ] as const)('%s is no subscriber', (_, ton, npi, digits) => {
    expect(toE164({ ton, npi, digits }, '254')).toBeUndefined();
  });

  it.each(Object.entries(examples))('names one subscriber of %s, however the number is told', (region, national) => {
    const number = parsed(national, region as CountryCode);
    const country = number?.countryCallingCode ?? '';
    const whole = country + national;
    const dialled = number?.formatNational().replace(/\D/g, '') ?? '';
    const either = [whole, national, dialled].flatMap((digits): Telling[] => [
      [NATIONAL, digits],
      [UNKNOWN, digits],
    ]);
    const tellings = [...either, [INTERNATIONAL, whole] as const].filter(([, digits]) => digits.length > 6);
    expect(tellings.map(([ton, digits]) => toE164({ ton, npi: 1, digits }, country))).toEqual(
      tellings.map(() => whole),
    );
  });

  it.each([
    ['a range that the plan does not know yet', '254', '299999999', '254299999999'],
    ['the same behind a trunk zero', '254', '0299999999', '254299999999'],
    ['the trunk eight of Russia', '7', '89161234567', '79161234567'],
    ['the trunk prefix of Hungary', '36', '06201234567', '36201234567'],
    ['twelve digits, complete (Indonesia)', '62', '628123456789', '628123456789'],
    ['twelve digits, national (Indonesia)', '62', '812345678901', '62812345678901'],
    ['a fixed line whose zero belongs to it (Italy)', '39', '0612345678', '390612345678'],
  ])('%s', (_, country, digits, expected) => {
    const told = [UNKNOWN, NATIONAL].map((ton) => toE164({ ton, npi: 1, digits }, country));
    expect(told).toEqual([expected, expected]);
  });

  it('never answers with anything but E.164 digits', () => {
    const address = fc.record({
      ton: fc.nat(7),
      npi: fc.nat(18),
      digits: fc.oneof(fc.string(), fc.stringMatching(/^\+?0{0,3}\d{0,18}$/)),
    });
    fc.assert(
      fc.property(address, fc.constantFrom('1', '91', '254'), (from, country) => {
        expect(toE164(from, country) ?? '1234567').toMatch(/^[1-9]\d{6,14}$/);
      }),
    );
  });
});

it('E19: logs and pages show the last three digits', () => {
  expect(lastThree('254712345678')).toBe('…678');
});
