import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameCode, truncateToCode } from '../../src/domain/challenge.ts';

/** RFC 4226 Appendix D: HMAC-SHA-1 under the ASCII secret, counter as 8 octets. */
const SECRET = '12345678901234567890';
const VECTORS = [
  [0, 'cc93cf18508d94934c64b65d8ba7667fb7cde4b0', '755224'],
  [1, '75a48a19d4cbe100644e8ac1397eea747a2d33ab', '287082'],
  [2, '0bacb7fa082fef30782211938bc1c5e70416ff44', '359152'],
  [3, '66c28227d03a2d5529262ff016a1e6ef76557ece', '969429'],
  [4, 'a904c900a64b35909874b33e61c5938a8e15ed1c', '338314'],
  [5, 'a37e783d7b7233c083d4f62926c7a25f238d0316', '254676'],
  [6, 'bc9cd28561042c83f219324d3c607256c03272ae', '287922'],
  [7, 'a4fb960c0bc06e1eabb804e5b397cdc4b45596fa', '162583'],
  [8, '1b3c89f65e6c9e883012052823443f048b4332db', '399871'],
  [9, '1637409809a679dc698207310c8c7fc07290d9e5', '520489'],
] as const;

describe('E15: a code is truncated as HOTP does it', () => {
  it.each(VECTORS)('RFC 4226 Appendix D, count %i: %s gives %s', (count, mac, code) => {
    const counter = Buffer.alloc(8);
    counter.writeUInt8(count, 7);
    expect(createHmac('sha1', SECRET).update(counter).digest('hex')).toBe(mac);
    expect(truncateToCode(Buffer.from(mac, 'hex'), 6)).toBe(code);
  });

  it('RFC 4226 5.4: the same MAC gives the eight digits of Table 1', () => {
    // 0x4c93cf18 = 1284755224
    expect(truncateToCode(Buffer.from(VECTORS[0][1], 'hex'), 8)).toBe('84755224');
    expect(truncateToCode(Buffer.from(VECTORS[0][1], 'hex'), 10)).toBe('1284755224');
  });

  it('is always as long as asked for, zeroes in front kept', () => {
    expect(truncateToCode(new Uint8Array(32), 6)).toBe('000000');
    const macs = fc.uint8Array({ minLength: 20, maxLength: 64 });
    fc.assert(
      fc.property(macs, fc.integer({ min: 1, max: 10 }), (mac, digits) => {
        expect(truncateToCode(mac, digits)).toMatch(new RegExp(`^\\d{${digits}}$`));
      }),
    );
  });

  it('reaches the last octets that an offset of 15 can name', () => {
    const mac = new Uint8Array(32).fill(0xff);
    expect(truncateToCode(mac, 10)).toBe('2147483647');
  });
});

describe('E15: comparing codes', () => {
  it.each([
    ['123456', '123456', true],
    ['123456', '123457', false],
    ['123456', '023456', false],
    ['123456', '12345', false],
    ['12345', '123456', false],
    ['123456', '', false],
    ['', '123456', false],
    ['1212', '12', false],
    ['12', '1212', false],
  ] as const)('%s against %s', (left, right, same) => {
    expect(sameCode(left, right)).toBe(same);
  });

  it('says what === says', () => {
    const codes = fc.stringMatching(/^\d{0,8}$/);
    fc.assert(fc.property(codes, codes, (left, right) => sameCode(left, right) === (left === right)));
    fc.assert(fc.property(codes, (code) => sameCode(code, code)));
  });
});
