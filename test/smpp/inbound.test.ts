import { describe, expect, it } from 'vitest';
import type { MoPart } from '../../src/smpp/mo/inbound.ts';
import { concatKey, moOf, readInbound } from '../../src/smpp/mo/inbound.ts';
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

describe('user data', () => {
  const read = (octets: Buffer, esmClass: number, tlvs: Pdu['tlvs'] = []) => {
    const fields = { esm_class: esmClass, short_message: octets };
    return readInbound({ command: 'deliver_sm', status: 0, sequence: 1, fields, tlvs }, linkSettings());
  };
  const behind = (header: readonly number[], text: string): Buffer =>
    Buffer.concat([Buffer.from([header.length, ...header]), Buffer.from(text)]);
  const port = (...octets: number[]): Pdu['tlvs'] => [{ tag: 0x020b, value: Buffer.from(octets) }];

  it('is read behind a header that is ignored, and refused where the header runs over its end', () => {
    expect(read(behind([0x24, 2, 1], 'STOP'), 0x40)).toMatchObject({
      kind: 'part',
      part: { data: Buffer.from('STOP') },
    });
    expect(read(Buffer.from([9, 0x24, 2, 1]), 0x40)).toEqual({ kind: 'junk', why: 'header' });
  });

  it.each([
    ['is whole', [0x24, 2, 1], [], undefined],
    ['may be a part', [0, 3, 7, 2, 1, 0], [], true],
    ['is a part by its TLVs', [0, 3, 7, 2, 1, 0], [0x020c, 0x020e, 0x020f], undefined],
  ] as const)(
    'behind a header that is ignored orders nothing where it may be a part: it %s',
    (_, header, tags, partial) => {
      const tlvs = tags.map((tag) => ({ tag, value: Buffer.from([tag === 0x020f ? 1 : 2]) }));
      const inbound = read(behind(header, 'NEWS'), 0x40, tlvs);
      if (inbound.kind !== 'part') throw new Error(inbound.kind);
      expect(moOf(inbound.part, [inbound.part], linkSettings(), 0)).toMatchObject({ text: 'NEWS' });
      expect(moOf(inbound.part, [inbound.part], linkSettings(), 0).partial).toBe(partial);
    },
  );

  it.each([
    ['delivery', 0x08],
    ['manual', 0x10],
    ['a conversation abort', 0x18],
  ])("in a handset's own acknowledgement (%s, SMPP 3.4 5.2.12) is no text and no receipt", (_, esmClass) => {
    const ignored = { kind: 'ignored', why: 'sme-acknowledgement' };
    expect(read(Buffer.from('YES'), esmClass)).toEqual(ignored);
    const told = 'id:7 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:';
    expect(read(Buffer.from(told), esmClass)).toEqual(ignored);
  });

  it('whose header names one part of one is whole: nothing more is waited for', () => {
    const inbound = read(behind([0, 3, 7, 1, 1], 'NEWS'), 0x40);
    expect(inbound).toMatchObject({ kind: 'part', part: { concat: undefined, data: Buffer.from('NEWS') } });
  });

  it('for an application port is no text, whichever way it is addressed', () => {
    const toPort = { kind: 'junk', why: 'port' };
    expect(read(behind([5, 4, 0x15, 0xb3, 0, 0], 'STATUS:dt=6;'), 0x40)).toEqual(toPort);
    expect(read(Buffer.from('STATUS:dt=6;'), 0, port(0x15, 0xb3))).toEqual(toPort);
    expect(read(Buffer.from('STATUS'), 0, port(0, 0)).kind).toBe('part');
    expect(read(Buffer.from('STATUS'), 0, port()).kind).toBe('part');
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

  it('names another message at another SMSC, or of another number of parts', () => {
    const concat = { reference: 1, total: 2, sequence: 1 };
    const one = partFrom({ source_addr: '491701234567', source_addr_ton: 1, destination_addr: '5000' });
    const whole = concatKey(one, concat, settings);
    expect(concatKey(one, { ...concat, sequence: 2 }, { ...settings, name: 'second-link' })).toBe(whole);
    expect(concatKey(one, concat, { ...settings, smsc: 'other' })).not.toBe(whole);
    expect(concatKey(one, { ...concat, total: 3 }, settings)).not.toBe(whole);
    expect(concatKey(one, { ...concat, reference: 2 }, settings)).not.toBe(whole);
  });
});
