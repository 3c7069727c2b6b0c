import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIGITS, findDigits, putDigits, readDigits } from '../../../simulators/load/numbers.ts';
import {
  moTemplate,
  putMessageId,
  putReceipt,
  putSequence,
  readSubmission,
  receiptTemplate,
  SUBMIT_RESP,
} from '../../../simulators/load/pdus.ts';
import type { Submission } from '../../../simulators/load/pdus.ts';
import { Speech } from '../../../simulators/load/speech.ts';
import { turnTemplate } from '../../../simulators/load/ussd.ts';
import { decode, encode } from '../../../simulators/smpp/codec.ts';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { intTlv, pdu, textField, tlvOf } from '../../../simulators/smpp/pdu.ts';
import { TAG, uintTlv } from '../../../simulators/smpp/tlv.ts';

const addresses = { prefix: '2547', shortCode: '5000' };

function read(frame: Buffer): Pdu {
  const decoded = decode(frame);
  if (decoded.kind === 'fault') throw new Error(decoded.reason);
  return decoded.pdu;
}

const text = (of: Pdu): string => Buffer.from(of.fields['short_message'] as Uint8Array).toString('latin1');

test('a patched text decodes to the subscriber and the text that were meant', () => {
  const { frame, numberAt } = moTemplate(addresses, 'NEWS');
  const patched = Buffer.from(frame);
  putDigits(patched, numberAt, 1234567, DIGITS);
  putSequence(patched, 0, 77);
  const mo = read(patched);
  expect(mo.sequence).toBe(77);
  expect(textField(mo, 'source_addr')).toBe('254701234567');
  expect(textField(mo, 'destination_addr')).toBe('5000');
  expect(text(mo)).toBe('NEWS');
});

const USSD_SCRIPT = ['*384#', '1', '1'];

test.each([
  [0, '*384#', 1, 0x02],
  [2, '1', 18, 0x06],
])('turn %i of a USSD dialogue says %s by operation %i', (step, said, op, sequence) => {
  const { frame, sessionAt = 0 } = turnTemplate(addresses, USSD_SCRIPT, step, said);
  frame[sessionAt] = 0xab;
  const turn = read(frame);
  expect(turn.fields).toMatchObject({ service_type: 'USSD', destination_addr: '384' });
  expect(text(turn)).toBe(said);
  expect(intTlv(turn, TAG.ussd_service_op)).toBe(op);
  expect([...(tlvOf(turn, TAG.its_session_info)?.value ?? [])]).toEqual([0xab, sequence]);
});

const answered = (op: number | undefined): Submission & { readonly bytes: Buffer } => {
  const tlvs = op === undefined ? [] : [uintTlv(TAG.source_port, 1, 2), uintTlv(TAG.ussd_service_op, op, 1)];
  const bytes = encode(pdu('submit_sm', 1, { fields: { short_message: Buffer.from('1 Order') }, tlvs }));
  return { ...readSubmission(bytes, 0, bytes.length), bytes };
};

test.each([
  ['asks', 0, 2, false],
  ['asks at the end of the script', 2, 2, false],
  ['ends it at the end of the script', 2, 17, false],
  ['ends it too early', 1, 17, true],
  ['answers by SMS', 2, undefined, true],
])('a peer that %s', (_what, step, op, broken) => {
  const speech = new Speech(addresses, [{ kind: 'ussd', script: USSD_SCRIPT, weight: 1 }]);
  const answer = answered(op);
  expect(speech.brokeOff({ kind: 0, step }, answer.bytes, answer)).toBe(broken);
});

test('a patched receipt names the message in its text and in receipted_message_id', () => {
  const template = receiptTemplate(addresses, new Date(0));
  const patched = Buffer.concat([Buffer.alloc(5), template.frame]);
  putReceipt(5, patched, template, 42);
  const receipt = read(patched.subarray(5));
  expect(receipt.fields['esm_class']).toBe(0x04);
  expect(text(receipt)).toMatch(/^id:0000000042 sub:001 dlvrd:001 .* stat:DELIVRD err:000/);
  const named = receipt.tlvs.find(({ tag }) => tag === TAG.receipted_message_id);
  expect(Buffer.from(named?.value ?? []).toString('latin1')).toBe('0000000042\0');
});

test('a patched submit_sm_resp carries its sequence number and message id', () => {
  const patched = Buffer.from(SUBMIT_RESP);
  putSequence(patched, 0, 9);
  putMessageId(patched, 0, 1234567890);
  expect(read(patched)).toMatchObject({ sequence: 9, status: 0, fields: { message_id: '1234567890' } });
});

const submission = fc.record({
  service: fc.constantFrom('', 'CMT'),
  to: fc.stringMatching(/^\d{1,20}$/),
  validity: fc.constantFrom('', '000000010000000R'),
  receipt: fc.constantFrom(0, 1),
  text: fc.uint8Array({ maxLength: 140 }),
});

test('what is read of a submit_sm is what was encoded, wherever it stands', () => {
  fc.assert(
    fc.property(submission, fc.nat(50), (sent, offset) => {
      const fields = {
        service_type: sent.service,
        source_addr: '5000',
        destination_addr: sent.to,
        validity_period: sent.validity,
        registered_delivery: sent.receipt,
        short_message: sent.text,
      };
      const frame = encode(pdu('submit_sm', 1, { fields }));
      const bytes = Buffer.concat([Buffer.alloc(offset, 0x31), frame, Buffer.alloc(3)]);
      const found = readSubmission(bytes, offset, offset + frame.length);
      expect(bytes.toString('latin1', found.to, found.toEnd)).toBe(sent.to);
      expect([...bytes.subarray(found.text, found.textEnd)]).toEqual([...sent.text]);
      expect([found.wantsReceipt, found.last]).toEqual([sent.receipt === 1, true]);
    }),
  );
});

test.each([
  ['first of two, 8-bit reference', [5, 0, 3, 7, 2, 1], false],
  ['last of two, 8-bit reference', [5, 0, 3, 7, 2, 2], true],
  ['first of two, 16-bit reference', [6, 8, 4, 7, 7, 2, 1], false],
  ['last of two, 16-bit reference', [6, 8, 4, 7, 7, 2, 2], true],
])('%s', (_name, header, last) => {
  const fields = { destination_addr: '1', esm_class: 0x40, short_message: Uint8Array.from([...header, 0x41]) };
  const frame = encode(pdu('submit_sm', 1, { fields }));
  expect(readSubmission(frame, 0, frame.length).last).toBe(last);
});

test('digits are written and read back', () => {
  fc.assert(
    fc.property(fc.nat(99_999_999), (value) => {
      const bytes = Buffer.alloc(10);
      putDigits(bytes, 1, value, DIGITS);
      expect(readDigits(bytes, 1, DIGITS)).toBe(value);
    }),
  );
  expect(readDigits(Buffer.from('12a4'), 0, 4)).toBe(-1);
});

test('a code is the first long run of digits', () => {
  const bytes = Buffer.from('KES 15.00: reply 123456 to 5000');
  expect(findDigits(bytes, 0, bytes.length, 6)).toBe('123456');
  expect(findDigits(bytes, 0, 10, 6)).toBeUndefined();
  const atTheEnd = Buffer.from('code 654321');
  expect(findDigits(atTheEnd, 0, atTheEnd.length, 6)).toBe('654321');
});
