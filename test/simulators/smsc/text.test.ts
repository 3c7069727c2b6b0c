import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Body, Carrier, TextToSend } from '../../../simulators/smpp/compose.ts';
import { CARRIERS, compose } from '../../../simulators/smpp/compose.ts';
import { charsetOf, isFlash } from '../../../simulators/smpp/data-coding.ts';
import { decodeSeptets, encodeSeptets } from '../../../simulators/smpp/gsm7.ts';
import { pdu } from '../../../simulators/smpp/pdu.ts';
import { expiryOf } from '../../../simulators/smpp/time.ts';
import type { UserData } from '../../../simulators/smpp/user-data.ts';
import { userDataOf } from '../../../simulators/smpp/user-data.ts';

const bodies = (message: Partial<TextToSend> & { text: string }): Body[] => {
  const composed = compose({ carrier: 'udh8', ref: 0x1234, ...message });
  if (typeof composed === 'string') throw new Error(composed);
  return composed;
};
const read = ({ esmClass, dataCoding, shortMessage, tlvs }: Body): UserData => {
  const fields = { esm_class: esmClass, data_coding: dataCoding, short_message: shortMessage };
  const user = userDataOf(pdu('submit_sm', 1, { fields, tlvs }), 'gsm7');
  if (typeof user === 'string') throw new Error(user);
  return user;
};
const joined = (all: readonly Body[]): string => all.map((body) => read(body).text).join('');
const hexOf = (body: Body | undefined): string => Buffer.from(body?.shortMessage ?? []).toString('hex');

describe('GSM7', () => {
  it('has the septets of TS 23.038 where they are easily got wrong', () => {
    expect(encodeSeptets('@£$_{}[]~|€^\\')?.flat()).toEqual([
      0x00, 0x01, 0x02, 0x11, 0x1b, 0x28, 0x1b, 0x29, 0x1b, 0x3c, 0x1b, 0x3e, 0x1b, 0x3d, 0x1b, 0x40, 0x1b, 0x65, 0x1b,
      0x14, 0x1b, 0x2f,
    ]);
    expect(encodeSeptets('`')).toBeUndefined();
    expect(decodeSeptets(Uint8Array.of(0x1b, 0x41, 0x41, 0x1b))).toBe('AA');
  });
});

describe('splitting', () => {
  it.each<[Carrier, number, number, number]>([
    ['udh8', 160, 1, 160],
    ['udh8', 161, 2, 153 + 6],
    ['udh16', 161, 2, 152 + 7],
    ['sar', 161, 2, 153],
    ['payload', 500, 1, 0],
  ])('%s carries %i septets in %i parts of %i octets', (carrier, length, parts, first) => {
    const all = bodies({ text: 'x'.repeat(length), carrier });
    expect(all).toHaveLength(parts);
    expect(all[0]?.shortMessage).toHaveLength(first);
    expect(joined(all)).toBe('x'.repeat(length));
  });

  it('writes the concatenation elements by their octets', () => {
    expect(hexOf(bodies({ text: 'x'.repeat(161) })[1]).slice(0, 12)).toBe('050003340202');
    expect(hexOf(bodies({ text: 'x'.repeat(161), carrier: 'udh16' })[1]).slice(0, 14)).toBe('06080412340202');
  });

  it('never splits an ESC pair or a surrogate pair', () => {
    const euro = bodies({ text: `${'x'.repeat(152)}€${'y'.repeat(20)}` });
    expect(read(euro[0]!).text).toBe('x'.repeat(152));
    const emoji = bodies({ text: `${'ж'.repeat(66)}\u{1f600}${'ж'.repeat(9)}` });
    expect(read(emoji[0]!).text).toBe('ж'.repeat(66));
    expect(read(emoji[1]!).text.startsWith('\u{1f600}')).toBe(true);
  });

  it('gives back any text by any carrier, each part within one SMS', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'Z', '@', '€', '{', 'ñ', 'ж', '漢', '\u{1f600}'),
      maxLength: 400,
    });
    fc.assert(
      fc.property(text, fc.constantFrom(...CARRIERS), (message, carrier) => {
        const all = bodies({ text: message, carrier });
        expect(joined(all)).toBe(message);
        if (carrier !== 'payload') for (const { shortMessage } of all) expect(shortMessage.length).toBeLessThan(161);
      }),
    );
  });

  it('says why a text cannot be sent', () => {
    expect(compose({ text: 'ж', dataCoding: 0, carrier: 'udh8', ref: 1 })).toContain('data_coding 0');
    expect(compose({ text: 'é', dataCoding: 1, carrier: 'udh8', ref: 1 })).toContain('ascii');
    expect(compose({ text: 'ж'.repeat(67 * 256), carrier: 'udh8', ref: 1 })).toContain('255');
  });
});

describe('national tables', () => {
  it('carry Turkish, Spanish and Portuguese at three octets an element', () => {
    const turkish = bodies({ text: 'Ğğ İı Şş ç', shift: { single: 1 } });
    expect(hexOf(turkish[0])).toBe('032401011b471b67201b491b69201b531b73201b63');
    expect(joined(turkish)).toBe('Ğğ İı Şş ç');
    const locked = bodies({ text: 'ığşİç€', shift: { locking: 1 } });
    expect(hexOf(locked[0])).toBe('03250101070c1d406004');
    expect(joined(locked)).toBe('ığşİç€');
    expect(joined(bodies({ text: 'Ángel, ¿aquí? Único', shift: { single: 2 } }))).toBe('Ángel, ¿aquí? Único');
    const both = bodies({ text: 'São João, ÂÊÔ ∞ Ω', shift: { locking: 3, single: 3 } });
    expect(both[0]).toMatchObject({ dataCoding: 0, esmClass: 0x40 });
    expect(joined(both)).toBe('São João, ÂÊÔ ∞ Ω');
  });

  it('leave 155 septets in one part, and 149 in each of several, for one element', () => {
    expect(bodies({ text: 'ş'.repeat(155), shift: { locking: 1 } })).toHaveLength(1);
    const two = bodies({ text: 'ş'.repeat(156), shift: { locking: 1 } });
    expect(two).toHaveLength(2);
    expect(read(two[0]!).text).toHaveLength(149);
    for (const carrier of CARRIERS) {
      expect(joined(bodies({ text: 'ş'.repeat(300), shift: { locking: 1 }, carrier }))).toBe('ş'.repeat(300));
    }
  });
});

describe('data_coding', () => {
  it.each([
    [0x00, 'gsm7', false],
    [0x01, 'ascii', false],
    [0x03, 'latin1', false],
    [0x04, 'octets', false],
    [0x08, 'ucs2', false],
    [0x10, 'gsm7', true],
    [0x11, 'gsm7', false],
    [0x18, 'ucs2', true],
    [0xf0, 'gsm7', true],
    [0xf5, 'octets', false],
  ])('0x%s is %s', (dataCoding, charset, flash) => {
    expect(charsetOf(dataCoding, 'gsm7')).toBe(charset);
    expect(isFlash(dataCoding)).toBe(flash);
  });

  it.each([
    [0x0c, 'gsm7', false],
    [0x0f, 'gsm7', false],
    [0x1c, 'gsm7', true],
    [0x40, 'gsm7', false],
    [0x44, 'octets', false],
    [0x48, 'ucs2', false],
    [0x4b, 'ucs2', false],
    [0x58, 'ucs2', true],
    [0x80, 'gsm7', false],
    [0xc8, 'gsm7', false],
    [0xd0, 'gsm7', false],
    [0xe0, 'ucs2', false],
    [0xef, 'ucs2', false],
  ])('%i is %s whatever data_coding 0 means (TS 23.038 section 4)', (dataCoding, charset, flash) => {
    expect(charsetOf(dataCoding, 'latin1')).toBe(charset);
    expect(isFlash(dataCoding)).toBe(flash);
  });
});

it('reads relative and absolute times', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(expiryOf('', now)).toBeUndefined();
  expect(expiryOf('000000000500000R', now)).toBe(now + 300_000);
  expect(expiryOf('260101000500000+', now)).toBe(now + 300_000);
  expect(expiryOf('260101030500012+', now)).toBe(now + 300_000);
  expect(expiryOf('later', now)).toBe('invalid');
});
