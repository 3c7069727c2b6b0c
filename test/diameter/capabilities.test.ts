import { describe, expect, test } from 'vitest';
import { misfitOf, readCea } from '../../src/diameter/capabilities.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import type { Avp } from '../../src/diameter/message.ts';
import { golden } from './golden.ts';

function misfit(name: string, identity?: string, certificate?: string): string | undefined {
  const message = decodeMessage(golden(name));
  if (!message.ok) throw new Error(message.fault.shape);
  return misfitOf(readCea(message.value.avps), { identity, certificateFault: () => certificate })?.event;
}

describe('a CEA fits when (RFC 6733 5.3)', () => {
  test.each(['cea', 'cea-vendor-specific', 'cea-relay'])('%s: credit control is common', (name) => {
    expect(misfit(name)).toBeUndefined();
  });

  test.each([
    ['cea-other-application', 'peer.no-common-application'],
    ['cea-5010', 'peer.no-common-application'],
  ])('%s does not', (name, event) => expect(misfit(name)).toBe(event));

  test('a relay says so in any of its Acct-Application-Ids', () => {
    const accounting = (value: number): Avp => ({
      name: 'Acct-Application-Id',
      known: true,
      mandatory: true,
      value,
      bytes: new Uint8Array(),
    });
    expect(readCea([accounting(3), accounting(0xffff_ffff)]).common).toBe(true);
    expect(readCea([accounting(3), accounting(4)]).common).toBe(false);
  });

  test('its host is the configured one, case aside', () => {
    expect(misfit('cea', 'OCS1.ocs.example')).toBeUndefined();
    expect(misfit('cea', 'ocs2.ocs.example')).toBe('peer.identity-mismatch');
  });

  test('the certificate names its host (RFC 6733 13.1)', () => {
    expect(misfit('cea', undefined, 'certificate is for another host')).toBe('peer.identity-mismatch');
  });

  test('what lacks a result or a host is refused', () => {
    const expected = { identity: undefined, certificateFault: () => undefined };
    const whole = { resultCode: 2001, originHost: 'h', originStateId: undefined, common: true };
    expect(misfitOf({ ...whole, resultCode: undefined }, expected)?.event).toBe('peer.refused');
    expect(misfitOf({ ...whole, resultCode: 3010 }, expected)?.event).toBe('peer.refused');
    expect(misfitOf({ ...whole, originHost: undefined }, expected)?.event).toBe('peer.identity-mismatch');
    expect(readCea([])).toMatchObject({ resultCode: undefined, common: false });
  });
});
