import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateKeys, readKey } from '../../src/hashing/generate.ts';
import { createHashing } from '../../src/hashing/hashing.ts';

const octets = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

const hashing = createHashing({
  msisdn: octets(1),
  dedupe: octets(2),
  currentCode: 'k2',
  codes: new Map([
    ['k1', octets(3)],
    ['k2', octets(0x0b)],
  ]),
});

describe('hashing', () => {
  it('is HMAC-SHA-256 (RFC 4231 4.3 with its key as given)', () => {
    const jefe = createHashing({ msisdn: Buffer.from('Jefe'), dedupe: octets(2), currentCode: '', codes: new Map() });
    expect(hex(jefe.mac('msisdn', 'what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('has a key per purpose', () => {
    expect(hex(hashing.mac('msisdn', '254700000001'))).not.toBe(hex(hashing.mac('dedupe', '254700000001')));
  });

  it('keeps older code keys until their last challenge is over (E15)', () => {
    expect(hashing.currentCodeKey).toBe('k2');
    expect(hashing.codeMac('k1', 'c')).toHaveLength(32);
    expect(hex(hashing.codeMac('k1', 'c'))).not.toBe(hex(hashing.codeMac('k2', 'c')));
    expect(hashing.codeMac('k0', 'c')).toBeUndefined();
  });
});

describe('a key as text', () => {
  it.each([
    ['hex', 'AB'.repeat(32), 32],
    ['hex with a newline', `${'ab'.repeat(40)}\n`, 40],
    ['base64', Buffer.alloc(33, 9).toString('base64'), 33],
    ['base64url', Buffer.alloc(32, 255).toString('base64url'), 32],
  ])('%s', (_, text, length) => {
    expect(readKey(text)).toHaveLength(length);
  });

  it.each([
    ['short hex', 'ab'.repeat(31)],
    ['short base64', Buffer.alloc(31).toString('base64')],
    ['a sentence', 'a long sentence that somebody took for a good key, with blanks'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(readKey(text)).toBeUndefined();
  });
});

describe('generated keys', () => {
  it('are made once, readable by their owner alone, and the same afterwards', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'orderd-keys-')), 'keys');
    const [first, second] = await Promise.all([generateKeys(folder), generateKeys(folder)]);
    const third = await generateKeys(folder);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(hex(first.msisdn)).not.toBe(hex(first.dedupe));
    expect((await stat(join(folder, 'msisdn'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, 'code-1'), 'utf8')).trim()).toBe(hex(first.codes.get(first.currentCode)));
  });

  it('are refused when a file holds something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orderd-keys-'));
    await writeFile(join(folder, 'dedupe'), 'hello');
    await expect(generateKeys(folder)).rejects.toThrow('dedupe holds no key of at least 32 octets in hex or base64');
  });
});
