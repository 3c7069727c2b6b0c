import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReceipt, normalId, readReceipt, readReceiptText, receiptedId } from '../../src/smpp/mo/receipt.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { linkSettings } from './support/settings.ts';

function deliver(esmClass: number, text = '', tlvs: Pdu['tlvs'] = []): Pdu {
  const fields = {
    esm_class: esmClass,
    short_message: Buffer.from(text),
    source_addr: '491701234567',
    source_addr_ton: 1,
  };
  return { command: 'deliver_sm', status: 0, sequence: 1, fields, tlvs };
}

describe('receipt text', () => {
  it.each([
    [
      'id:7 sub:001 dlvrd:001 submit date:2601011200 done date:260101120100 stat:DELIVRD err:000 Text:hi',
      '7',
      'delivered',
      '000',
    ],
    ['ID:0aF stat:undeliv ERR:12', '0aF', 'undeliverable', '12'],
    ['stat:EXPIRED id:9', '9', 'expired', undefined],
    ['id: 9 stat: REJECTD err: 0B', '9', 'rejected', '0B'],
    ['id:9', '9', undefined, undefined],
    ['id:9 stat:ACCEPTD', '9', 'accepted', undefined],
    ['id:9 stat:PENDING', '9', 'enroute', undefined],
    ['id:9 stat:2 err:000', '9', 'delivered', '000'],
    ['id:9 stat:02', '9', 'delivered', undefined],
    ['id:9 stat:5', '9', 'undeliverable', undefined],
    ['id:9 stat:1', '9', 'enroute', undefined],
    ['id:9 stat:42', '9', 'enroute', undefined],
    ['id:9 stat:?', '9', 'enroute', undefined],
    ['id:9 Text:stat:DELIVRD', '9', undefined, undefined],
    ['id: sub:001 dlvrd:001 submit date:2601011200 stat:DELIVRD err:000', undefined, 'delivered', '000'],
    ['id: submit date:2601011200 stat:EXPIRED err:', undefined, 'expired', undefined],
    ['id: stat:UNDELIV', undefined, 'undeliverable', undefined],
    ['id:submit7 stat:DELIVRD', 'submit7', 'delivered', undefined],
    ['stat:DELIVRD err:000', undefined, 'delivered', '000'],
    ['id:9 status:DELIVERED', '9', 'delivered', undefined],
    ['abc-9,2601011200,2601011201,DELIVRD,000', 'abc-9', 'delivered', undefined],
    ['7,2601011200,2601011201,DELIVRD,000', '7', 'delivered', undefined],
    ['abc-9,1,2601011200,2601011201,UNDELIV,5', 'abc-9', 'undeliverable', undefined],
    ['abc-9,2601011200,2601011201,2,000', 'abc-9', 'delivered', undefined],
    ['7,2601011200', undefined, undefined, undefined],
    ['hello there, friend', undefined, undefined, undefined],
    ['', undefined, undefined, undefined],
  ])('%s', (text, id, state, error) => {
    expect(readReceiptText(text)).toEqual({ id, state, error });
  });

  it('reads any text in bounded time', () => {
    fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => void readReceiptText(text)));
    expect(readReceiptText('id '.repeat(20_000)).id).toBeUndefined();
  });
});

describe('a receipt', () => {
  const tlvs = [
    { tag: 0x001e, value: Buffer.from('7\0') },
    { tag: 0x0427, value: Buffer.from([2]) },
  ];

  it.each([
    [0x04, true],
    [0x20, true],
    [0x44, true],
    [0x00, false],
    [0x08, false],
    [0x10, false],
    [0x40, false],
    [0x03, false],
  ])('has esm_class %i: %s', (esmClass, expected) => {
    expect(isReceipt(deliver(esmClass))).toBe(expected);
  });

  it.each([
    [0x20, 'id:7 stat:UNDELIV err:027', 'enroute'],
    [0x20, 'id:7', 'enroute'],
    [0x20, 'id:7 stat:DELIVRD', 'delivered'],
    [0x04, 'id:7 stat:UNDELIV', 'undeliverable'],
    [0x04, 'id:7', 'unknown'],
  ])('of esm_class %i that says "%s" is %s: an intermediate one ends nothing', (esmClass, text, state) => {
    expect(readReceipt(deliver(esmClass, text), linkSettings())?.state).toBe(state);
  });

  it('may keep the addresses of the submit', () => {
    const { fields, ...rest } = deliver(0x04, 'id:7 stat:DELIVRD');
    const kept = {
      ...fields,
      source_addr: '12345',
      source_addr_ton: 3,
      destination_addr: '491701234567',
      dest_addr_ton: 1,
    };
    expect(readReceipt({ ...rest, fields: kept }, linkSettings())?.msisdn).toBe('491701234567');
  });

  it.each([
    ['1234567', 0],
    ['+1234567', 1],
    ['01234567', 2],
    ['123456789012345', 1],
  ])('may keep them where the short code is as long as a number: %s', (source, ton) => {
    const { fields, ...rest } = deliver(0x04, 'id:7 stat:DELIVRD');
    const kept = { ...fields, source_addr: source, source_addr_ton: ton };
    const settings = linkSettings({ shortCodes: ['1234567', '123456789012345'] });
    const to = { destination_addr: '491701234567', dest_addr_ton: 1 };
    expect(readReceipt({ ...rest, fields: { ...kept, ...to } }, settings)?.msisdn).toBe('491701234567');
    expect(readReceipt({ ...rest, fields: { ...fields, destination_addr: source } }, settings)?.msisdn).toBe(
      '491701234567',
    );
  });

  it('may have no id in its text: the rule is for the TLV then', () => {
    const text = 'id: sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:';
    const hex = [{ tag: 0x001e, value: Buffer.from('1F\0') }];
    const settings = linkSettings({ receiptId: 'hex-to-dec' });
    expect(readReceipt(deliver(0x04, text, hex), settings)?.messageId).toBe('31');
    expect(readReceipt(deliver(0x04, text), settings)).toBeUndefined();
  });

  it('may have an empty TLV for its id, or its text in UCS2', () => {
    const empty = [{ tag: 0x001e, value: Buffer.from('\0') }];
    expect(readReceipt(deliver(0x04, 'id:7 stat:DELIVRD', empty), linkSettings())).toMatchObject({
      messageId: '7',
      state: 'delivered',
    });
    const wide = Buffer.from('id:7 stat:DELIVRD', 'utf16le').swap16();
    const { fields, ...rest } = deliver(0x04);
    const ucs2 = { ...rest, fields: { ...fields, data_coding: 8, short_message: wide } };
    expect(readReceipt(ucs2, linkSettings())).toMatchObject({ messageId: '7', state: 'delivered' });
  });

  const appendixB =
    'id:7 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:hello';

  it.each([
    ['both TLVs', '', tlvs],
    ['the TLV of the id alone', '', tlvs.slice(0, 1)],
    ['both TLVs and words of its own', 'Message delivered', tlvs],
    ['the TLV of the id and a loose text', 'ID:7 stat:DELIVRD err:000', tlvs.slice(0, 1)],
    ['the text of Appendix B', appendixB, []],
    ['that text in capitals', appendixB.toUpperCase(), []],
    ['that text without counts', 'id:7 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000', []],
  ])('may forget its esm_class where it has %s: answered as an MO it would bring the next', (_, text, with_) => {
    expect(isReceipt(deliver(0, text, with_))).toBe(true);
    expect(readReceipt(deliver(0, text, with_), linkSettings())?.messageId).toBe('7');
  });

  it('may forget its esm_class in UCS2', () => {
    const { fields, ...rest } = deliver(0);
    const wide = Buffer.from(appendixB, 'utf16le').swap16();
    expect(isReceipt({ ...rest, fields: { ...fields, data_coding: 8, short_message: wide } })).toBe(true);
  });

  it.each([
    'id:7 stat:DELIVRD',
    'NEWS',
    'id:7 sub:001',
    'STOP id:7 sub:001 dlvrd:001 submit date:1',
    'ID:STOP submit date: now',
  ])('is not what a subscriber may write: "%s"', (text) => {
    expect(isReceipt(deliver(0, text))).toBe(false);
  });

  it.each(['STOP', 'YES', 'NEWS', 'Help', 'id:7', 'my status: unwell, id: lost', 'STOP,failed'])(
    'is not an MO that its SMSC names in the TLV of the id: "%s"',
    (text) => {
      const named = [{ tag: 0x001e, value: Buffer.from('1618Z-0102G-2333M-25FJF\0') }];
      expect(isReceipt(deliver(0, text, named))).toBe(false);
      expect(isReceipt(deliver(4, text, named))).toBe(true);
    },
  );

  it('has a state even when nobody says one, and none without an id', () => {
    expect(readReceipt(deliver(4, 'id:7'), linkSettings())).toMatchObject({ messageId: '7', state: 'unknown' });
    expect(readReceipt(deliver(4, 'nothing'), linkSettings())).toBeUndefined();
  });

  it('takes an id without its NUL', () => {
    const bare = [{ tag: 0x001e, value: Buffer.from('7') }];
    expect(readReceipt(deliver(4, '', bare), linkSettings())?.messageId).toBe('7');
  });
});

describe('the id in the TLV, which repeats the one of submit_sm_resp (SMPP 3.4 5.3.2.12),', () => {
  it.each([
    ['is taken as it is where the text writes another form', 'dec-to-hex', 'AB', 'id:171 stat:DELIVRD', 'ab'],
    ['is taken as it is though it would fit the rule', 'dec-to-hex', '0010', 'id:16 stat:DELIVRD', '10'],
    ['is taken as it is where hex is in the text', 'hex-to-dec', '0171', 'id:AB stat:DELIVRD', '171'],
    ['follows the rule where the text writes the same', 'dec-to-hex', '171', 'id:0171 stat:DELIVRD', 'ab'],
    ['follows the rule where nothing else has an id', 'dec-to-hex', '171', '', 'ab'],
    ['leaves the rule to the text where it is empty', 'dec-to-hex', '', 'id:171 stat:DELIVRD', 'ab'],
  ] as const)('%s', (_, receiptId, ...row) => {
    const [inTlv, text, id] = row;
    const tlvs = [
      { tag: 0x001e, value: Buffer.from(`${inTlv}\0`) },
      { tag: 0x0427, value: Buffer.from([2]) },
    ];
    expect(readReceipt(deliver(0x04, text, tlvs), linkSettings({ receiptId }))?.messageId).toBe(id);
  });
});

describe('id rules', () => {
  it.each([
    ['as-is', '00Ab', '00Ab', true],
    ['as-is', '00Ab', '00AB', false],
    ['hex-to-dec', '171', '00Ab', true],
    ['hex-to-dec', '0171', 'AB', true],
    ['dec-to-hex', '00AB', '171', true],
    ['dec-to-hex', 'ab', '0171', true],
    ['dec-to-hex', 'xyz', 'XYZ', true],
    ['strip-zeros', '0007', '7', true],
    ['strip-zeros', '0', '00', true],
    ['fold-case', '00Ab', '00aB', true],
  ] as const)('%s: resp %s, receipt %s: %s', (rule, response, receipt, same) => {
    expect(receiptedId(receipt, rule) === normalId(response, rule)).toBe(same);
  });

  it('keeps what does not fit a rule', () => {
    expect(receiptedId('not hex', 'hex-to-dec')).toBe('not hex');
    expect(receiptedId('f'.repeat(33), 'hex-to-dec')).toBe('f'.repeat(33));
  });
});
