import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../simulators/smpp/codec.ts';
import { dissect } from '../../../simulators/smpp/dissect.ts';
import { frameReader } from '../../../simulators/smpp/frame.ts';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { intTlv, octetsField, pdu, textField } from '../../../simulators/smpp/pdu.ts';
import { receiptText } from '../../../simulators/smpp/receipt.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import { TAG, textTlv, uintTlv } from '../../../simulators/smpp/tlv.ts';
import { golden } from './golden.ts';

const PDUS: Record<string, Pdu> = {
  bind_transceiver: pdu('bind_transceiver', 1, {
    fields: {
      system_id: 'ord',
      password: 'pw',
      interface_version: 0x34,
      addr_ton: 1,
      addr_npi: 1,
      address_range: '5.*.',
    },
  }),
  bind_transceiver_resp: pdu('bind_transceiver_resp', 1, {
    fields: { system_id: 'SMSC' },
    tlvs: [uintTlv(TAG.sc_interface_version, 0x34, 1)],
  }),
  submit_sm: pdu('submit_sm', 42, {
    fields: {
      source_addr_ton: 3,
      source_addr: '5000',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '254700000001',
      registered_delivery: 1,
      short_message: Buffer.from('486920002 01b6502'.replaceAll(' ', ''), 'hex'),
    },
    tlvs: [uintTlv(TAG.user_message_reference, 7, 2)],
  }),
  deliver_sm_receipt: pdu('deliver_sm', 7, {
    fields: {
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: '254700000001',
      dest_addr_ton: 3,
      destination_addr: '5000',
      esm_class: 4,
      short_message: Buffer.from(
        receiptText({
          messageId: '0000002A',
          state: 'DELIVRD',
          submitted: new Date('2026-01-02T03:04:00Z'),
          done: new Date('2026-01-02T03:05:00Z'),
          error: 0,
          text: 'You have ordered the news',
        }),
        'latin1',
      ),
    },
    tlvs: [textTlv(TAG.receipted_message_id, '0000002A'), uintTlv(TAG.message_state, 2, 1)],
  }),
};

describe('the SMPP codec of the simulators', () => {
  it.each(Object.entries(PDUS))('writes %s as the golden bytes', (name, of) => {
    expect(encode(of).toString('hex')).toBe(golden(name).toString('hex'));
  });

  it.each(Object.entries(PDUS))('reads %s back from the golden bytes', (name, of) => {
    const decoded = decode(golden(name));
    if (decoded.kind !== 'pdu') throw new Error(decoded.reason);
    expect(decoded.pdu.command).toBe(of.command);
    expect(decoded.pdu.sequence).toBe(of.sequence);
    for (const [field, value] of Object.entries(of.fields)) {
      const read = decoded.pdu.fields[field];
      expect(read instanceof Uint8Array ? Buffer.from(read).toString('hex') : read, field).toEqual(
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
    }
    expect(decoded.pdu.tlvs.map(({ tag }) => tag)).toEqual(of.tlvs.map(({ tag }) => tag));
  });

  it('never reads @ (0x00) as the end of a text', () => {
    const decoded = decode(golden('submit_sm'));
    if (decoded.kind !== 'pdu') throw new Error(decoded.reason);
    expect(octetsField(decoded.pdu, 'short_message')).toHaveLength(8);
    expect(intTlv(decoded.pdu, TAG.user_message_reference)).toBe(7);
    expect(textField(decoded.pdu, 'destination_addr')).toBe('254700000001');
  });

  it('says why a PDU is malformed and with which status to answer', () => {
    const unknown = golden('submit_sm');
    unknown.writeUInt32BE(0x77, 4);
    expect(decode(unknown)).toMatchObject({ kind: 'fault', status: STATUS.ESME_RINVCMDID });

    const shortText = golden('submit_sm');
    shortText.writeUInt8(200, shortText.length - 15);
    expect(decode(shortText)).toMatchObject({ kind: 'fault', status: STATUS.ESME_RINVCMDLEN });

    const longTlv = golden('bind_transceiver_resp');
    longTlv.writeUInt16BE(9, longTlv.length - 3);
    expect(decode(longTlv)).toMatchObject({ kind: 'fault', status: STATUS.ESME_RINVOPTPARSTREAM });
  });

  it('reads every truncation of a PDU as a fault or a PDU, and throws on none', () => {
    const whole = golden('deliver_sm_receipt');
    for (let length = 16; length < whole.length; length += 1) {
      const cut = Buffer.from(whole.subarray(0, length));
      cut.writeUInt32BE(length, 0);
      const decoded = decode(cut);
      if (length < whole.length - 18) expect(decoded.kind, `cut to ${length}`).toBe('fault');
    }
  });

  it('frames any split of any run of PDUs the same', () => {
    const run = Buffer.concat(Object.keys(PDUS).map(golden));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }), (cuts) => {
        const read = frameReader();
        const frames: Buffer[] = [];
        let at = 0;
        for (const cut of [...cuts, run.length]) {
          frames.push(...read(run.subarray(at, at + cut)).frames);
          at = Math.min(run.length, at + cut);
        }
        expect(Buffer.concat(frames).equals(run)).toBe(true);
        expect(frames).toHaveLength(Object.keys(PDUS).length);
      }),
    );
  });

  it.each([0, 4, 15, 0x7fffffff])('calls a command_length of %i broken', (length) => {
    const bad = golden('bind_transceiver');
    bad.writeUInt32BE(length, 0);
    expect(frameReader()(bad).broken).toMatchObject({ length });
  });

  it('dissects field by field, and a malformed PDU up to its fault', () => {
    const lines = dissect(golden('submit_sm'));
    expect(lines.find(({ name }) => name === 'short_message')?.meaning).toBe('gsm7 "Hi @ €$"');
    expect(lines.map(({ hex }) => hex).join('')).toBe(golden('submit_sm').toString('hex'));

    const cut = Buffer.from(golden('submit_sm').subarray(0, 30));
    expect(dissect(cut).at(-1)).toMatchObject({ name: 'malformed' });
  });
});
