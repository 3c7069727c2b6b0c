import { describe, expect, it } from 'vitest';
import type { MoAnswer } from '../../src/smpp/gateway.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { golden, numbered } from './support/golden.ts';
import type { Peer } from './support/smsc.ts';
import { ID } from './support/smsc.ts';
import { bound } from './support/rigs.ts';

describe('an MO', () => {
  it('is read, stored, and only then acknowledged, byte for byte', async () => {
    const { peer, mos, onMo } = await bound();
    let store: (answer: MoAnswer) => void = () => undefined;
    onMo(() => new Promise((resolve) => (store = resolve)));
    peer.send(golden('deliver_sm-gsm7'), golden('enquire_link'));
    await peer.expect(ID.enquireLinkResp);
    expect(peer.heard).toEqual([]);
    store({ ack: 'stored' });
    expect((await peer.expect(ID.deliverSmResp)).frame).toEqual(golden('deliver_sm_resp'));
    expect(mos).toEqual([
      {
        link: 'lab-1',
        smsc: 'lab',
        countryCode: '49',
        source: { ton: 1, npi: 1, digits: '491701234567' },
        destination: { ton: 0, npi: 1, digits: '12345' },
        text: 'NEWS@',
        bytes: '004e45575300',
        concatRef: undefined,
        smscId: undefined,
        receivedAt: mos[0]?.receivedAt,
      },
    ]);
  });

  it('runs what is left to do after the response was handed over and noted', async () => {
    const { peer, onMo, notes } = await bound();
    const order: string[] = [];
    onMo(() => Promise.resolve({ ack: 'stored', after: () => order.push(notes.at(-1)?.event ?? '') }));
    peer.send(golden('deliver_sm-gsm7'));
    await peer.expect(ID.deliverSmResp);
    expect(order).toEqual(['mo.acknowledged']);
  });

  it.each([
    ['temporary-error', 0x64],
    ['rejected', 0x65],
  ] as const)('that is answered %s gets status %i', async (ack, status) => {
    const { peer, onMo } = await bound();
    onMo(() => Promise.resolve({ ack }));
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(status);
  });

  it('whose store rejects or throws is a temporary error, and the next one is fine', async () => {
    const { peer, onMo, noted } = await bound();
    onMo(() => Promise.reject(new Error('store away')));
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).frame).toEqual(golden('deliver_sm_resp-temporary'));
    expect((await noted('mo.refused')).fields).toMatchObject({ status: 0x64, why: 'store-failed' });
    onMo(() => {
      throw new Error('at once');
    });
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x64);
    onMo(() => Promise.resolve({ ack: 'stored' }));
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
  });

  it.each([
    ['deliver_sm-ucs2', 'НОВОСТИ'],
    ['deliver_sm-latin1', 'café'],
    ['deliver_sm-turkish', 'şifre'],
    ['deliver_sm-payload', 'NEWS via flash'],
  ])('%s reads "%s"', async (name, text) => {
    const { peer, mos } = await bound();
    peer.send(golden(name));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos.map((mo) => mo.text)).toEqual([text]);
  });

  it('may come as data_sm', async () => {
    const { peer, mos } = await bound();
    peer.send(golden('data_sm-payload'));
    expect(await peer.expect(ID.dataSmResp)).toMatchObject({ status: 0, sequence: 29 });
    expect(mos[0]?.text).toBe('NEWS via flash');
  });

  it('hears ESME_RTHROTTLED while the gateway drains; receipts are still taken', async () => {
    const { peer, gateway, mos, receipts } = await bound();
    gateway.drain();
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).frame).toEqual(golden('deliver_sm_resp-throttled'));
    peer.send(golden('receipt-text'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect([mos.length, receipts.length]).toEqual([0, 1]);
  });

  it('names the id that the SMSC gave it where the link says which TLV holds it', async () => {
    const { peer, mos } = await bound({ moIdTlv: 0x1501 });
    peer.send(golden('deliver_sm-payload'));
    await peer.expect(ID.deliverSmResp);
    expect(mos[0]?.smscId).toBe('0102');
  });

  it.each([
    [undefined, undefined],
    [0x001e, Buffer.from('1618Z-25FJF\0').toString('hex')],
  ])('that its SMSC names in receipted_message_id is no receipt; moIdTlv %s', async (moIdTlv, smscId) => {
    const { peer, mos, receipts } = await bound({ moIdTlv });
    const id = Buffer.from('1618Z-25FJF\0');
    const named = Buffer.concat([golden('deliver_sm-gsm7'), Buffer.from([0x00, 0x1e, 0, id.length]), id]);
    named.writeUInt32BE(named.length, 0);
    peer.send(named);
    expect((await peer.expect(ID.deliverSmResp)).frame).toEqual(golden('deliver_sm_resp'));
    expect(mos.map((mo) => [mo.text, mo.smscId])).toEqual([['NEWS@', smscId]]);
    expect(receipts).toEqual([]);
  });
});

describe('a long MO', () => {
  it.each([
    ['udh8', 0x2a],
    ['udh16', 0x1234],
    ['sar', 0x99],
  ])('by %s is joined; no part is acknowledged before the whole is stored', async (carrier, reference) => {
    const { peer, mos } = await bound();
    peer.send(golden(`deliver_sm-${carrier}-2of2`), golden('enquire_link'));
    await peer.expect(ID.enquireLinkResp);
    expect(peer.heard).toEqual([]);
    peer.send(golden(`deliver_sm-${carrier}-1of2`));
    const answers = [await peer.expect(ID.deliverSmResp), await peer.expect(ID.deliverSmResp)];
    expect(answers.map((answer) => answer.status)).toEqual([0, 0]);
    expect(new Set(answers.map((answer) => answer.sequence)).size).toBe(2);
    expect(mos.map((mo) => [mo.text, mo.concatRef])).toEqual([['NEWS via flash', reference]]);
  });

  it('whose user data header sits inside message_payload is joined with parts of another carrier', async () => {
    const { peer, mos } = await bound();
    const first = Buffer.from(golden('deliver_sm-payload-udh'));
    first[first.indexOf(Buffer.from([0x05, 0x00, 0x03])) + 3] = 0x2a; // the reference of the other golden part
    peer.send(first, golden('deliver_sm-udh8-2of2'));
    await peer.expect(ID.deliverSmResp);
    await peer.expect(ID.deliverSmResp);
    expect(mos.map(({ text }) => text)).toEqual(['NEWS via flash']);
  });

  it('with a part that came twice, before and after joining, is one MO and every PDU is answered', async () => {
    const { peer, mos } = await bound();
    const [one, two] = [golden('deliver_sm-udh8-1of2'), golden('deliver_sm-udh8-2of2')];
    peer.send(one, numbered(one, 41), two);
    const first = [ID.deliverSmResp, ID.deliverSmResp, ID.deliverSmResp].map((id) => peer.expect(id));
    expect((await Promise.all(first)).map((answer) => answer.sequence).sort()).toEqual([21, 22, 41]);
    peer.send(numbered(two, 42));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 42, status: 0 });
    expect(mos).toHaveLength(1);
  });

  it('whose other part never comes is a temporary error, and nothing is handed over', async () => {
    const { peer, mos, noted } = await bound({ reassemblyTimeout: 30 });
    peer.send(golden('deliver_sm-udh8-1of2'));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 21, status: 0x64 });
    expect((await noted('mo.parts-missing')).fields).toMatchObject({ have: 1, total: 2 });
    expect(mos).toEqual([]);
  });

  it('that could not be stored may come again, whole', async () => {
    const { peer, mos, onMo } = await bound();
    const parts = [golden('deliver_sm-udh8-1of2'), golden('deliver_sm-udh8-2of2')];
    onMo(() => Promise.reject(new Error('store away')));
    peer.send(...parts);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x64);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x64);
    onMo(() => Promise.resolve({ ack: 'stored' }));
    peer.send(...parts);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(mos.map((mo) => mo.text)).toEqual(['NEWS via flash', 'NEWS via flash']);
  });
});

describe('a receipt', () => {
  it.each([
    ['receipt-text', { messageId: '00Ab12', state: 'delivered', error: '000' }],
    ['receipt-tlv', { messageId: '00Ab12', state: 'undeliverable', error: '3:5' }],
    ['receipt-intermediate', { messageId: '00Ab12', state: 'enroute', error: undefined }],
    ['receipt-comma', { messageId: '00Ab12', state: 'expired', error: undefined }],
  ])('%s is no MO', async (name, receipt) => {
    const { peer, mos, receipts } = await bound();
    peer.send(golden(name));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
    expect(receipts).toEqual([{ smsc: 'lab', msisdn: '491701234567', ...receipt }]);
    expect(mos).toEqual([]);
  });

  it('that cannot be stored comes again', async () => {
    const { peer, onReceipt } = await bound();
    onReceipt(() => Promise.reject(new Error('store away')));
    peer.send(golden('receipt-text'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x64);
  });
});

describe('what shall come again over a link with a status of its own for that', () => {
  const again = (changes: Partial<LinkSettings> = {}) => bound({ moRetryStatus: 0x45, ...changes });
  const statusOf = async (peer: Peer) => (await peer.expect(ID.deliverSmResp)).status;

  it('hears it where an MO or a receipt cannot be stored, and no other word where it must not', async () => {
    const { peer, onMo, onReceipt } = await again();
    onMo(() => Promise.resolve({ ack: 'temporary-error' }));
    onReceipt(() => Promise.reject(new Error('store away')));
    for (const name of ['deliver_sm-gsm7', 'receipt-text']) {
      peer.send(golden(name));
      expect(await statusOf(peer)).toBe(0x45);
    }
    onMo(() => Promise.resolve({ ack: 'rejected' }));
    peer.send(golden('deliver_sm-gsm7'));
    expect(await statusOf(peer)).toBe(0x65);
  });

  it('hears it where a part is missing, and in a drain', async () => {
    const { peer, gateway } = await again({ reassemblyTimeout: 30 });
    peer.send(golden('deliver_sm-udh8-1of2'));
    expect(await statusOf(peer)).toBe(0x45);
    gateway.drain();
    peer.send(golden('deliver_sm-gsm7'));
    expect(await statusOf(peer)).toBe(0x45);
  });

  it('hears it while the session unbinds', async () => {
    const { peer, gateway } = await again();
    const stopped = gateway.stop(10_000);
    const unbind = await peer.expect(ID.unbind);
    peer.send(golden('deliver_sm-gsm7'));
    expect(await statusOf(peer)).toBe(0x45);
    peer.answer(unbind);
    await stopped;
  });
});
