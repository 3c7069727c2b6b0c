import { describe, expect, it } from 'vitest';
import { host, network } from '../../src/config/fields.ts';

describe('a network', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '192.0.2.7/32', '::1', '2001:db8::/32', '2001:db8::1/128', '::ffff:10.0.0.1'])(
    'may be %s',
    (text) => {
      expect(network().safeParse(text)).toEqual({ success: true, data: text });
    },
  );

  it.each(['', 'localhost', '10.0.0', '10.0.0.0/7', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/0x8'])(
    'is not %j',
    (text) => {
      expect(network().safeParse(text).success).toBe(false);
    },
  );

  it.each(['::/8', '::ffff:0:0/96', '::ffff:10.0.0.0/97', '0:0::/64'])(
    'is not %j, which holds what is IPv4',
    (text) => {
      expect(network().safeParse(text).success).toBe(false);
    },
  );

  it.each(['::/0', '2001:db8::/7', '2001:db8::/129', '2001:db8::/-1', '10.0.0.0/255.0.0.0', 'fe80::1%eth0/64'])(
    'is not %j',
    (text) => {
      expect(network().safeParse(text).success).toBe(false);
    },
  );
});

describe('a host', () => {
  it.each(['smsc.example.net', 'SMSC-1', '10.0.0.1', '::1', '::', '2001:db8::7', '2001:db8::', '::ffff:10.0.0.1'])(
    'may be %s',
    (text) => {
      expect(host().safeParse(text)).toEqual({ success: true, data: text });
    },
  );

  it.each(['', 'smsc.example.net:2775', '10.0.0.1:2775', '[::1]', '1:2:3', '-a', 'a-', 'a b', 'http://a'])(
    'is not %j',
    (text) => {
      expect(host().safeParse(text).success).toBe(false);
    },
  );
});
