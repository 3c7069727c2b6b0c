import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { decode, encode } from '../../../simulators/smpp/codec.ts';
import { readDestinations, readUnsuccessful, writeDestinations } from '../../../simulators/smpp/destinations.ts';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { intField, octetsField, pdu, textField } from '../../../simulators/smpp/pdu.ts';
import { MESSAGE_STATES } from '../../../simulators/smpp/receipt.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import type { SmscOptions } from '../../../simulators/smsc/options.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { BIND, boundEsme, submitFields } from './esme.ts';
import { golden } from './golden.ts';

const [ALICE, BOB] = ['254700000001', '254700000002'];
const words = (of: string): Uint8Array => Buffer.from(of, 'latin1');

let smsc: Smsc;
let client: Esme;
afterEach(async () => {
  client.end();
  await smsc.close();
});

async function start(options: Partial<SmscOptions> = {}): Promise<void> {
  smsc = await startSmsc(options);
  client = await boundEsme(smsc.ports.smpp);
}

const put = (path: string, body: object, method = 'PUT'): Promise<Response> =>
  fetch(`http://127.0.0.1:${smsc.ports.http}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const sme = (address: string) => ({ list: false, ton: 1, npi: 1, address });

function multi(...all: Parameters<typeof writeDestinations>[0]) {
  return {
    source_addr_ton: 3,
    source_addr: '5000',
    short_message: words('To all'),
    number_of_dests: all.length,
    dest_addresses: writeDestinations(all),
    registered_delivery: 1,
  };
}

describe('submit_multi (SMPP 3.4 4.5)', () => {
  it('reaches every handset under one id, with a receipt for each', async () => {
    await start();
    client.send('submit_multi', { fields: multi(sme(ALICE), sme(BOB)) });
    const response = await client.next('submit_multi_resp');
    expect(response).toMatchObject({ status: 0, fields: { no_unsuccess: 0 } });
    const receipts = [await client.next('deliver_sm'), await client.next('deliver_sm')];
    expect(receipts.map((receipt) => textField(receipt, 'source_addr')).sort()).toEqual([ALICE, BOB]);
    for (const to of [ALICE, BOB])
      expect(await smsc.messages.read({ to, waitMs: 20_000 })).toMatchObject([
        { text: 'To all', messageIds: [textField(response, 'message_id')] },
      ]);
  });

  it('names those that it could not take, and takes the rest', async () => {
    await start();
    const list = { list: true, ton: 0, npi: 0, address: 'friends' };
    client.send('submit_multi', { fields: multi(sme(ALICE), sme(''), list) });
    const response = await client.next('submit_multi_resp');
    expect(readUnsuccessful(octetsField(response, 'unsuccess_smes'))).toMatchObject([
      { address: '', status: STATUS.ESME_RINVDSTADR },
      { address: 'friends', status: STATUS.ESME_RINVDLNAME },
    ]);
    client.send('submit_multi', { fields: multi(list) });
    expect((await client.next('submit_multi_resp')).status).toBe(STATUS.ESME_RSUBMITFAIL);
    client.send('submit_multi', { fields: multi() });
    expect((await client.next('submit_multi_resp')).status).toBe(STATUS.ESME_RINVNUMDESTS);
  });

  it('is read and written byte for byte, and one whose list is cut short is a bad length', async () => {
    await start();
    for (const name of ['submit_multi', 'submit_multi_resp']) {
      const read = decode(golden(name));
      if (read.kind !== 'pdu') throw new Error(read.reason);
      expect(encode(read.pdu).toString('hex')).toBe(golden(name).toString('hex'));
    }
    const whole = decode(golden('submit_multi'));
    expect(readDestinations(whole.kind === 'pdu' ? octetsField(whole.pdu, 'dest_addresses') : words(''))).toMatchObject(
      [sme(ALICE), { list: true, address: 'friends' }],
    );
    const short = Buffer.from(golden('submit_multi').subarray(0, 40));
    short.writeUInt32BE(short.length, 0);
    expect(decode(short)).toMatchObject({ kind: 'fault', status: STATUS.ESME_RINVCMDLEN });
  });
});

describe('a message that waits for its handset', () => {
  async function waiting(): Promise<string> {
    await put(`/handsets/${ALICE}`, { power: 'off' });
    client.send('submit_sm', { fields: submitFields(ALICE, words('first'), { registered_delivery: 1 }) });
    return textField(await client.next('submit_sm_resp'), 'message_id');
  }
  const about = (messageId: string) => ({ message_id: messageId, source_addr_ton: 3, source_addr: '5000' });

  it('is ENROUTE to query_sm, and is cancelled: DELETED by receipt and by query_sm (4.8, 4.9)', async () => {
    await start();
    const id = await waiting();
    client.send('query_sm', { fields: about(id) });
    expect(intField(await client.next('query_sm_resp'), 'message_state')).toBe(MESSAGE_STATES.ENROUTE);
    client.send('cancel_sm', { fields: { ...about(id), destination_addr: ALICE } });
    expect((await client.next('cancel_sm_resp')).status).toBe(0);
    const receipt = Buffer.from(octetsField(await client.next('deliver_sm'), 'short_message')).toString();
    expect(receipt).toContain('stat:DELETED');
    client.send('query_sm', { fields: about(id) });
    expect(intField(await client.next('query_sm_resp'), 'message_state')).toBe(MESSAGE_STATES.DELETED);
    client.send('cancel_sm', { fields: { ...about(id), destination_addr: ALICE } });
    expect((await client.next('cancel_sm_resp')).status).toBe(STATUS.ESME_RCANCELFAIL);
    await put(`/handsets/${ALICE}`, { power: 'on' });
    expect(await smsc.messages.read({ to: ALICE })).toEqual([]);
  });

  it('has no final_date until its state is final, and is told to its sender alone (4.8)', async () => {
    await start();
    const id = await waiting();
    const query = async (more: object = {}): Promise<Pdu> => {
      client.send('query_sm', { fields: { ...about(id), ...more } });
      return client.next('query_sm_resp');
    };
    expect(textField(await query(), 'final_date')).toBe('');
    expect((await query({ source_addr: '6000' })).status).toBe(STATUS.ESME_RQUERYFAIL);
    await put(`/handsets/${ALICE}`, { power: 'on' });
    await client.next('deliver_sm');
    expect(textField(await query(), 'final_date')).toMatch(/^\d{13}00\+$/);
    expect((await query({ source_addr: '6000' })).status).toBe(STATUS.ESME_RQUERYFAIL);
  });

  it('is cancelled without an id by its addresses, and never by another sender', async () => {
    await start();
    await waiting();
    client.send('cancel_sm', { fields: { source_addr: '6000', destination_addr: ALICE } });
    expect((await client.next('cancel_sm_resp')).status).toBe(STATUS.ESME_RCANCELFAIL);
    client.send('cancel_sm', { fields: { source_addr: '5000', destination_addr: ALICE } });
    expect((await client.next('cancel_sm_resp')).status).toBe(0);
    await client.next('deliver_sm');
  });

  it('arrives as replace_sm left it (4.10)', async () => {
    await start();
    const id = await waiting();
    const replace = { ...about(id), short_message: words('second'), registered_delivery: 1 };
    client.send('replace_sm', { fields: { ...replace, source_addr: '6000' } });
    expect((await client.next('replace_sm_resp')).status).toBe(STATUS.ESME_RREPLACEFAIL);
    client.send('replace_sm', { fields: { ...replace, validity_period: 'soon' } });
    expect((await client.next('replace_sm_resp')).status).toBe(STATUS.ESME_RINVEXPIRY);
    client.send('replace_sm', { fields: replace });
    expect((await client.next('replace_sm_resp')).status).toBe(0);
    await put(`/handsets/${ALICE}`, { power: 'on' });
    expect(await smsc.messages.read({ to: ALICE, waitMs: 20_000 })).toMatchObject([
      { text: 'second', messageIds: [id] },
    ]);
    client.send('replace_sm', { fields: replace });
    expect((await client.next('replace_sm_resp')).status).toBe(STATUS.ESME_RREPLACEFAIL);
  });
});

describe('the validity period of a message that waits', () => {
  const [NOW, HOUR] = ['000000000000000R', '000000010000000R'];
  async function replaced(first: string, ...periods: readonly string[]): Promise<void> {
    await start();
    await put(`/handsets/${ALICE}`, { power: 'off' });
    const fields = submitFields(ALICE, words('first'), { registered_delivery: 1 });
    client.send('submit_sm', { fields: { ...fields, validity_period: first } });
    const message_id = textField(await client.next('submit_sm_resp'), 'message_id');
    const replace = { message_id, source_addr: '5000', short_message: words('second'), registered_delivery: 1 };
    for (const validity_period of periods) {
      client.send('replace_sm', { fields: { ...replace, validity_period } });
      expect((await client.next('replace_sm_resp')).status).toBe(0);
    }
  }
  const receipt = async (): Promise<string> =>
    Buffer.from(octetsField(await client.next('deliver_sm'), 'short_message')).toString();

  it('is left as it is by a replace_sm that names none (4.10)', async () => {
    await replaced(HOUR, '');
    await put(`/handsets/${ALICE}`, { power: 'on' });
    expect(await receipt()).toContain('stat:DELIVRD');
    expect(await smsc.messages.read({})).toMatchObject([{ text: 'second', validityPeriod: HOUR }]);
  });

  it('ends when the replace_sm says, be it sooner or later, counted from then', async () => {
    await replaced(HOUR, HOUR, NOW);
    expect(await receipt()).toContain('stat:EXPIRED');
    client.end();
    await smsc.close();
    await replaced('000000000002000R', HOUR);
    await sleep(2_100);
    await put(`/handsets/${ALICE}`, { power: 'on' });
    expect(await receipt()).toContain('stat:DELIVRD');
  });
});

describe('outbind (SMPP 3.4 2.2.1)', () => {
  it('calls the ESME, which binds on that connection and receives', async () => {
    await start();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const called = once(server, 'connection');
    const { port } = server.address() as AddressInfo;
    const answer = put('/outbind', { port, password: 'callme' }, 'POST');
    const [socket] = (await called) as [Socket];
    const [first] = (await once(socket, 'data')) as [Buffer];
    const outbind = decode(first);
    expect(outbind).toMatchObject({ pdu: { command: 'outbind', fields: { system_id: 'SMSC', password: 'callme' } } });
    socket.write(encode(pdu('bind_receiver', 1, { fields: BIND })));
    expect(await (await answer).json()).toMatchObject({ account: 'orderd', state: 'bound_rx', receives: true });
    socket.destroy();
    server.close();
  });

  it('says so when nobody listens, and when the ESME does not bind', async () => {
    await start();
    expect((await put('/outbind', { port: 1, password: 'x' }, 'POST')).status).toBe(503);
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect((await put('/outbind', { port, password: 'x', waitMs: 20 }, 'POST')).status).toBe(504);
    expect((await put('/outbind', { port: 'x' }, 'POST')).status).toBe(400);
    server.close();
  });
});

describe('limits', () => {
  it('may change while it runs', async () => {
    await start();
    expect((await put('/limits', { rate: 1 })).status).toBe(200);
    const statuses: number[] = [];
    for (let times = 0; times < 3; times++) {
      client.send('submit_sm', { fields: submitFields(ALICE, words('x')) });
      statuses.push((await client.next('submit_sm_resp')).status);
    }
    expect(statuses.filter((status) => status === STATUS.ESME_RTHROTTLED).length).toBeGreaterThan(0);
    await put('/limits', { rate: 0 });
    client.send('submit_sm', { fields: submitFields(ALICE, words('x')) });
    expect((await client.next('submit_sm_resp')).status).toBe(0);
    expect((await put('/limits', { rate: -1 })).status).toBe(400);
  });
});
