import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heardFrom, maskDigits } from '../../../src/domain/evidence/heard.ts';
import type { Mo } from '../../../src/domain/message.ts';
import { foldText } from '../../../src/domain/fold.ts';

const mo: Mo = {
  link: 'north',
  smsc: 'smsc-a',
  countryCode: '254',
  source: { ton: 1, npi: 1, digits: '254700000123' },
  destination: { ton: 0, npi: 0, digits: '5000' },
  text: 'code 123 456!',
  bytes: '00',
  concatRef: undefined,
  smscId: undefined,
  receivedAt: 7,
};

describe('what evidence keeps of an MO', () => {
  it('is its text and where it came from, never its sender', () => {
    const heard = { text: 'code 123 456!', at: 7, link: 'north', smsc: 'smsc-a', to: '5000' };
    expect(heardFrom(mo, false)).toEqual(heard);
    expect(heardFrom({ ...mo, smscId: 'ab' }, true)).toEqual({ ...heard, text: 'code *** ***!', id: 'ab' });
  });

  it.each(['１２３４５６', '١٢٣٤٥٦', '①②③④⑤⑥', '²²²³³³', '𝟏𝟐𝟑𝟒𝟓𝟔'])('masks %s', (code) => {
    expect(maskDigits(`a ${code}`)).toBe('a ******');
  });

  it('masks every character that opens to a number when it is folded', () => {
    const opened = Array.from({ length: 0x10ffff }, (_, i) => i + 1)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point))
      .filter((character) => /\p{N}/u.test(character.normalize('NFKC')));
    expect(opened).toContain('\u33e0');
    expect(new Set(opened.map(maskDigits))).toEqual(new Set(['*']));
  });

  it('leaves nothing that could be read as a code (E15)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 0x10ffff }), { maxLength: 30 }), (points) => {
        const text = String.fromCodePoint(...points);
        expect(foldText(maskDigits(text)).join('')).not.toMatch(/\d/);
      }),
    );
  });
});
