import { describe, expect, it } from 'vitest';
import type { MoPart } from '../../src/smpp/inbound.ts';
import { moOf, readInbound } from '../../src/smpp/inbound.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { linkSettings } from './support/settings.ts';

const UCS2 = 8;
/** Information elements of TS 23.040 9.2.3.24.16 and .15: locking and single shift by language. */
const TURKISH = [0x25, 1, 1, 0x24, 1, 1];

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

function part(dataCoding: number, octets: Buffer | string, elements: readonly number[] = []): MoPart {
  const header = [0x00, 3, 7, 2, 1, ...elements];
  const short_message = Buffer.concat([Buffer.from([header.length, ...header]), Buffer.from(octets)]);
  const fields = { esm_class: 0x40, data_coding: dataCoding, short_message };
  const inbound = readInbound({ command: 'deliver_sm', status: 0, sequence: 1, fields, tlvs: [] }, linkSettings());
  if (inbound.kind !== 'part') throw new Error(inbound.kind);
  return inbound.part;
}

function textOf(parts: readonly [MoPart, ...MoPart[]], changes: Partial<LinkSettings> = {}): string {
  return moOf(parts[0], parts, linkSettings(changes), 0).text;
}

describe('a text in parts', () => {
  it('may change its alphabet from part to part', () => {
    expect(textOf([part(0, 'YES '), part(UCS2, ucs2('да')), part(0, ' @')])).toBe('YES да ¡');
    expect(textOf([part(UCS2, ucs2('да')), part(0, ' YES')])).toBe('да YES');
  });

  it('may change its national tables', () => {
    const code = Buffer.from([0x0c]);
    expect(textOf([part(0, code, TURKISH), part(0, code)])).toBe('ğø');
    expect(textOf([part(0, code), part(0, code, TURKISH)])).toBe('øğ');
  });

  it('may split a surrogate pair or an escape between parts that are written alike', () => {
    const smile = ucs2('a😀b');
    expect(textOf([part(UCS2, smile.subarray(0, 4)), part(UCS2, smile.subarray(4))])).toBe('a😀b');
    expect(textOf([part(UCS2, smile.subarray(0, 4), TURKISH), part(UCS2, smile.subarray(4))])).toBe('a😀b');
    expect(textOf([part(0, Buffer.from([0x1b])), part(0, 'e')])).toBe('€');
    expect(textOf([part(0, 'a'), part(3, 'é')], { defaultAlphabet: 'latin1' })).toBe('aÃ©');
  });
});
