import { describe, expect, it } from 'vitest';
import { classOf, isBindFault, isPasswordRefusal, mendingFor } from '../../src/smpp/status-classes.ts';

const CLASSES = {
  ok: [0x00],
  throttled: [0x58],
  'queue-full': [0x14],
  temporary: [0x08, 0x45, 0x64, 0xfe, 0xff, 0x102, 0x400, 0x4ff],
  session: [0x02, 0x03, 0x04, 0x05, 0x0d, 0x0e, 0x0f],
  permanent: [
    0x01, 0x06, 0x07, 0x0a, 0x0b, 0x15, 0x43, 0x48, 0x49, 0x50, 0x51, 0x53, 0x61, 0x62, 0x63, 0x65, 0x66, 0xc0, 0xc1,
    0xc2, 0xc3, 0xc4, 0x100, 0x101, 0x103, 0x104,
  ],
} as const;

describe('status classes', () => {
  it.each(Object.entries(CLASSES))('%s', (name, codes) => {
    expect(codes.map((code) => classOf(code))).toEqual(codes.map(() => name));
  });

  it('takes an unknown code for temporary, and a link may say otherwise', () => {
    expect(classOf(0x9999)).toBe('temporary');
    expect(classOf(0x9999, new Map([[0x9999, 'permanent']]))).toBe('permanent');
  });

  it('names what can be mended and what is the bind', () => {
    expect([0x62, 0x104, 0xc1, 0x0b].map(mendingFor)).toEqual([
      'without-validity',
      'as-ucs2',
      'without-tlvs',
      undefined,
    ]);
    const refusals = [0x0d, 0x0e, 0x0f, 0x05];
    expect(refusals.map((status) => isPasswordRefusal(status, false))).toEqual([true, true, true, false]);
    expect(refusals.map((status) => isPasswordRefusal(status, true))).toEqual([false, true, true, false]);
    expect([0x04, 0x05, 0x0d, 0x0e, 0x02, 0x03].map(isBindFault)).toEqual([true, true, true, true, false, false]);
  });
});
