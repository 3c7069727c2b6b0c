import { describe, expect, it } from 'vitest';
import type { MoPart } from '../../src/smpp/inbound.ts';
import { concatKey, moOf, readInbound } from '../../src/smpp/inbound.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { linkSettings } from './support/settings.ts';

const UCS2 = 8;
/** Information elements of TS 23.040 9.2.3.24.16 and .15: locking and single shift by language. */
const TURKISH = [0x25, 1, 1, 0x24, 1, 1];

const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

function part(dataCoding: number, octets: Buffer | string, elements: readonly number[] = []): MoPart {
  return partAt(1, dataCoding, octets, elements);
}

function partAt(sequence: number, dataCoding: number, octets: Buffer | string, elements: readonly number[] = []) {
  const header = [0x00, 3, 7, 4, sequence, ...elements];
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

describe('a text of which parts are missing', () => {
  it('has a space where they were: words do not grow together over them', () => {
    const parts = [partAt(1, 0, 'enough of this, please STOP'), partAt(3, 0, 'ped working anyway')] as const;
    expect(textOf(parts)).toBe('enough of this, please STOP ped working anyway');
    expect(textOf([partAt(2, 0, 'NE'), partAt(3, 0, 'WS'), partAt(4, 0, '!')])).toBe('NEWS!');
    expect(textOf([partAt(1, 0, 'STOP'), partAt(4, UCS2, ucs2('да'))])).toBe('STOP да');
  });

  it('has no character of one part read by what another one ends with', () => {
    expect(textOf([partAt(1, 0, Buffer.from([0x1b])), partAt(3, 0, 'end')])).toBe('  end');
    const half = ucs2('😀').subarray(0, 2);
    expect(textOf([partAt(1, UCS2, half), partAt(3, UCS2, ucs2('STOP'))])).toBe('\ufffd STOP');
    expect(textOf([partAt(1, 6, Buffer.from([0xbd])), partAt(2, 6, Buffer.from([0xd0]))])).toBe('На');
  });
});

describe('an address', () => {
  const settings = linkSettings({ shortCodes: ['5000', '0800'] });
  const partFrom = (fields: Pdu['fields']): MoPart => {
    const pdu: Pdu = { command: 'deliver_sm', status: 0, sequence: 1, fields, tlvs: [] };
    const inbound = readInbound(pdu, settings);
    if (inbound.kind !== 'part') throw new Error(inbound.kind);
    return inbound.part;
  };
  const destinationOf = (digits: string): string => {
    const read = partFrom({ destination_addr: digits });
    return moOf(read, [read], settings, 0).destination.digits;
  };

  it.each([
    ['5000', '5000'],
    ['+5000', '5000'],
    ['05000', '5000'],
    [' 5000 ', '5000'],
    ['+05000', '5000'],
    ['0800', '0800'],
    ['00800', '0800'],
    ['+6000', '+6000'],
    ['800', '800'],
  ])('of a short code written %s is %s', (digits, expected) => {
    expect(destinationOf(digits)).toBe(expected);
  });

  it('written otherwise in each part names one message', () => {
    const concat = { reference: 1, total: 2, sequence: 1 };
    const keyOf = (source: Pdu['fields'], destination: string): string =>
      concatKey(partFrom({ ...source, destination_addr: destination }), concat, settings);
    const whole = keyOf({ source_addr: '491701234567', source_addr_ton: 1 }, '5000');
    expect(keyOf({ source_addr: '+491701234567' }, '+5000')).toBe(whole);
    expect(keyOf({ source_addr: '01701234567', source_addr_ton: 2 }, '05000')).toBe(whole);
    expect(keyOf({ source_addr: '491701234568', source_addr_ton: 1 }, '5000')).not.toBe(whole);
    expect(keyOf({ source_addr: 'BANK', source_addr_ton: 5 }, '5000')).toContain('BANK');
  });
});
