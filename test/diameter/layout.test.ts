import { describe, expect, test } from 'vitest';
import { find, groupOf, numberOf, textOf } from '../../src/diameter/avp.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { ccrFields, ccrHeader, compileCcr } from '../../src/diameter/ccr.ts';
import { defineAvps } from '../../src/diameter/dictionary/dictionary.ts';
import { compileLayout, type Layout } from '../../src/diameter/layout.ts';
import type { Avp } from '../../src/diameter/message.ts';
import type { NodeSettings } from '../../src/diameter/settings.ts';
import { aCharge, bench, nodeSettings } from './bench.ts';

const charge = aCharge('h;1;2;03-0abc');

function sent(change: Partial<NodeSettings>): readonly Avp[] {
  const node = nodeSettings([], change);
  const message = decodeMessage(
    encodeMessage({ header: ccrHeader(1, 2, false), fields: ccrFields(charge, node, compileCcr(node)) }),
  );
  return message.ok ? message.value.avps : [];
}

describe('ready layouts (TS 32.299 7.2)', () => {
  test('3gpp-sms names the recipient', () => {
    const sms = groupOf(groupOf(sent({ layout: '3gpp-sms' }), 'Service-Information') ?? [], 'SMS-Information') ?? [];
    const address = groupOf(groupOf(sms, 'Recipient-Info') ?? [], 'Recipient-Address') ?? [];
    expect(numberOf(sms, 'SM-Message-Type')).toBe(0);
    expect(numberOf(address, 'Address-Type')).toBe(1);
    expect(textOf(address, 'Address-Data')).toBe('254700123456');
  });

  test('3gpp-vas names the service', () => {
    const mms = groupOf(groupOf(sent({ layout: '3gpp-vas' }), 'Service-Information') ?? [], 'MMS-Information') ?? [];
    expect(textOf(mms, 'VAS-ID')).toBe('17');
    expect(textOf(mms, 'VASP-ID')).toBe('orderd');
  });

  test('none adds nothing', () => {
    expect(find(sent({}), 'Service-Information')).toBeUndefined();
  });
});

describe("an operator's own layout", () => {
  test('texts with placeholders, numbers, octets, addresses, wide numbers', () => {
    const avps = sent({
      layout: [
        ['User-Name', '{action} of {orderId} in {currency}'],
        ['Class', 'hex:00ff'],
        ['Rating-Group', '{serviceIdentifier}'],
        ['CC-Service-Specific-Units', '{minor}'],
        ['CC-Total-Octets', 5],
        ['Host-IP-Address', '192.0.2.1'],
        ['9001:99999', '{sessionId}'],
      ],
    });
    expect(textOf(avps, 'User-Name')).toBe('debit of 03-0abc in KES');
    expect(find(avps, 'Class')?.value).toEqual(Buffer.from([0, 0xff]));
    expect(numberOf(avps, 'Rating-Group')).toBe(17);
    expect(find(avps, 'CC-Service-Specific-Units')?.value).toBe(500n);
    expect(find(avps, 'CC-Total-Octets')?.value).toBe(5n);
    expect(find(avps, 'Host-IP-Address')?.value).toBe('192.0.2.1');
    expect(textOf(avps, '9001:99999')).toBe('h;1;2;03-0abc');
  });

  test('Subscription-Ids of several kinds', () => {
    const avps = sent({
      subscriptionIds: [
        { type: 0, data: '{msisdn}' },
        { type: 2, data: 'sip:+{msisdn}@ims.test' },
      ],
    });
    const data = avps
      .filter(({ name }) => name === 'Subscription-Id')
      .map(({ value }) => textOf(value as Avp[], 'Subscription-Id-Data'));
    expect(data).toEqual(['254700123456', 'sip:+254700123456@ims.test']);
  });

  test.each<[Layout[number], string]>([
    [['No-Such-Avp', 1], 'No-Such-Avp: no such AVP in the dictionary; code:vendor names any'],
    [['User-Name', '{msisdm}'], 'User-Name: no placeholder {msisdm}; there is msisdn, orderId'],
    [['Class', 'hex:0'], 'Class: hex: wants pairs of hex digits'],
    [['Rating-Group', 'many'], 'Rating-Group: Unsigned32 wants a whole number'],
    [['Rating-Group', '{minor}'], 'Rating-Group: {minor} does not fit Unsigned32'],
    [['Rating-Group', -1], 'Rating-Group: beyond the range of Unsigned32'],
    [['Rating-Group', 1.5], 'Rating-Group: Unsigned32 wants a whole number'],
    [['Exponent', 2 ** 31], 'Exponent: beyond the range of Integer32'],
    [['Host-IP-Address', 'here'], 'Host-IP-Address: wants an IP address, or hex:'],
    [['User-Name', []], 'User-Name: OctetString, not a group'],
    [['Service-Information', 'x'], 'Service-Information: a group: wants a list'],
    [
      ['Service-Information', [['MMS-Information', [['Exponent', 'x']]]]],
      'Service-Information/MMS-Information/Exponent: ',
    ],
  ])('%j is told at start', (avp, fault) => {
    const { faults } = compileLayout([avp]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test('a client is not made with one', () => {
    expect(() => bench(nodeSettings([], { layout: [['Nope', 1]] }))).toThrow('diameter layout: Nope: no such AVP');
  });
});

describe('AVPs of the operator', () => {
  const own = { code: 7001, vendor: 99_998, name: 'Acme-Campaign', type: 'Unsigned32', mandatory: true } as const;

  test('may be sent and are read', () => {
    const avps = sent({ avps: [own], layout: [['Acme-Campaign', 9]] });
    expect(find(avps, 'Acme-Campaign')).toMatchObject({ known: true, mandatory: true, value: 9 });
    expect(defineAvps([own])).toEqual([]);
  });

  test('a code or a name that is taken is told', () => {
    expect(defineAvps([{ ...own, code: 268, vendor: 0 }])).toEqual([
      'Acme-Campaign: 268 of vendor 0 or its name is taken by Result-Code',
    ]);
    expect(defineAvps([{ ...own, code: 7002, name: 'Result-Code' }])).toHaveLength(1);
  });
});
