import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeAvps, encodeAvps, type Avp } from '../../../simulators/diameter/avp.ts';
import { checkAvps } from '../../../simulators/diameter/check.ts';
import { dissect } from '../../../simulators/diameter/dissect.ts';
import { createFramer } from '../../../simulators/diameter/framing.ts';
import { decodeMessage, encodeMessage, type Message } from '../../../simulators/diameter/message.ts';
import { avp, bigintOf, first, numberOf, shownValue, textOf } from '../../../simulators/diameter/values.ts';
import { golden } from '../ocs/golden.ts';

const names = readdirSync(new URL('../../golden/diameter', import.meta.url))
  .filter((name) => name.startsWith('simulator-'))
  .map((name) => name.replace('.hex', ''));

const strict = { depth: 0, unknownMandatory: 'reject' } as const;

function decoded(bytes: Buffer): Message {
  const message = decodeMessage(bytes);
  if ('kind' in message) throw new Error('broken');
  return message;
}

const avps = (bytes: Buffer): readonly Avp[] => {
  const found = decodeAvps(bytes);
  if ('kind' in found) throw new Error('broken');
  return found;
};

describe('golden messages', () => {
  it.each(names)('%s: read, checked, and written back to the same octets', (name) => {
    const message = decoded(golden(name));
    expect(encodeMessage(message).toString('hex')).toBe(golden(name).toString('hex'));
    expect(checkAvps(message.avps, strict)).toBeUndefined();
  });

  it('reads the values that the annotations tell', () => {
    const { avps: list, ...header } = decoded(golden('simulator-ccr-debit'));
    expect(header).toEqual({
      version: 1,
      flags: 0xd0,
      command: 272,
      application: 4,
      hopByHop: 2,
      endToEnd: 0x5a100002,
    });
    expect(textOf(list, 'Session-Id')).toBe('orderd.lab.example;1767323045;7');
    expect(numberOf(list, 'CC-Request-Type')).toBe(4);
    expect(shownValue(first(list, 'Event-Timestamp')!)).toBe('2026-01-02T03:04:05.000Z');
  });

  it('dissects to JSON by name, groups inside', () => {
    const text = JSON.stringify(dissect(decoded(golden('simulator-ccr-debit'))));
    expect(text).toContain('"command":"CCR","application":4,"flags":"RPT"');
    expect(text).toContain('{"name":"Value-Digits","code":447,"mandatory":true,"value":"5000"}');
    expect(text).toContain('{"name":"Proxy-State","code":33,"mandatory":true,"value":"0x00ff01"}');
  });
});

describe('AVPs (RFC 6733 section 4.1)', () => {
  const anyAvp = fc
    .record({
      code: fc.integer({ min: 0, max: 0xffff_ffff }),
      vendor: fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: 0 }),
      bits: fc.constantFrom(0, 0x20, 0x40, 0x60),
      data: fc.uint8Array({ maxLength: 40 }),
    })
    .map(({ code, vendor, bits, data }): Avp => ({
      code,
      vendor,
      flags: bits | (vendor === 0 ? 0 : 0x80),
      data: Buffer.from(data),
    }));

  it('any list survives writing and reading, in whole words', () => {
    fc.assert(
      fc.property(fc.array(anyAvp, { maxLength: 8 }), (list) => {
        const bytes = encodeAvps(list);
        expect(bytes.length % 4).toBe(0);
        expect(avps(bytes)).toEqual(list);
      }),
    );
  });

  it('any octets are a list or a fault, never a throw and never endless', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const found = decodeAvps(Buffer.from(octets));
        if (!('kind' in found)) checkAvps(found, strict);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['length 0', '0000010c 40000000 000007d1'],
    ['length 7, below the header', '0000010c 40000007 000007d1'],
    ['past the end', '0000010c 40000010 000007d1'],
    ['16 MB', '0000010c 40ffffff 000007d1'],
    ['V bit and length 8, below its header', '0000010c c0000008 000028af'],
    ['a header cut short', '0000010c 40'],
  ])('%s is a fault', (_what, hex) => {
    expect(decodeAvps(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toMatchObject({ kind: 'avp-length', at: 0 });
  });

  it('reads what it builds: addresses, negative and big numbers, time beyond 2036', () => {
    expect(shownValue(avp('Host-IP-Address', '2001:db8::1'))).toBe('2001:0db8:0000:0000:0000:0000:0000:0001');
    expect(avp('Host-IP-Address', '::ffff:10.1.2.3').data.toString('hex')).toBe('00010a010203');
    expect(bigintOf([avp('Value-Digits', -5n)], 'Value-Digits')).toBe(-5n);
    expect(bigintOf([avp('CC-Total-Octets', 2n ** 64n - 1n)], 'CC-Total-Octets')).toBe(2n ** 64n - 1n);
    expect(numberOf([avp('Exponent', -2)], 'Exponent')).toBe(-2);
    expect(shownValue(avp('Event-Timestamp', Date.UTC(2040, 0, 1)))).toBe('2040-01-01T00:00:00.000Z');
  });

  it('3GPP AVPs carry their vendor', () => {
    expect(encodeAvps([avp('SM-Message-Type', 0)]).toString('hex')).toBe(
      '000007d7' + 'c0000010' + '000028af' + '00000000',
    );
  });
});

describe('what a receiver checks (RFC 6733 section 7.1.5)', () => {
  const nested = (depth: number): Avp => (depth === 0 ? avp('Exponent', 1) : avp('Failed-AVP', [nested(depth - 1)]));
  const short = (name: string, length: number): Avp => ({ ...avp(name, 0), data: Buffer.alloc(length) });

  it.each([
    ['an unknown AVP with M', { code: 7777, vendor: 0, flags: 0x40, data: Buffer.alloc(4) }, 5001],
    ['a base code under a vendor', { code: 268, vendor: 99, flags: 0xc0, data: Buffer.alloc(4) }, 5001],
    ['Unsigned32 of three octets', short('CC-Request-Number', 3), 5014],
    ['reserved AVP bits', { ...avp('Origin-Host', 'a'), flags: 0x41 }, 3009],
    [
      'a bad length inside a group',
      { ...avp('Subscription-Id', []), data: Buffer.from('000001c240000000', 'hex') },
      5014,
    ],
    ['groups 100 deep', nested(100), 5004],
  ])('%s', (_what, offender, result) => {
    expect(checkAvps([avp('Origin-Host', 'a'), offender], strict)).toMatchObject({ result });
  });

  it('passes over an unknown AVP without M, and with M where told to', () => {
    const unknown = { code: 7777, vendor: 0, flags: 0, data: Buffer.alloc(4) };
    expect(checkAvps([unknown], strict)).toBeUndefined();
    expect(checkAvps([{ ...unknown, flags: 0x40 }], { depth: 0, unknownMandatory: 'ignore' })).toBeUndefined();
  });

  it('reports a bad length with a zero-filled payload of the right size', () => {
    expect(checkAvps([short('CC-Request-Number', 3)], strict)?.offending.data.toString('hex')).toBe('00000000');
  });
});

describe('framing', () => {
  const two = Buffer.concat([golden('simulator-cer'), golden('simulator-ccr-debit')]);

  it('cuts two joined messages, split anywhere', () => {
    for (let at = 0; at <= two.length; at += 1) {
      const framer = createFramer();
      const frames = [two.subarray(0, at), two.subarray(at)].flatMap((part) => framer.push(part).frames);
      expect(frames.map((frame) => frame.toString('hex'))).toEqual([
        golden('simulator-cer').toString('hex'),
        golden('simulator-ccr-debit').toString('hex'),
      ]);
    }
  });

  it('cuts them octet by octet', () => {
    const framer = createFramer();
    expect([...two].flatMap((octet) => framer.push(Buffer.from([octet])).frames).length).toBe(2);
  });

  it.each([
    ['0', '01000000'],
    ['19', '01000013'],
    ['21, no multiple of 4', '01000015'],
    ['16 MB', '01fffffc'],
  ])('length %s loses the stream, after the good ones before it', (_length, hex) => {
    const framed = createFramer().push(Buffer.concat([golden('simulator-dwr'), Buffer.from(hex, 'hex')]));
    expect(framed).toMatchObject({ kind: 'lost' });
    expect(framed.frames.length).toBe(1);
  });
});
