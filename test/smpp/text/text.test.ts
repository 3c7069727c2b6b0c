import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphabetOf, decodeText } from '../../../src/smpp/text/decode.ts';
import { encodeText } from '../../../src/smpp/text/encode.ts';
import { decodeGsm7, septetsOf } from '../../../src/smpp/text/gsm7.ts';
import type { Carrier, TextPart } from '../../../src/smpp/text/split.ts';
import { splitText } from '../../../src/smpp/text/split.ts';
import { readUdh } from '../../../src/smpp/text/udh.ts';

const GSM_LETTERS = Array.from(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€',
);
const GSM7_LINK = { defaultAlphabet: 'gsm7' } as const;
const gsmText = (maxLength: number) =>
  fc.array(fc.constantFrom(...GSM_LETTERS), { maxLength }).map((all) => all.join(''));
/** Whole code points, lone surrogates left out: those have no UTF-16BE that a decoder must keep. */
const anyText = (maxLength: number) => fc.string({ unit: 'binary', maxLength });

/** The text octets of a part, without its header. */
function bodyOf(part: TextPart): Buffer {
  const payload = part.tlvs.find((tlv) => tlv.tag === 0x0424)?.value;
  const data = payload ?? part.shortMessage;
  return (part.esmClass & 0x40) === 0 ? data : (readUdh(data)?.rest ?? Buffer.alloc(0));
}

describe('the GSM 7-bit alphabet', () => {
  it.each([
    ['@', [0x00]],
    ['$', [0x02]],
    ['_', [0x11]],
    ['€', [0x1b, 0x65]],
    ['{', [0x1b, 0x28]],
    ['\\', [0x1b, 0x2f]],
    ['à', [0x7f]],
    ['¿', [0x60]],
  ])('has %s', (letter, septets) => {
    expect(septetsOf(letter)).toEqual(septets);
  });

  it.each(['`', 'á', 'ç', 'Д', '\u001b', '😀'])('lacks %s', (letter) => {
    expect(septetsOf(letter)).toBeUndefined();
  });

  it('has 127 letters and ten more behind the escape', () => {
    expect(new Set(GSM_LETTERS).size).toBe(137);
    expect(GSM_LETTERS.every((letter) => septetsOf(letter) !== undefined)).toBe(true);
  });

  it('shows the basic letter for an unknown extension, a space for a lone or doubled escape', () => {
    expect(decodeGsm7(Uint8Array.from([0x1b, 0x41]))).toBe('A');
    expect(decodeGsm7(Uint8Array.from([0x41, 0x1b]))).toBe('A ');
    expect(decodeGsm7(Uint8Array.from([0x1b, 0x1b, 0x41]))).toBe(' A');
    expect(decodeGsm7(Uint8Array.from([0xc1]))).toBe('A');
  });
});

describe('encoding', () => {
  it('comes back as it was, in GSM7 and in UCS2', () => {
    fc.assert(
      fc.property(gsmText(400), (text) => {
        const encoded = encodeText(text, GSM7_LINK);
        expect(encoded.alphabet).toBe('default');
        expect(decodeText(Buffer.from(encoded.units.flatMap((unit) => unit.octets)), 'gsm7')).toBe(text);
      }),
    );
    fc.assert(
      fc.property(anyText(200), (text) => {
        const encoded = encodeText(`Д${text}`, GSM7_LINK);
        expect(encoded.alphabet).toBe('ucs2');
        expect(decodeText(Buffer.from(encoded.units.flatMap((unit) => unit.octets)), 'ucs2')).toBe(`Д${text}`);
      }),
    );
  });

  it.each([
    ['gsm7', 'Café à', 'default'],
    ['gsm7', 'Cafe\u0301 a\u0300 A\u030a', 'default'],
    ['gsm7', '\u2126 \u212b', 'default'],
    ['gsm7', 'cafè ç', 'ucs2'],
    ['latin1', 'Café €', 'ucs2'],
    ['latin1', 'Ñandú', 'ucs2'],
    ['latin1', 'Ñandu', 'default'],
    ['ascii', 'Cafe', 'default'],
    ['ascii', 'Café', 'ucs2'],
  ] as const)('with %s as the default, "%s" is %s', (alphabet, text, expected) => {
    expect(encodeText(text, { defaultAlphabet: alphabet }).alphabet).toBe(expected);
  });

  it('writes Latin-1 octets where that is the default', () => {
    expect(encodeText('Ñ@{', { defaultAlphabet: 'latin1' }).units).toEqual([
      { octets: [0xd1], cost: 1 },
      { octets: [0x40], cost: 1 },
      { octets: [0x7b], cost: 2 },
    ]);
  });
});

describe('splitting', () => {
  const limits: readonly (readonly [Carrier, string, number, number])[] = [
    ['udh8', 'a', 160, 153],
    ['udh16', 'a', 160, 152],
    ['sar', 'a', 160, 152],
    ['udh8', 'Д', 70, 67],
    ['udh16', 'Д', 70, 66],
    ['sar', 'Д', 70, 66],
  ];

  it.each(limits)('%s of "%s": %i whole, %i in a part', (carrier, letter, whole, part) => {
    const partsOf = (count: number) => splitText(encodeText(letter.repeat(count), GSM7_LINK), carrier, () => 1);
    expect(partsOf(whole)).toHaveLength(1);
    expect(partsOf(whole)[0]).toMatchObject({ esmClass: 0, tlvs: [] });
    expect(partsOf(whole + 1)).toHaveLength(2);
    expect(partsOf(part * 2)).toHaveLength(2);
    expect(partsOf(part * 2 + 1)).toHaveLength(3);
  });

  it('never cuts an escape pair, a surrogate pair or a letter, and loses nothing', () => {
    const carriers = fc.constantFrom<Carrier>('udh8', 'udh16', 'sar', 'payload');
    fc.assert(
      fc.property(fc.oneof(gsmText(700), anyText(400)), carriers, fc.nat(65_535), (text, carrier, reference) => {
        const encoded = encodeText(text, GSM7_LINK);
        const alphabet = encoded.alphabet === 'ucs2' ? 'ucs2' : 'gsm7';
        const texts = splitText(encoded, carrier, () => reference).map((part) => decodeText(bodyOf(part), alphabet));
        expect(texts.join('')).toBe(text);
        expect(texts.some((each) => /\p{Surrogate}/u.test(each ?? ''))).toBe(false);
      }),
    );
  });

  it('keeps every part within 140 octets on the air and 254 in sm_length', () => {
    fc.assert(
      fc.property(
        fc.oneof(gsmText(700), anyText(400)),
        fc.constantFrom<Carrier>('udh8', 'udh16', 'sar'),
        (text, carrier) => {
          const encoded = encodeText(text, GSM7_LINK);
          for (const part of splitText(encoded, carrier, () => 7)) {
            const body = bodyOf(part).length;
            const udh = part.shortMessage.length - body;
            const onAir = encoded.alphabet === 'ucs2' ? body : Math.ceil((body * 7) / 8);
            expect(onAir + udh).toBeLessThanOrEqual(140);
            expect(part.shortMessage.length).toBeLessThanOrEqual(254);
          }
        },
      ),
    );
  });

  it('stops at 255 parts', () => {
    expect(splitText(encodeText('a'.repeat(153 * 300), GSM7_LINK), 'udh8', () => 1)).toHaveLength(255);
  });
});

describe('data_coding', () => {
  it.each([
    [0x00, 'latin1'],
    [0x01, 'ascii'],
    [0x03, 'latin1'],
    [0x04, 'octets'],
    [0x06, 'iso-8859-5'],
    [0x08, 'ucs2'],
    [0x09, 'shift_jis'],
    [0x0b, 'ucs2'],
    [0x0d, 'euc-jp'],
    [0x10, 'gsm7'],
    [0x14, 'octets'],
    [0x18, 'ucs2'],
    [0x48, 'ucs2'],
    [0x80, 'gsm7'],
    [0x90, 'gsm7'],
    [0xb7, 'gsm7'],
    [0x1c, 'gsm7'],
    [0x0c, 'gsm7'],
    [0x0f, 'gsm7'],
    [0xc0, 'gsm7'],
    [0xd0, 'gsm7'],
    [0xe0, 'ucs2'],
    [0xf0, 'gsm7'],
    [0xf4, 'octets'],
  ])('%i is %s', (dataCoding, alphabet) => {
    expect(alphabetOf(dataCoding, 'latin1')).toBe(alphabet);
  });

  it.each([
    [0x09, '53544f5082a0', 'STOPあ'],
    [0x0b, '00530054004f0050', 'STOP'],
    [0x0d, '53544f50a4a28fb0ec', 'STOPあ佒'],
  ])('%i reads a STOP, whatever stands beside it', (dataCoding, octets, text) => {
    expect(decodeText(Buffer.from(octets, 'hex'), alphabetOf(dataCoding, 'gsm7'))).toBe(text);
  });

  it('reads any octets in any coding without throwing', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 300 }), (dataCoding, octets) => {
        decodeText(Buffer.from(octets), alphabetOf(dataCoding, 'gsm7'));
      }),
    );
  });

  it.each([
    ['fffe4e00', 'N'],
    ['feff004e', 'N'],
    ['d83dde00', '😀'],
    ['4e4557', 'NEW'],
    ['004e45', 'N\ufffd'],
    ['041d0430e1', 'На\ufffd'],
    ['4e45e1', '\u4e45\ufffd'],
  ])('UCS2 %s reads "%s"', (hex, text) => {
    expect(decodeText(Buffer.from(hex, 'hex'), 'ucs2')).toBe(text);
  });

  it('knows the other letters of 5.2.19', () => {
    expect(decodeText(Buffer.from('bdd0', 'hex'), 'iso-8859-5')).toBe('На');
  });
});

describe('the user data header', () => {
  it.each([
    ['', undefined],
    ['05', undefined],
    ['0500030102', undefined],
    ['02ff00', { concat: undefined }],
    ['0500030a0201', { concat: { reference: 10, total: 2, sequence: 1 } }],
    ['0708051234030200', { concat: undefined }],
    ['0608041234 0302', { concat: { reference: 0x1234, total: 3, sequence: 2 } }],
    ['0500030a0203', { concat: undefined }],
    ['0500030a0000', { concat: undefined }],
    ['0400020a02', { concat: undefined }],
    ['06050415811581', { toPort: true, concat: undefined }],
    ['08 240101 0003050201', { single: 1, concat: { reference: 5, total: 2, sequence: 1 } }],
    ['03250102', { locking: 2 }],
    ['00', { concat: undefined, mayBePart: false }],
  ])('%s', (hex, header) => {
    const read = readUdh(Buffer.from(hex.replace(/ /g, ''), 'hex'));
    if (header === undefined) expect(read).toBeUndefined();
    else expect(read?.header).toMatchObject(header);
  });

  it.each([
    ['too few octets', '03 240201', false],
    ['an octet behind it', '04 25010100', false],
    ['an octet behind it, and is a whole message', '06 000307010100', false],
    ['an octet behind it, and may be a part', '06 000307020100', true],
    ['too few octets, and may be a part', '04 00030702', true],
    ['too few octets, and may be a part by 16 bits', '05 0804123402', true],
    ['too few octets behind a part that is sound', '08 0003070201240201', true],
    ['an octet behind it, and names a port', '07 05041581158100', false],
  ])('is ignored where its last element has %s: TS 23.040 9.2.3.24', (_, hex, mayBePart) => {
    const read = readUdh(Buffer.from(`${hex.replace(/ /g, '')}53544f50`, 'hex'));
    const nothing = { concat: undefined, locking: undefined, single: undefined, toPort: false };
    expect(read?.header).toEqual({ mayBePart, ...nothing });
    expect(read?.rest.toString()).toBe('STOP');
  });

  it('survives any octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 160 }), (octets) => void readUdh(Buffer.from(octets))));
  });
});
