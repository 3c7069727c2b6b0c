import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base32,
  firstEndToEnd,
  hex,
  isRenewalId,
  nextIdentifier,
  orderId,
  partitionOf,
  partitionOfHash,
  partitionTag,
  renewalId,
  sessionId,
} from '../../src/domain/ids.ts';

const NOW = Date.UTC(2026, 0, 1);
const partitions = fc.integer({ min: 0, max: 1023 });
const octets = fc.uint8Array({ minLength: 10, maxLength: 10 });
const times = fc.integer({ min: 0, max: 32 ** 9 - 1 });

describe('E22: order ids', () => {
  it('carry their partition', () => {
    fc.assert(
      fc.property(partitions, times, octets, (partition, now, random) => {
        expect(partitionOf(orderId(partition, now, random))).toBe(partition);
      }),
    );
  });

  it('E24: suit BullMQ: no colon, no plain integer', () => {
    fc.assert(
      fc.property(partitions, times, octets, (partition, now, random) => {
        expect(orderId(partition, now, random)).toMatch(/^\d{2,}-[0-9a-hjkmnp-tv-z]{19}$/);
      }),
    );
  });

  it('sort by time within a partition', () => {
    fc.assert(
      fc.property(times, times, octets, octets, (one, other, left, right) => {
        fc.pre(one < other);
        expect(orderId(3, one, left) < orderId(3, other, right)).toBe(true);
      }),
    );
  });

  it('spell time in Crockford digits of fixed width', () => {
    expect(base32(0, 9)).toBe('000000000');
    expect(base32(31, 2)).toBe('0z');
    expect(base32(32 ** 9 - 1, 9)).toBe('zzzzzzzzz');
    expect(orderId(7, NOW, new Uint8Array(10))).toBe(`07-${base32(NOW, 9)}0000000000`);
  });

  it.each(['', 'abc', '7-abc', 'x07-abc', '07', '07:abc', '-07-abc'])('reads no partition in "%s"', (id) => {
    expect(partitionOf(id)).toBeNaN();
  });

  it('pads a partition to two digits', () => {
    expect([0, 9, 10, 100].map(partitionTag)).toEqual(['00', '09', '10', '100']);
  });
});

describe('E11: the id of a renewal', () => {
  it('is the subscription and the number of the period', () => {
    const subscription = orderId(7, NOW, new Uint8Array(10));
    expect(renewalId(subscription, 12)).toBe(`${subscription}-r12`);
    expect([renewalId(subscription, 12), subscription, `${subscription}-ordered`, '07-r12'].map(isRenewalId)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('E22: the partition of a subscriber', () => {
  it('is the first 32 bits of the HMAC over the count', () => {
    expect(partitionOfHash(new Uint8Array([0, 0, 1, 0]), 100)).toBe(56);
    expect(partitionOfHash(new Uint8Array([255, 255, 255, 255]), 16)).toBe(15);
  });

  it('lies below the count', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 32 }), fc.integer({ min: 1, max: 1024 }), (hash, count) => {
        const partition = partitionOfHash(hash, count);
        expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true);
      }),
    );
  });
});

describe('Diameter identifiers', () => {
  it('Session-Id has the form of RFC 6733 8.8, its halves unsigned', () => {
    expect(sessionId('orderd.example.org', 1876543210, 102, '07-abc')).toBe('orderd.example.org;1876543210;102;07-abc');
    expect(sessionId('orderd.example.org', -1, 2 ** 32 - 1, 'x')).toBe('orderd.example.org;4294967295;4294967295;x');
  });

  it('the first End-to-End id holds the low 12 bits of the time above 20 bits of chance (RFC 6733 3)', () => {
    expect(firstEndToEnd(0xabc_def, 0x12345)).toBe(0xdef12345);
    expect(firstEndToEnd(0xfff, 0xffff_ffff)).toBe(0xffff_ffff);
  });

  it('identifiers count up and wrap at 32 bits', () => {
    expect(nextIdentifier(7)).toBe(8);
    expect(nextIdentifier(0xffff_ffff)).toBe(0);
  });

  it('writes octets as hex', () => {
    expect(hex(new Uint8Array([0, 15, 255]))).toBe('000fff');
    const long = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);
    expect(hex(long)).toBe(Buffer.from(long).toString('hex'));
  });
});
