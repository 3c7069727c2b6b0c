import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { intField, intTlv, octetsField, textField, tlvOf } from '../../../simulators/smpp/pdu.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import { TAG, tlvValue } from '../../../simulators/smpp/tlv.ts';
import type { SmscOptions } from '../../../simulators/smsc/options.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { BIND, boundEsme, esme, submitFields } from './esme.ts';

const HANDSET = '254700000001';
const text = (of: string): Uint8Array => Buffer.from(of, 'latin1');

let smsc: Smsc;
const clients: Esme[] = [];
const start = async (settings: Partial<SmscOptions> = {}): Promise<Smsc> => (smsc = await startSmsc(settings));
const bound = async (fields: Record<string, string | number> = {}): Promise<Esme> => {
  const client = await boundEsme(smsc.ports.smpp, fields);
  clients.push(client);
  return client;
};

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await smsc.close();
});

describe('binding', () => {
  it('answers a good bind with its version, a bad password and an unknown account with their own status', async () => {
    await start();
    const client = await esme(smsc.ports.smpp);
    clients.push(client);
    client.send('bind_transceiver', { fields: { ...BIND, password: 'wrong' } });
    expect((await client.next('bind_transceiver_resp')).status).toBe(STATUS.ESME_RINVPASWD);
    client.send('bind_transceiver', { fields: { ...BIND, system_id: 'nobody' } });
    expect((await client.next('bind_transceiver_resp')).status).toBe(STATUS.ESME_RINVSYSID);
    client.send('submit_sm', { fields: submitFields(HANDSET, text('too early')) });
    expect((await client.next('submit_sm_resp')).status).toBe(STATUS.ESME_RINVBNDSTS);
    client.send('bind_transceiver', { fields: BIND });
    const good = await client.next('bind_transceiver_resp');
    expect(good.status).toBe(0);
    expect(intTlv(good, TAG.sc_interface_version)).toBe(0x34);
    expect(textField(good, 'system_id')).toBe('SMSC');
    client.send('bind_receiver', { fields: BIND });
    expect((await client.next('bind_receiver_resp')).status).toBe(STATUS.ESME_RALYBND);
    expect(smsc.binds()).toMatchObject([{ account: 'orderd', state: 'bound_trx', receives: true }]);
  });

  it('sends an ESME of 3.3 no optional parameter', async () => {
    await start();
    const client = await esme(smsc.ports.smpp);
    clients.push(client);
    client.send('bind_transceiver', { fields: { ...BIND, interface_version: 0x33 } });
    expect((await client.next('bind_transceiver_resp')).tlvs).toEqual([]);
    client.send('submit_sm', { fields: submitFields(HANDSET, text('hi'), { registered_delivery: 1 }) });
    expect((await client.next('deliver_sm')).tlvs).toEqual([]);
  });

  it('keeps a transmitter from receiving and a receiver from submitting', async () => {
    await start();
    const [tx, rx] = [await esme(smsc.ports.smpp), await esme(smsc.ports.smpp)];
    clients.push(tx, rx);
    tx.send('bind_transmitter', { fields: BIND });
    await tx.next('bind_transmitter_resp');
    expect(smsc.mo({ from: HANDSET, to: '5000', text: 'NEWS' })).toMatchObject({ reason: 'no-bind' });
    rx.send('bind_receiver', { fields: BIND });
    await rx.next('bind_receiver_resp');
    rx.send('submit_sm', { fields: submitFields(HANDSET, text('x')) });
    expect((await rx.next('submit_sm_resp')).status).toBe(STATUS.ESME_RINVBNDSTS);
    tx.send('submit_sm', { fields: submitFields(HANDSET, text('x'), { registered_delivery: 1 }) });
    expect((await tx.next('submit_sm_resp')).status).toBe(0);
    expect(intField(await rx.next('deliver_sm'), 'esm_class')).toBe(0x04);
  });

  it('answers enquire_link before and after the bind, asks by itself, and unbinds cleanly', async () => {
    await start({ enquireIntervalMs: 20 });
    const client = await esme(smsc.ports.smpp);
    clients.push(client);
    client.send('enquire_link');
    await client.next('enquire_link_resp');
    client.send('bind_transceiver', { fields: BIND });
    await client.next('bind_transceiver_resp');
    const asked = await client.next('enquire_link');
    client.send('enquire_link_resp', {}, asked.sequence);
    client.send('unbind', {}, 99);
    expect((await client.next('unbind_resp')).sequence).toBe(99);
    await client.closed();
  });

  it('drops an ESME that leaves an enquire_link unanswered', async () => {
    await start({ enquireIntervalMs: 20, responseTimeoutMs: 20 });
    await (await bound()).closed();
  });
});

describe('messages to handsets', () => {
  it('joins a long text whose parts come as 3, 1, 2', async () => {
    await start();
    const client = await bound();
    const udh = (part: number): number[] => [5, 0, 3, 0x77, 3, part];
    for (const [part, piece] of [
      [3, 'c'],
      [1, 'a'],
      [2, 'b'],
    ] as const) {
      const short = Buffer.from([...udh(part), ...text(piece.repeat(10))]);
      client.send('submit_sm', { fields: submitFields(HANDSET, short, { esm_class: 0x40 }) });
    }
    const [message] = await smsc.messages.read({ to: HANDSET, waitMs: 5000 });
    expect(message).toMatchObject({ text: 'aaaaaaaaaabbbbbbbbbbcccccccccc', parts: 3, channel: 'sms', from: '5000' });
  });

  it('reads flash, UCS2, SAR and message_payload', async () => {
    await start();
    const client = await bound();
    const ucs2 = Buffer.from('0048006900200d3d0031'.slice(0, 12) + 'd83dde00', 'hex');
    client.send('submit_sm', { fields: submitFields(HANDSET, ucs2, { data_coding: 0x18 }) });
    client.send('submit_sm', {
      fields: submitFields(HANDSET, new Uint8Array(0)),
      tlvs: [{ tag: TAG.message_payload, value: text('x'.repeat(300)) }],
    });
    await client.next('submit_sm_resp');
    await client.next('submit_sm_resp');
    const messages = await smsc.messages.read({});
    expect(messages).toMatchObject([
      { text: 'Hi \u{1f600}', channel: 'flash', dataCoding: 0x18 },
      { text: 'x'.repeat(300), channel: 'sms' },
    ]);
  });

  it('refuses what it cannot read, each with its own status', async () => {
    await start();
    const client = await bound();
    const both = { fields: submitFields(HANDSET, text('x')), tlvs: [{ tag: TAG.message_payload, value: text('y') }] };
    const cases = [
      [both, STATUS.ESME_ROPTPARNOTALLWD],
      [{ fields: submitFields('', text('x')) }, STATUS.ESME_RINVDSTADR],
      [{ fields: submitFields(HANDSET, Buffer.from([9, 0]), { esm_class: 0x40 }) }, STATUS.ESME_RINVESMCLASS],
      [{ fields: { ...submitFields(HANDSET, text('x')), validity_period: 'soon' } }, STATUS.ESME_RINVEXPIRY],
    ] as const;
    for (const [parts, status] of cases) {
      client.send('submit_sm', parts);
      expect((await client.next('submit_sm_resp')).status).toBe(status);
    }
    expect(smsc.submits().map(({ status }) => status)).toEqual(cases.map(([, status]) => status));
    expect(await smsc.messages.read({})).toEqual([]);
  });

  it('sends the receipt after the response, or before it, with text and parameters', async () => {
    for (const receipts of ['after', 'before'] as const) {
      await start({ receipts });
      const client = await bound();
      client.send('submit_sm', { fields: submitFields(HANDSET, text('ordered'), { registered_delivery: 1 }) });
      const [receipt, response] = [await client.next('deliver_sm'), await client.next('submit_sm_resp')];
      const order = client.received.map(({ command }) => command).filter((command) => !command.startsWith('bind'));
      expect(order).toEqual(receipts === 'after' ? ['submit_sm_resp', 'deliver_sm'] : ['deliver_sm', 'submit_sm_resp']);
      const id = textField(response, 'message_id');
      expect(intField(receipt, 'esm_class')).toBe(0x04);
      expect(Buffer.from(octetsField(receipt, 'short_message')).toString()).toMatch(
        new RegExp(`^id:${id} .*stat:DELIVRD`),
      );
      expect(tlvValue(tlvOf(receipt, TAG.receipted_message_id)!)).toBe(id);
      expect(intTlv(receipt, TAG.message_state)).toBe(2);
      client.send('query_sm', { fields: { message_id: id, source_addr: '5000' } });
      expect(intField(await client.next('query_sm_resp'), 'message_state')).toBe(2);
      await smsc.close();
    }
  });
});

describe('messages from handsets', () => {
  it('waits for the response and tells its status', async () => {
    await start();
    const client = await bound();
    const sent = smsc.mo({ from: HANDSET, to: '5000', text: 'NEWS' });
    const mo = await client.next('deliver_sm');
    expect(Buffer.from(octetsField(mo, 'short_message')).toString()).toBe('NEWS');
    expect(textField(mo, 'source_addr')).toBe(HANDSET);
    client.send('deliver_sm_resp', {}, mo.sequence);
    expect(await sent).toMatchObject({ status: 0, statusName: 'ESME_ROK', bind: 'bind-1', redeliveries: 0, parts: 1 });
  });

  it('redelivers after a temporary error, and after a bind that was lost before its answer', async () => {
    await start({ retryDelayMs: 5 });
    const first = await bound();
    const sent = smsc.mo({ from: HANDSET, to: '5000', text: 'NEWS' });
    const one = await first.next('deliver_sm');
    first.send('deliver_sm_resp', { status: STATUS.ESME_RX_T_APPN }, one.sequence);
    await first.next('deliver_sm');
    first.end();
    const second = await bound();
    const three = await second.next('deliver_sm');
    expect(octetsField(three, 'short_message')).toEqual(octetsField(one, 'short_message'));
    second.send('deliver_sm_resp', {}, three.sequence);
    expect(await sent).toMatchObject({ status: 0, bind: 'bind-2', redeliveries: 2 });
  });

  it('gives up on a permanent error at once', async () => {
    await start();
    const client = await bound();
    const sent = smsc.mo({ from: HANDSET, to: '5000', text: 'junk' });
    const mo = await client.next('deliver_sm');
    client.send('deliver_sm_resp', { status: STATUS.ESME_RX_P_APPN }, mo.sequence);
    expect(await sent).toMatchObject({ status: 0x65, redeliveries: 0 });
  });

  it('keeps its own id of an MO the same over redeliveries', async () => {
    await start({ retryDelayMs: 5, moIdTag: 0x1400 });
    const client = await bound();
    const sent = smsc.mo({ from: HANDSET, to: '5000', text: 'NEWS' });
    const one = await client.next('deliver_sm');
    client.send('deliver_sm_resp', { status: STATUS.ESME_RSYSERR }, one.sequence);
    const two = await client.next('deliver_sm');
    client.send('deliver_sm_resp', {}, two.sequence);
    expect(tlvOf(two, 0x1400)).toEqual(tlvOf(one, 0x1400));
    expect(two.sequence).not.toBe(one.sequence);
    await sent;
  });
});

describe('the control port', () => {
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${smsc.ports.http}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${smsc.ports.http}${path}`)).json();

  it('answers 503 without a bind and 400 with the path of what is wrong', async () => {
    await start();
    expect((await post('/mo', { from: HANDSET, to: '5000', text: 'NEWS' })).status).toBe(503);
    const bad = await post('/mo', { from: HANDSET, to: '5000', txt: 'NEWS' });
    expect(bad.status).toBe(400);
    expect(await bad.text()).toContain('text');
    expect((await post('/faults', { on: 'submit_sm', action: 'explode' })).status).toBe(400);
    expect((await post('/faults', { on: 'submit_sm', action: 'status', status: 'ESME_NONSENSE' })).status).toBe(400);
  });

  it('plays subscriber over HTTP: texts, long-polls, sees binds, submits, PDUs and metrics', async () => {
    await start();
    const client = await bound();
    const mo = post('/mo', { from: HANDSET, to: '5000', text: 'x'.repeat(400), carrier: 'sar', order: [3, 1, 2] });
    const parts = [await client.next('deliver_sm'), await client.next('deliver_sm'), await client.next('deliver_sm')];
    expect(parts.map((part) => intTlv(part, TAG.sar_segment_seqnum))).toEqual([3, 1, 2]);
    for (const part of parts) client.send('deliver_sm_resp', {}, part.sequence);
    expect(await (await mo).json()).toMatchObject({ status: 0, parts: 3 });

    const waiting = get(`/messages?to=${HANDSET}&waitMs=20000`);
    client.send('submit_sm', { fields: submitFields(HANDSET, text('ordered')) });
    expect(await waiting).toMatchObject([{ id: 1, text: 'ordered' }]);
    expect(await get(`/messages?to=${HANDSET}&after=1`)).toEqual([]);
    expect(await get('/binds')).toMatchObject([{ bind: 'bind-1', account: 'orderd' }]);
    expect(await get('/submits')).toMatchObject([{ to: HANDSET, status: 0, statusName: 'ESME_ROK' }]);
    expect(await get('/pdus?after=1')).toMatchObject([{ id: 2, direction: 'out' }, {}, {}, {}, {}, {}, {}, {}, {}]);
    const metrics = await (await fetch(`http://127.0.0.1:${smsc.ports.http}/metrics`)).text();
    expect(metrics).toContain('smsc_submits_total{status="ESME_ROK"} 1');
  });

  it('writes raw bytes to a bind, and nacks junk that comes back', async () => {
    await start();
    const client = await bound();
    await post('/raw', { account: 'orderd', hex: '00000010 00000015 00000000 00000063' });
    expect((await client.next('enquire_link')).sequence).toBe(0x63);
    client.socket.write(Buffer.from('00000010000000770000000000000005', 'hex'));
    expect(await client.next('generic_nack')).toMatchObject({ status: STATUS.ESME_RINVCMDID, sequence: 5 });
    client.socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect(await client.next('generic_nack')).toMatchObject({ status: STATUS.ESME_RINVCMDLEN });
    await client.closed();
  });

  it('logs every PDU as a JSON line', async () => {
    const logFile = join(mkdtempSync(join(tmpdir(), 'smsc-')), 'log.jsonl');
    await start({ logFile });
    const client = await bound();
    client.send('submit_sm', { fields: submitFields(HANDSET, text('hi')) });
    await client.next('submit_sm_resp');
    client.end();
    await smsc.close();
    const lines = readFileSync(logFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines.slice(0, 4)).toMatchObject([
      { direction: 'in', command: 'bind_transceiver', bind: 'bind-1', fields: { system_id: 'orderd' } },
      {
        direction: 'out',
        command: 'bind_transceiver_resp',
        statusName: 'ESME_ROK',
        tlvs: { sc_interface_version: 52 },
      },
      { direction: 'in', command: 'submit_sm', fields: { short_message: '6869', sm_length: 2 } },
      { direction: 'out', command: 'submit_sm_resp', sequence: 2 },
    ]);
  });
});
