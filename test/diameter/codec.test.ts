import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage as decodeElsewhere } from '../../simulators/diameter/message.ts';
import { find, membersOf, unknownMandatory } from '../../src/diameter/avp.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { entryNamed, entryOf } from '../../src/diameter/dictionary/dictionary.ts';
import type { Avp, AvpValue, Field, FieldValue, Header, Incoming } from '../../src/diameter/message.ts';
import { golden } from './golden.ts';

function read(bytes: Uint8Array): Incoming {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw new Error(`${decoded.fault.path}: ${decoded.fault.shape}`);
  return decoded.value;
}

const header: fc.Arbitrary<Header> = fc.record({
  request: fc.boolean(),
  proxiable: fc.boolean(),
  error: fc.boolean(),
  retransmit: fc.boolean(),
  command: fc.integer({ min: 0, max: 0xffffff }),
  application: fc.integer({ min: 0, max: 0xffffffff }),
  hopByHop: fc.integer({ min: 0, max: 0xffffffff }),
  endToEnd: fc.integer({ min: 0, max: 0xffffffff }),
});

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const leaf: fc.Arbitrary<Field> = fc.oneof(
  fc.tuple(
    fc.constantFrom('Session-Id', 'Class', 'Refund-Information', '9001:99999'),
    fc.uint8Array({ maxLength: 40 }),
  ),
  fc.tuple(fc.constantFrom('Result-Code', 'Rating-Group', 'Event-Timestamp'), u32),
  fc.tuple(fc.constantFrom('Exponent', 'Requested-Action'), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  fc.tuple(fc.constant('Value-Digits'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.tuple(fc.constant('CC-Service-Specific-Units'), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  fc.tuple(fc.constant('Host-IP-Address'), fc.ipV4()),
);
const fields = fc.letrec<{ field: Field; list: Field[] }>((tie) => ({
  field: fc.oneof({ depthSize: 'small', maxDepth: 5 }, leaf, fc.tuple(fc.constant('Service-Information'), tie('list'))),
  list: fc.array(tie('field'), { maxLength: 5 }),
}));

function shown(value: AvpValue | FieldValue): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object') return value;
  return (value as readonly (Avp | Field)[]).map((one) =>
    'name' in one ? [one.name, shown(one.value)] : [one[0], shown(one[1])],
  );
}

describe('the codec', () => {
  test('what is encoded is decoded again (property)', () => {
    fc.assert(
      fc.property(header, fields.list, (head, list) => {
        const message = read(encodeMessage({ header: head, fields: list }));
        expect(message.header).toEqual(head);
        expect(shown(message.avps)).toEqual(shown(list));
      }),
    );
  });

  test('a decoder that shares no line with ours reads the same codes and lengths (property)', () => {
    fc.assert(
      fc.property(header, fields.list, (head, list) => {
        const bytes = Buffer.from(encodeMessage({ header: head, fields: list }));
        const elsewhere = decodeElsewhere(bytes);
        expect(elsewhere).toMatchObject({ command: head.command, hopByHop: head.hopByHop, endToEnd: head.endToEnd });
        expect('avps' in elsewhere ? elsewhere.avps : []).toMatchObject(
          read(bytes).avps.map((avp) => ({ code: entryNamed(avp.name)?.code, vendor: entryNamed(avp.name)?.vendor })),
        );
      }),
    );
  });

  test('octets that are no UTF-8 survive', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, i) => i);
    const head: Header = {
      request: true,
      proxiable: false,
      error: false,
      retransmit: false,
      command: 1,
      application: 0,
      hopByHop: 0,
      endToEnd: 0,
    };
    expect(read(encodeMessage({ header: head, fields: [['Class', octets]] })).avps[0]?.value).toEqual(
      Buffer.from(octets),
    );
    const ipv6 = read(encodeMessage({ header: head, fields: [['Host-IP-Address', '2001:db8::9']] }));
    expect(ipv6.avps[0]?.value).toBe('2001:db8::9');
    const e164 = Uint8Array.of(0, 8, 0x32, 0x35, 0x34);
    expect(read(encodeMessage({ header: head, fields: [['SMSC-Address', e164]] })).avps[0]?.value).toEqual(
      Buffer.from(e164),
    );
  });

  test('an unknown AVP is kept as octets under code:vendor, and its M bit is seen at any depth', () => {
    const message = read(golden('cca-unknown-m'));
    expect(find(message.avps, '9001:99999')).toMatchObject({
      known: false,
      mandatory: true,
      value: Buffer.from('vendor x'),
    });
    expect(unknownMandatory(message.avps)).toHaveLength(1);
    expect(unknownMandatory(read(golden('cca-unknown-m-nested')).avps)).toHaveLength(1);
    expect(unknownMandatory(read(golden('cca-unknown-optional')).avps)).toHaveLength(0);
  });

  test('Failed-AVP is octets: what it quotes may be broken', () => {
    const failed = find(read(golden('cca-5031')).avps, 'Failed-AVP');
    expect(Buffer.from(failed?.value as Uint8Array).toString('hex')).toBe('000001b74000000c00000011');
    expect(membersOf(failed)).toBeUndefined();
  });
});

describe('the dictionary', () => {
  test('the IETF names win where vendors repeat them', () => {
    expect(entryNamed('Event-Timestamp')).toMatchObject({ code: 55, vendor: 0 });
    expect(entryNamed('Value-Digits')).toMatchObject({ code: 447, vendor: 0, type: 'Integer64' });
    expect(entryNamed('Requested-Action')).toMatchObject({ code: 436, type: 'Integer32' });
  });

  test("a vendor's AVP with the name or the code of an IETF one does not pass for it", () => {
    expect(entryOf(610, 193)).toMatchObject({ name: '610:193', type: 'Time' });
    expect(entryNamed('610:193')).toMatchObject({ code: 610, vendor: 193, type: 'Time' });
    expect(entryOf(268, 10415)?.name).not.toBe('Result-Code');
    const head: Header = {
      request: false,
      proxiable: false,
      error: false,
      retransmit: false,
      command: 272,
      application: 4,
      hopByHop: 0,
      endToEnd: 0,
    };
    const { avps } = read(encodeMessage({ header: head, fields: [['268:99999', Uint8Array.of(0, 0, 7, 0xd1)]] }));
    expect(find(avps, 'Result-Code')).toBeUndefined();
  });

  test('no entry enumerates', () => {
    expect(entryNamed('CC-Request-Type')).not.toHaveProperty('enums');
  });

  test('3GPP entries that the package lacks or has wrong', () => {
    expect(entryOf(2026, 10415)).toMatchObject({ name: 'Recipient-Info', type: 'Grouped' });
    expect(entryOf(1256, 10415)).toMatchObject({ name: 'Service-Generic-Information', type: 'Grouped' });
    expect(entryNamed('Originator-Received-Address')).toMatchObject({ code: 2027 });
  });

  test('fillers of number ranges are no AVPs', () => {
    expect(entryOf(17, 0)).toBeUndefined();
    expect(entryNamed('Unassigned')).toBeUndefined();
  });
});
