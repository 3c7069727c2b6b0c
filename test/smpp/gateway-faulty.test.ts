import { describe, expect, it } from 'vitest';
import { golden } from './support/golden.ts';
import { header, ID } from './support/smsc.ts';
import { bound } from './support/rigs.ts';

/** The same PDU with `more` at its end, or with its body changed. */
function grown(name: string, more: Buffer): Buffer {
  const frame = Buffer.concat([golden(name), more]);
  frame.writeUInt32BE(frame.length, 0);
  return frame;
}

/** A deliver_sm of SMPP 3.4 4.6.1 from its parts. */
function deliver(parts: { type?: string; esm?: number; text?: string; tlvs?: Buffer; id?: number }): Buffer {
  const { type = '', esm = 0, text = '', tlvs = Buffer.alloc(0), id = ID.deliverSm } = parts;
  const addresses = Buffer.from(`${type}\0\x01\x01491701234567\0\0\x0112345\0`, 'latin1');
  const rest = Buffer.from([esm, 0, 0, 0, 0, 0, 0, 0, 0, text.length]);
  return header(id, 0, 11, Buffer.concat([addresses, rest, Buffer.from(text, 'latin1'), tlvs]));
}

const octets = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('an MO that can be read is taken, and its fault noted,', () => {
  it.each([
    ['one NUL behind it', octets('00')],
    ['two NULs behind it', octets('00 00')],
    ['three NULs behind it', octets('00 00 00')],
    ['other octets behind it', octets('ff 0a')],
    ['half a TLV behind it', octets('15 01 01 f4 01 02')],
  ])('with %s', async (_, more) => {
    const { peer, mos, noted } = await bound();
    peer.send(grown('deliver_sm-gsm7', more));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ status: 0, sequence: 11 });
    expect(mos.map(({ text }) => text)).toEqual(['NEWS@']);
    expect((await noted('pdu.fault')).fields).toMatchObject({ kind: 'broken-tlv' });
  });

  it('with a service_type that is too long', async () => {
    const { peer, mos, noted } = await bound();
    peer.send(deliver({ type: 'SERVICE', text: 'STOP NEWS' }));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos.map(({ text }) => text)).toEqual(['STOP NEWS']);
    expect((await noted('pdu.fault')).fields).toMatchObject({ kind: 'overlong', where: 'service_type' });
  });

  it('with the TLVs that are whole: a stray NUL between two hides neither', async () => {
    const { peer, mos } = await bound({ moIdTlv: 0x1501 });
    const payload = Buffer.concat([octets('04 24 00 04'), Buffer.from('STOP')]);
    peer.send(deliver({ tlvs: Buffer.concat([payload, octets('00 15 01 00 02 01 02 00')]) }));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos.map(({ text, smscId }) => [text, smscId])).toEqual([['STOP', '0102']]);
  });

  it('in parts, too', async () => {
    const { peer, mos } = await bound();
    peer.send(grown('deliver_sm-udh8-1of2', octets('00')), grown('deliver_sm-udh8-2of2', octets('00 00')));
    await peer.expect(ID.deliverSmResp);
    await peer.expect(ID.deliverSmResp);
    expect(mos.map(({ text }) => text)).toEqual(['NEWS via flash']);
  });
});

it('an MO with the longest message_payload that a TLV can hold is taken (SMPP 3.4 5.3.2.32)', async () => {
  const { peer, mos } = await bound();
  const mo = deliver({ tlvs: Buffer.concat([octets('04 24 ff ff'), Buffer.alloc(65_535, 'a')]) });
  expect(mo).toHaveLength(65_589);
  peer.send(mo);
  expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ status: 0, sequence: 11 });
  expect(mos.map(({ text }) => text)).toEqual(['a'.repeat(65_535)]);
});

describe('a receipt that can be read is taken', () => {
  it.each([
    ['NULs behind its text', grown('receipt-text', octets('00 00 00'))],
    ['NULs behind its TLVs', grown('receipt-tlv', octets('00'))],
    [
      'a NUL that the length of its id leaves out',
      deliver({ esm: 4, tlvs: octets('00 1e 00 06 30 30 41 62 31 32 00 04 27 00 01 02') }),
    ],
  ])('with %s', async (_, frame) => {
    const { peer, receipts } = await bound();
    peer.send(frame);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(receipts).toMatchObject([{ messageId: '00Ab12' }]);
    expect(receipts[0]?.state).not.toBe('unknown');
  });
});

describe('a body that cannot be read is refused by the response of its command (SMPP 3.4 4.3)', () => {
  it.each([
    ['a text that overruns the PDU', golden('hostile-sm_length'), 0x01],
    ['a source address without end', golden('hostile-unterminated'), 0x0a],
    ['a body cut short', header(ID.deliverSm, 0, 11, octets('00 01 01')), 0x02],
    ['a payload cut short', deliver({ tlvs: octets('04 24 00 09 4e 45 57 53') }), 0xc0],
    [
      'a place among parts cut short',
      deliver({ text: 'STOP', tlvs: octets('02 0c 00 02 00 01 02 0e 00 05 02') }),
      0xc0,
    ],
    ['nothing but half a TLV', deliver({ tlvs: octets('15 01 01 f4 01 02') }), 0xc0],
  ])('%s', async (_, frame, status) => {
    const { peer, mos } = await bound();
    peer.send(frame, golden('enquire_link'));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ status, sequence: 11 });
    await peer.expect(ID.enquireLinkResp);
    expect(mos).toEqual([]);
  });

  it('data_sm by data_sm_resp, a command that nobody knows by generic_nack', async () => {
    const { peer } = await bound();
    peer.send(header(0x103, 0, 7, octets('00')), golden('hostile-submit_multi'));
    expect(await peer.expect(ID.dataSmResp)).toMatchObject({ status: 0x02, sequence: 7 });
    expect(await peer.expect(ID.genericNack)).toMatchObject({ status: 0x03, sequence: 11 });
  });

  it('a response of a command that nobody knows is not answered (SMPP 3.4 4.3)', async () => {
    const { peer, noted } = await bound();
    peer.send(header(0x80000077, 0, 5), header(ID.enquireLink, 0, 6));
    expect(await peer.expect(ID.enquireLinkResp)).toMatchObject({ sequence: 6 });
    expect((await noted('pdu.fault')).fields).toMatchObject({ kind: 'unknown-command', sequence: 5 });
    expect(peer.heard).toEqual([]);
  });

  it('enquire_link and unbind have no body to be wrong', async () => {
    const { peer } = await bound();
    peer.send(header(ID.enquireLink, 0, 3, octets('00')), header(ID.unbind, 0, 4, octets('00')));
    expect(await peer.expect(ID.enquireLinkResp)).toMatchObject({ status: 0, sequence: 3 });
    expect(await peer.expect(ID.unbindResp)).toMatchObject({ status: 0, sequence: 4 });
  });
});

describe('a stream that lost its framing', () => {
  it.each([
    ['0', golden('hostile-length-0')],
    ['4', golden('hostile-length-4')],
    ['15', octets('00 00 00 0f')],
    ['131073', octets('00 02 00 01')],
  ])('by a command_length of %s hears why before it ends (SMPP 3.4 4.3)', async (_, frame) => {
    const { peer } = await bound();
    peer.send(frame);
    expect(await peer.expect(ID.genericNack)).toMatchObject({ status: 0x02, sequence: 0 });
    await peer.ended();
  });

  it('by what is no SMPP at all hears nothing', async () => {
    const { peer } = await bound();
    peer.send(golden('hostile-http'));
    await peer.ended();
    expect(peer.heard).toEqual([]);
  });

  it.each(['http', 'tls', 'length-0', 'length-4', 'length-8'])(
    'by hostile-%s ends the connection; the next one binds and answers',
    async (name) => {
      const { peer, smsc } = await bound();
      peer.send(golden(`hostile-${name}`));
      await peer.ended();
      const next = await smsc.connection();
      await next.acceptBind();
      next.send(golden('enquire_link'));
      expect((await next.expect(ID.enquireLinkResp)).frame).toEqual(golden('enquire_link_resp'));
    },
  );
});
