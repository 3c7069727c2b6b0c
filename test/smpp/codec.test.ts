import { describe, expect, it } from 'vitest';
import { bindRequest } from '../../src/smpp/session/bind.ts';
import { decodePdu, encodePdu } from '../../src/smpp/codec/codec.ts';
import { layoutOf, statusName } from '../../src/smpp/codec/dictionary.ts';
import { checkFrame } from '../../src/smpp/guard.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { bare, genericNack, responseTo, TAG, tlvNumber, tlvText, userDataOf } from '../../src/smpp/pdu.ts';
import { golden, goldenNames } from './support/golden.ts';
import { linkSettings } from './support/settings.ts';
import { header } from './support/smsc.ts';

function decoded(name: string): Pdu {
  const frame = golden(name);
  const checked = checkFrame(frame);
  if (!checked.ok) throw new Error(`${name}: ${checked.fault.kind}`);
  return decodePdu(frame, checked.value);
}

/** The PDU's first octets under a command_length that fits them, for every length. */
function cutShort(name: string): readonly Buffer[] {
  const whole = golden(name);
  return Array.from({ length: whole.length - 16 }, (_, index) => {
    const cut = Buffer.from(whole.subarray(0, 16 + index));
    cut.writeUInt32BE(cut.length, 0);
    return cut;
  });
}

const good = goldenNames().filter((name) => !name.startsWith('hostile-'));

/** Responses that their sender cut to the header; we never send such. */
const headerOnly = ['bind_transceiver_resp-refused', 'submit_sm_resp-throttled'];

describe('codec against golden PDUs', () => {
  it.each(headerOnly)('%s decodes without its body', (name) => {
    expect(decoded(name)).toMatchObject({ fields: {}, tlvs: [] });
  });

  it.each(good.filter((name) => !headerOnly.includes(name)))('%s decodes and encodes to the same octets', (name) => {
    expect(encodePdu(decoded(name)).toString('hex')).toBe(golden(name).toString('hex'));
  });

  it.each([
    ['trx', 'bind_transceiver'],
    ['tx', 'bind_transmitter'],
    ['rx', 'bind_receiver'],
  ] as const)('binds as %s', (mode, name) => {
    expect(encodePdu(bindRequest(linkSettings(), mode, 1))).toEqual(golden(name));
  });

  it('tells in its bind which addresses it serves, where the SMSC wants to know', () => {
    const bind = bindRequest(linkSettings({ addressTon: 3, addressNpi: 1, addressRange: '^5000$' }), 'rx', 1);
    // addr_ton, addr_npi, address_range (SMPP 3.4 4.1.3)
    expect(encodePdu(bind).subarray(-9).toString('latin1')).toBe('\x03\x01^5000$\0');
  });

  it('encodes the session PDUs', () => {
    expect(encodePdu(bare('enquire_link', 7))).toEqual(golden('enquire_link'));
    expect(encodePdu(bare('unbind', 9))).toEqual(golden('unbind'));
    expect(encodePdu(genericNack(1, 3))).toEqual(golden('generic_nack'));
    expect(encodePdu(responseTo(decoded('enquire_link'), 0))).toEqual(golden('enquire_link_resp'));
    expect(encodePdu(responseTo(decoded('unbind'), 0))).toEqual(golden('unbind_resp'));
    expect(encodePdu(responseTo(decoded('deliver_sm-gsm7'), 0))).toEqual(golden('deliver_sm_resp'));
    expect(encodePdu(responseTo(decoded('deliver_sm-gsm7'), 0x64))).toEqual(golden('deliver_sm_resp-temporary'));
    expect(encodePdu(responseTo(decoded('data_sm-payload'), 0))).toEqual(golden('data_sm_resp'));
    expect(tlvNumber(decoded('submit_sm_resp-congestion'), TAG.congestionState)).toBe(90);
  });

  it('answers a request that an ESME has no response for with generic_nack', () => {
    expect(responseTo(decoded('submit_sm-gsm7'), 0)).toEqual(genericNack(2, 3));
    expect(responseTo(decoded('submit_sm-gsm7'), 8)).toEqual(genericNack(2, 8));
  });

  it('reads TLVs and skips unknown ones', () => {
    const receipt = decoded('receipt-tlv');
    expect(tlvText(receipt, 0x001e)).toBe('00Ab12');
    expect(tlvNumber(receipt, 0x0427)).toBe(5);
    expect(tlvNumber(receipt, 0x9999)).toBeUndefined();
    expect(userDataOf(decoded('deliver_sm-payload')).toString()).toBe('NEWS via flash');
  });

  it('keeps the octets of a message as they came', () => {
    expect(userDataOf(decoded('deliver_sm-gsm7')).toString('hex')).toBe('4e45575300');
  });

  it('names statuses', () => {
    expect(statusName(0x58)).toBe('ESME_RTHROTTLED');
    expect(statusName(0x4a1)).toBe('0x000004a1');
    expect(layoutOf('unbind').fields).toEqual([]);
  });
});

describe('guard', () => {
  it.each([
    ['hostile-sm_length', 'bad-length', 'short_message', 0x01],
    ['hostile-unterminated', 'unterminated', 'source_addr', 0x0a],
    ['hostile-tlv', 'broken-tlv', '1501', 0xc0],
    ['hostile-submit_multi', 'unknown-command', undefined, 3],
  ] as const)('%s is a %s', (name, kind, where, answer) => {
    expect(checkFrame(golden(name))).toMatchObject({ ok: false, fault: { kind, where, answer, sequence: 11 } });
  });

  it('finds a fault in every PDU that was cut short, except where a header alone is enough', () => {
    for (const cut of good.flatMap(cutShort)) {
      const checked = checkFrame(cut);
      const isBare = cut.length === 16 && cut.readUInt32BE(4) >= 0x80000000;
      if (isBare) expect(checked.ok).toBe(true);
      else if (checked.ok) expect(encodePdu(decodePdu(cut, checked.value))).toEqual(cut);
    }
  });

  it('refuses a C-string longer than its field', () => {
    const body = Buffer.from(`${'x'.repeat(6)}\0\0\0\0`);
    const frame = Buffer.concat([golden('deliver_sm-gsm7').subarray(0, 16), body]);
    expect(checkFrame(frame)).toMatchObject({ ok: false, fault: { kind: 'overlong', where: 'service_type' } });
  });

  it('takes a system_id of up to 255 octets in a response, where 15 are meant; in a request never', () => {
    const named = (id: number, length: number): Buffer => {
      const body = Buffer.from(`${'x'.repeat(length)}\0`);
      return header(id, 0, 1, body);
    };
    expect(checkFrame(named(0x80000009, 255)).ok).toBe(true);
    const overlong = { ok: false, fault: { kind: 'overlong', where: 'system_id' } };
    expect(checkFrame(named(0x80000009, 256))).toMatchObject(overlong);
    expect(checkFrame(named(0x00000009, 16))).toMatchObject(overlong);
  });

  it('refuses a trailing octet that is no TLV', () => {
    const frame = Buffer.concat([golden('enquire_link'), Buffer.from([0])]);
    expect(checkFrame(frame)).toMatchObject({ ok: false, fault: { kind: 'broken-tlv', where: undefined } });
  });
});
