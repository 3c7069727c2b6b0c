import { describe, expect, it } from 'vitest';
import { nextChannel, whyNot } from '../../src/domain/channel.ts';
import { addressIn, emailAddress } from '../../src/domain/email-address.ts';

const FALLBACKS = { sms: ['flash'], flash: ['sms'], ussd: ['email', 'sms'], email: ['sms'] } as const;
const offered = ['sms', 'flash', 'email'] as const;

describe('the channel in place of another', () => {
  it('is the first declared one that can be used', () => {
    expect(nextChannel(FALLBACKS, 'ussd', [], { offered, address: 'me@example.org' })).toBe('email');
    expect(nextChannel(FALLBACKS, 'ussd', [], { offered, address: undefined })).toBe('sms');
    expect(nextChannel(FALLBACKS, 'email', ['sms'], { offered, address: undefined })).toBeUndefined();
  });

  it('is told why it was needed', () => {
    expect(whyNot('ussd', { offered, address: undefined })).toBe('ussd is not offered here');
    expect(whyNot('email', { offered, address: undefined })).toBe('no email address is known');
    expect(whyNot('email', { offered, address: 'me@example.org' })).toBeUndefined();
  });
});

describe('an email address', () => {
  it.each([
    ['me@example.org', 'me@example.org'],
    ['First.Last+news@Mail.Example.ORG', 'First.Last+news@mail.example.org'],
    ['o_o@a-b.co', 'o_o@a-b.co'],
  ])('%s is one', (text, address) => {
    expect(emailAddress(text)).toBe(address);
  });

  it.each([
    '@example.org', 'me@', 'me@localhost', 'me@example.1', 'a..b@example.org', '.a@example.org', 'me@-a.org',
    'me@example..org', 'a b@example.org', 'me@example.org\r\nBcc: x@example.org', '"a b"@example.org', 'me@[127.0.0.1]',
    `${'a'.repeat(65)}@example.org`, `me@${'a.'.repeat(130)}org`, 'me@exämple.org',
  ])('%j is none', (text) => {
    expect(emailAddress(text)).toBeUndefined();
  }); // prettier-ignore

  it.each([
    ['NEWS EMAIL me@example.org', 'me@example.org'],
    ['NEWS EMAIL <Me@example.org>.', 'Me@example.org'],
    ['channel email mailto:me@example.org, please', 'me@example.org'],
    ['NEWS EMAIL me＠example.org', 'me@example.org'],
    ['NEWS EMAIL \u200eme@example.org\u200e', 'me@example.org'],
    ['NEWS EMAIL \u2066me@exam\u200bple.org\u2069', 'me@example.org'],
    ['قناة EMAIL me@example.org، شكرا', 'me@example.org'],
    ['方式 EMAIL me@example.org。', 'me@example.org'],
    ['NEWS EMAIL «me@example.org»', 'me@example.org'],
    ['NEWS EMAIL <mailto:me@example.org>', 'me@example.org'],
    ['NEWS EMAIL me@example.org_', undefined],
    ['NEWS VIA SMS', undefined],
    ['NEWS @home', undefined],
  ])('is found in %j as it was typed', (text, address) => {
    expect(addressIn(text)).toBe(address);
  });
});
