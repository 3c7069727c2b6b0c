import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { MAX_DEPTH, readAvps } from '../../src/diameter/guard.ts';
import type { Field, MessageFault } from '../../src/diameter/message.ts';
import { golden } from './golden.ts';

function faultOf(name: string): MessageFault {
  const decoded = decodeMessage(golden(name));
  if (decoded.ok) throw new Error(`${name} reads well`);
  return decoded.fault;
}

describe('broken structure is a value that names path and shape (RFC 6733 4.1, 7.1.5)', () => {
  test.each([
    ['hostile-avp-length-0', 'Origin-Host[1]', "AVP length 0 below its header's 8"],
    ['hostile-avp-length-7', 'Origin-Host[1]', "AVP length 7 below its header's 8"],
    ['hostile-avp-past-end', 'Origin-Host[1]', 'AVP length 4096 where 12 octets are left'],
    ['hostile-avp-cut', '[1]', '4 octets where an AVP header needs 8'],
    ['hostile-vendor-cut', '2022:0[1]', "AVP length 8 below its header's 12"],
    ['hostile-group-overrun', 'Unit-Value[1]/Exponent[0]', 'AVP length 24 where 12 octets are left'],
    ['hostile-padding', 'Subscription-Id[1]/Subscription-Id-Data[0]', '3 octets of padding due, 0 left'],
    ['hostile-width', 'Result-Code[0]', '3 octets where Unsigned32 needs 4'],
    ['hostile-request-length', 'Origin-State-Id[0]', "AVP length 2 below its header's 8"],
  ])('%s', (name, path, shape) => {
    expect(faultOf(name)).toMatchObject({ path, shape, resultCode: 5014 });
  });

  test('hostile-nested-100 stops at the depth limit', () => {
    const { path, shape } = faultOf('hostile-nested-100');
    expect(shape).toBe(`AVPs nested beyond ${MAX_DEPTH} deep`);
    expect(path.split('/')).toHaveLength(MAX_DEPTH + 1);
  });

  test('the depth limit itself passes', () => {
    let field: Field = ['CC-Money', []];
    for (let depth = 2; depth <= MAX_DEPTH; depth++) field = ['Granted-Service-Unit', [field]];
    const header = { request: false, proxiable: true, error: false, retransmit: false, command: 272, application: 4 };
    const bytes = encodeMessage({ header: { ...header, hopByHop: 1, endToEnd: 2 }, fields: [field] });
    expect(decodeMessage(bytes).ok).toBe(true);
  });

  test('what a fault quotes for Failed-AVP reads well itself (RFC 6733 7.5)', () => {
    const names = ['avp-length-0', 'avp-past-end', 'avp-cut', 'vendor-cut', 'group-overrun', 'padding', 'width'];
    for (const name of names) {
      const quoted = readAvps(Buffer.from(faultOf(`hostile-${name}`).failed));
      expect('avps' in quoted, name).toBe(true);
    }
  });

  test('padding octets that are not zero are passed over', () => {
    const bytes = golden('cca-2001');
    const at = bytes.indexOf('03-0abc') + 7;
    expect(bytes[at]).toBe(0);
    bytes[at] = 0xff;
    expect(decodeMessage(bytes).ok).toBe(true);
  });
});
