// What an operator's centre does beside the plain case: versions, limits, ids, fates, TLS, feeds.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { decode, encode } from '../../../simulators/smpp/codec.ts';
import { frameReader } from '../../../simulators/smpp/frame.ts';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { intField, intTlv, octetsField, pdu, textField, tlvOf } from '../../../simulators/smpp/pdu.ts';
import { STATUS } from '../../../simulators/smpp/status.ts';
import { TAG, tlvValue } from '../../../simulators/smpp/tlv.ts';
import { feed } from '../../../simulators/smsc/feed.ts';
import { bucket } from '../../../simulators/smsc/limits.ts';
import type { SmscOptions } from '../../../simulators/smsc/options.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { Esme } from './esme.ts';
import { BIND, boundEsme, esme, submitFields } from './esme.ts';

const HANDSET = '254700000001';

let smsc: Smsc;
const clients: Esme[] = [];
const start = async (settings: Partial<SmscOptions> = {}): Promise<Smsc> => (smsc = await startSmsc(settings));
const bound = async (fields: Record<string, string | number> = {}): Promise<Esme> => {
  const client = await boundEsme(smsc.ports.smpp, fields);
  clients.push(client);
  return client;
};
const folder = (): string => mkdtempSync(join(tmpdir(), 'smsc-'));
const submit = (client: Esme, more: Record<string, number> = {}): number =>
  client.send('submit_sm', { fields: submitFields(HANDSET, Buffer.from('hello'), more) });
const receiptText = (of: Pdu): string => Buffer.from(octetsField(of, 'short_message')).toString();

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await smsc.close();
});

describe('versions', () => {
  it('knows no transceiver at 3.3, and sends no optional parameter', async () => {
    await start({ version: 0x33 });
    const client = await esme(smsc.ports.smpp);
    clients.push(client);
    client.send('bind_transceiver', { fields: BIND });
    expect((await client.next('generic_nack')).status).toBe(STATUS.ESME_RINVCMDID);
    client.send('bind_transmitter', { fields: BIND });
    expect((await client.next('bind_transmitter_resp')).tlvs).toEqual([]);
  });

  it('tells its congestion at 5.0 and throttles beyond the rate', async () => {
    await start({ version: 0x50, submitRate: 5 });
    const client = await bound({ interface_version: 0x50 });
    for (let n = 0; n < 60; n += 1) submit(client);
    const answers: Pdu[] = [];
    for (let n = 0; n < 60; n += 1) answers.push(await client.next('submit_sm_resp'));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([0, STATUS.ESME_RTHROTTLED]));
    const throttled = answers.find(({ status }) => status !== 0)!;
    expect(intTlv(throttled, TAG.congestion_state)).toBeGreaterThan(79);
  });
});

describe('limits', () => {
  it('gives a bucket its rate a second and no more than one second in store', () => {
    const two = bucket(2);
    expect([1000, 1000, 1000, 1499, 1500, 9000, 9000, 9000].map((now) => two.take(now))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(bucket(0).take(1)).toBe(true);
    expect(bucket(0).congestion(1)).toBe(0);
  });

  it('throttles submits beyond the window', async () => {
    await start({ submitWindow: 1 });
    smsc.faults.add({ on: 'submit_sm', action: 'delay', delayMs: 300, status: 0, skip: 0, count: 1 });
    const client = await bound();
    const [first, second] = [submit(client), submit(client)];
    expect(await client.next('submit_sm_resp')).toMatchObject({ sequence: second, status: STATUS.ESME_RTHROTTLED });
    expect(await client.next('submit_sm_resp')).toMatchObject({ sequence: first, status: 0 });
    submit(client);
    expect((await client.next('submit_sm_resp')).status).toBe(0);
  });
});

describe('receipts', () => {
  it('writes ids one way in the response and another in the receipt', async () => {
    await start({ respIdForm: 'hex', receiptIdForm: 'dec-padded' });
    const client = await bound();
    submit(client, { registered_delivery: 1 });
    const id = textField(await client.next('submit_sm_resp'), 'message_id');
    const receipt = await client.next('deliver_sm');
    const receipted = tlvValue(tlvOf(receipt, TAG.receipted_message_id)!);
    expect(receipted).toBe(String(Number.parseInt(id, 16)).padStart(10, '0'));
    expect(receiptText(receipt)).toContain(`id:${receipted as string} `);
  });

  it("turns the submit's addresses round, each with the TON and NPI that it had", async () => {
    await start();
    const client = await bound();
    const to = { dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '+254712345678' };
    const from = { source_addr_ton: 6, source_addr_npi: 9, source_addr: '5000' };
    client.send('submit_sm', { fields: { ...from, ...to, short_message: Buffer.from('hi'), registered_delivery: 1 } });
    expect((await client.next('deliver_sm')).fields).toMatchObject({
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: '+254712345678',
      dest_addr_ton: 6,
      dest_addr_npi: 9,
      destination_addr: '5000',
    });
  });

  it('tells failure with its error, keeps the text from the handset, and is silent where only failure was asked', async () => {
    await start();
    smsc.fates.add({ state: 'UNDELIV', error: 27, afterMs: 0, count: 1, matchTo: `^${HANDSET}$` });
    const client = await bound();
    submit(client, { registered_delivery: 2 });
    const receipt = await client.next('deliver_sm');
    expect(receiptText(receipt)).toMatch(/dlvrd:000 .*stat:UNDELIV err:027/);
    expect(intTlv(receipt, TAG.message_state)).toBe(5);
    expect(await smsc.messages.read({})).toEqual([]);
    submit(client, { registered_delivery: 2 });
    submit(client, { registered_delivery: 1 });
    expect(receiptText(await client.next('deliver_sm'))).toContain('stat:DELIVRD');
    expect(await smsc.messages.read({})).toHaveLength(2);
  });

  it('holds messages for a phone that is off, with an intermediate notification, until it is on or they expire', async () => {
    await start();
    const client = await bound();
    smsc.power.set(HANDSET, false);
    submit(client, { registered_delivery: 0x11 });
    const notice = await client.next('deliver_sm');
    expect(intField(notice, 'esm_class')).toBe(0x20);
    expect(receiptText(notice)).toContain('stat:ENROUTE');
    const fields = {
      ...submitFields(HANDSET, Buffer.from('late'), { registered_delivery: 1 }),
      validity_period: '000000000000000R',
    };
    client.send('submit_sm', { fields });
    expect(receiptText(await client.next('deliver_sm'))).toContain('stat:EXPIRED');
    expect(await smsc.messages.read({})).toEqual([]);
    smsc.power.set(HANDSET, true);
    expect(receiptText(await client.next('deliver_sm'))).toContain('stat:DELIVRD');
    expect(await smsc.messages.read({})).toMatchObject([{ text: 'hello' }]);
  });
});

it('feeds messages from a file and counts what became of them', async () => {
  await start();
  const client = await bound();
  const file = join(folder(), 'feed.csv');
  const json = '{"from":"254700000002","to":"5000","text":"YES"}';
  writeFileSync(file, `# a comment\n254700000001,5000,NEWS, please\n${json}\nnonsense\n`);
  const report = feed(smsc.mo, file, 1000);
  for (const words of ['NEWS, please', 'YES']) {
    const mo = await client.next('deliver_sm');
    expect(receiptText(mo)).toBe(words);
    client.send('deliver_sm_resp', {}, mo.sequence);
  }
  expect(await report).toEqual({ sent: 3, outcomes: { ESME_ROK: 2, unreadable: 1 } });
});

it('speaks SMPP over TLS', async () => {
  const at = folder();
  const [key, cert] = [join(at, 'key.pem'), join(at, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ],
    { stdio: 'ignore' },
  );
  await start({ tls: { port: 0, key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } });
  const socket = connectTls({
    port: smsc.ports.tls,
    host: '127.0.0.1',
    ca: readFileSync(cert),
    servername: 'localhost',
  });
  await once(socket, 'secureConnect');
  socket.write(encode(pdu('bind_transceiver', 1, { fields: BIND })));
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  const decoded = decode(frameReader()(chunk).frames[0]!);
  expect(decoded).toMatchObject({ kind: 'pdu', pdu: { command: 'bind_transceiver_resp', status: 0 } });
  socket.destroy();
});
