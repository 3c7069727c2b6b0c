import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../simulators/smpp/codec.ts';
import type { Command } from '../../../simulators/smpp/commands.ts';
import type { Carrier } from '../../../simulators/smpp/compose.ts';
import { CARRIERS } from '../../../simulators/smpp/compose.ts';
import { writeDestinations } from '../../../simulators/smpp/destinations.ts';
import type { Pdu } from '../../../simulators/smpp/pdu.ts';
import { pdu } from '../../../simulators/smpp/pdu.ts';
import type { Tlv } from '../../../simulators/smpp/tlv.ts';
import { TAG, uintTlv } from '../../../simulators/smpp/tlv.ts';
import { DEFAULTS } from '../../../simulators/smsc/options.ts';
import type { Smsc } from '../../../simulators/smsc/smsc.ts';
import { startSmsc } from '../../../simulators/smsc/smsc.ts';
import type { DialectName } from '../../../simulators/smsc/ussd-dialects.ts';
import { DIALECT_NAMES, dialectOf } from '../../../simulators/smsc/ussd-dialects.ts';
import type { DialogueRecord } from '../../../simulators/smsc/ussd-dialogue.ts';
import { tsharkMissing } from '../pcap/tshark.ts';
import type { Esme } from './esme.ts';
import { BIND, boundEsme, submitFields } from './esme.ts';

const tshark = (file: string, ...args: string[]): string[] =>
  execFileSync('tshark', ['-r', file, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line !== '');

async function answerMos(client: Esme, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    const mo = await client.next('deliver_sm');
    client.send('deliver_sm_resp', {}, mo.sequence);
  }
}

async function sendLong(smsc: Smsc, client: Esme, carrier: Carrier): Promise<void> {
  const sent = smsc.mo({ from: '254700000001', to: '5000', text: `NEWS €[] ${'word '.repeat(40)}`, carrier });
  await answerMos(client, carrier === 'payload' ? 1 : 2);
  await sent;
}

async function session(pcapFile: string): Promise<void> {
  const smsc = await startSmsc({ pcapFile });
  const client = await boundEsme(smsc.ports.smpp);
  for (const carrier of CARRIERS) await sendLong(smsc, client, carrier);
  client.send('submit_sm', { fields: submitFields('254700000001', Buffer.from('hi'), { registered_delivery: 1 }) });
  await answerMos(client, 1);
  client.send('enquire_link');
  await client.next('enquire_link_resp');
  client.send('unbind');
  await client.closed();
  await smsc.close();
}

async function post(smsc: Smsc, path: string, body: object): Promise<unknown> {
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await fetch(`http://127.0.0.1:${smsc.ports.http}${path}`, sent)).json();
}

/** Every request that a mature ESME may send, and the call that an SMSC makes. */
async function otherRequests(pcapFile: string): Promise<void> {
  const smsc = await startSmsc({ pcapFile });
  const client = await boundEsme(smsc.ports.smpp);
  const ask = async (...[command, parts]: Parameters<Esme['send']>): Promise<Pdu> => {
    client.send(command, parts);
    return client.next(`${command}_resp` as Command);
  };
  const source = { source_addr_ton: 3, source_addr: '5000' };
  const [short_message, ...to] = [Buffer.from('hi'), '254700000001', '254700000002'];
  const all = to.map((address) => ({ list: false, ton: 1, npi: 1, address }));
  const refused = { list: true, ton: 0, npi: 0, address: 'friends' };
  for (const dests of [all, [...all, refused]])
    await ask('submit_multi', {
      fields: { ...source, short_message, number_of_dests: dests.length, dest_addresses: writeDestinations(dests) },
    });
  const data = { ...source, dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '254700000001' };
  await ask('data_sm', { fields: data, tlvs: [{ tag: TAG.message_payload, value: short_message }] });
  smsc.power.set('254700000001', false);
  const { fields } = await ask('submit_sm', { fields: submitFields('254700000001', short_message) });
  const message_id = String(fields['message_id']);
  await ask('query_sm', { fields: { ...source, message_id } });
  await ask('replace_sm', { fields: { ...source, message_id, short_message: Buffer.from('ho') } });
  await ask('cancel_sm', { fields: { ...data, message_id } });
  await ask('query_sm', { fields: { ...source, message_id } });
  await called(smsc);
  client.end();
  await smsc.close();
}

/** outbind, answered by a bind_receiver on the same connection. */
async function called(smsc: Smsc): Promise<void> {
  const server = createServer((socket) =>
    socket.once('data', () => socket.write(encode(pdu('bind_receiver', 1, { fields: BIND })))),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await post(smsc, '/outbind', { port, password: 'callme' })).toMatchObject({ state: 'bound_rx' });
  server.close();
}

/** Dialled, asked, answered, ended; pushed, answered, notified; hung up. */
async function dialogues(pcapFile: string, dialect: DialectName): Promise<void> {
  const smsc = await startSmsc({ pcapFile, ussd: { ...DEFAULTS.ussd, dialect } });
  const client = await boundEsme(smsc.ports.smpp);
  const hear = async (): Promise<readonly Tlv[]> => {
    const turn = await client.next('deliver_sm');
    client.send('deliver_sm_resp', {}, turn.sequence);
    return turn.tlvs.filter(({ tag }) => tag !== TAG.ussd_service_op);
  };
  const say = async (op: number, text: string, session: readonly Tlv[]): Promise<void> => {
    const fields = { ...submitFields('254700000001', Buffer.from(text)), service_type: 'USSD' };
    client.send('submit_sm', { fields, tlvs: [uintTlv(TAG.ussd_service_op, op, 1), ...session] });
    expect((await client.next('submit_sm_resp')).status).toBe(0);
  };
  const dial = async (): Promise<string> =>
    ((await post(smsc, '/ussd', { from: '254700000001', code: '*384#', waitMs: 0 })) as DialogueRecord).id;
  const id = await dial();
  await say(2, '1 Order', await hear());
  smsc.ussd.reply(id, '1');
  await say(17, 'Ordered.', await hear());
  const fresh = dialectOf(dialect).write({ number: 77, end: false }, 1);
  await say(2, 'Order? 1 Yes', fresh);
  smsc.ussd.reply(smsc.ussd.list('254700000001').at(-1)!.id, '1');
  await say(3, 'Ordered.', await hear());
  await hear();
  const cut = await dial();
  await say(2, '1 Order', await hear());
  smsc.ussd.cancel(cut);
  await hear();
  client.end();
  await smsc.close();
}

const fileFor = (name: string): string => join(mkdtempSync(join(tmpdir(), 'smsc-')), `${name}.pcap`);
const complaints = (file: string): string[] => tshark(file, '-Y', '_ws.malformed or _ws.expert.severity >= warning');
const fieldsOf = (file: string, field: string): string[] =>
  tshark(file, '-Y', 'smpp', '-T', 'fields', '-e', field).flatMap((line) => line.split(','));

describe.skipIf(tsharkMissing())('tshark reads with no malformed packet and no expert warning', () => {
  it('texts by every carrier, a receipt, a keepalive and the end', async () => {
    const file = fileFor('session');
    await session(file);
    expect(complaints(file)).toEqual([]);
    const commands = fieldsOf(file, 'smpp.command_id');
    expect(commands.filter((id) => id === '0x00000005')).toHaveLength(8);
    expect(commands).toContain('0x80000004');
    expect(commands).toContain('0x80000006');
  });

  it('submit_multi, data_sm, query_sm, replace_sm, cancel_sm and outbind', async () => {
    const file = fileFor('requests');
    await otherRequests(file);
    expect(complaints(file)).toEqual([]);
    const requests = ['00000021', '00000103', '00000003', '00000007', '00000008'];
    const both = requests.flatMap((id) => [`0x${id}`, `0x8${id.slice(1)}`]);
    expect(fieldsOf(file, 'smpp.command_id')).toEqual(expect.arrayContaining([...both, '0x0000000b', '0x00000001']));
    expect(fieldsOf(file, 'smpp.command_status').filter((status) => status !== '' && status !== '0x00000000')).toEqual(
      [],
    );
  });

  it.each(DIALECT_NAMES)('USSD dialogues named as %s does', async (dialect) => {
    const file = fileFor(`ussd-${dialect}`);
    await dialogues(file, dialect);
    expect(complaints(file)).toEqual([]);
    const ops = fieldsOf(file, 'smpp.ussd_service_op').filter((op) => op !== '');
    expect(ops.map(Number)).toEqual([1, 2, 18, 17, 2, 18, 3, 19, 1, 2, 129]);
  });
});
