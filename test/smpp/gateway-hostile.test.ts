import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { certificateFor, opensslMissing } from '../diameter/tls.ts';
import { mt } from './support/gateway.ts';
import { bound, started } from './support/rigs.ts';
import { golden, numbered } from './support/golden.ts';
import { header, ID, Peer } from './support/smsc.ts';

/** Waits until `read` is above 0 and does not change for many event-loop turns. */
async function untilStill(read: () => number): Promise<void> {
  let [seen, turns] = [0, 0];
  while (seen === 0 || turns < 500) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = read();
    turns = now === seen ? turns + 1 : 0;
    seen = now;
  }
}

describe('pressure', () => {
  it('refuses what the store is too slow for, holds no more, and takes more when it catches up', async () => {
    const { peer, onMo, mos, noted } = await bound();
    const stored: (() => void)[] = [];
    onMo(() => new Promise((resolve) => stored.push(() => resolve({ ack: 'stored' }))));
    const mo = golden('deliver_sm-gsm7');
    peer.send(...Array.from({ length: 4_005 }, (_, index) => numbered(mo, index + 1)));
    await noted('mo.refused', 5);
    const refused = await Promise.all([1, 2, 3, 4, 5].map(() => peer.expect(ID.deliverSmResp)));
    expect(refused.map(({ status }) => status)).toEqual([0x58, 0x58, 0x58, 0x58, 0x58]);
    expect(mos).toHaveLength(4_000);
    for (const store of stored.splice(0)) store();
    await Promise.all(Array.from({ length: 4_000 }, () => peer.expect(ID.deliverSmResp)));
    onMo(() => Promise.resolve({ ack: 'stored' }));
    peer.send(mo);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0);
  });

  it('stops reading from a peer that does not read, and answers everything once it does', async () => {
    const { peer, notes } = await bound();
    const count = 400_000;
    // Two notes for each that was read: received, sent.
    const before = notes.length;
    const read = () => (notes.length - before) / 2;
    peer.socket.pause();
    peer.socket.write(Buffer.concat(Array.from({ length: count }, (_, index) => header(ID.enquireLink, 0, index + 1))));
    await untilStill(read);
    expect(read()).toBeGreaterThan(0);
    expect(read()).toBeLessThan(count);
    peer.socket.resume();
    while (peer.heard.length < count) await new Promise((resolve) => setImmediate(resolve));
    expect(peer.heard.at(-1)).toMatchObject({ id: ID.enquireLinkResp, sequence: count });
    expect(notes.filter(({ event }) => event === 'link.lost')).toEqual([]);
  });

  it('gives up every submit that a silent peer leaves unanswered, and holds none of them', async () => {
    const { peer, gateway } = await bound({ window: 500, responseTimeout: 300, enquireLinkEvery: 60_000 });
    const all = Array.from({ length: 500 }, (_, index) => gateway.submit(mt({ id: String(index) })));
    await peer.expect(ID.submitSm);
    const outcomes = await Promise.all(all);
    expect(outcomes.every(({ kind }) => kind === 'unknown')).toBe(true);
    expect(gateway.status()[0]).toMatchObject({ queued: 0, window: { inUse: 0 } });
  });
});

describe('an odd peer', () => {
  it('that sends MOs before the bind is answered is told its state is wrong', async () => {
    const rig = await started();
    const peer = await rig.smsc.connection();
    await peer.expect(ID.bindTransceiver);
    peer.send(golden('deliver_sm-gsm7'));
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x04);
    expect(rig.mos).toEqual([]);
  });

  it('may send responses to nothing, twice and out of turn', async () => {
    const { peer, gateway, noted } = await bound();
    peer.send(golden('submit_sm_resp'), golden('unbind_resp'), golden('bind_transceiver_resp'), golden('generic_nack'));
    await noted('pdu.unexpected', 2);
    await noted('mt.late-response', 2);
    const outcome = gateway.submit(mt());
    const submit = await peer.acceptSubmit('a');
    peer.answer(submit, 0x0b);
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a'] });
    await noted('mt.late-response', 3);
  });

  it.each([
    ['binary', 'deliver_sm-gsm7', (frame: Buffer) => frame.fill(4, frame.length - 8, frame.length - 7)],
    [
      'a header that overruns the text',
      'deliver_sm-udh8-1of2',
      (frame: Buffer) => frame.fill(0xff, frame.length - 15, frame.length - 14),
    ],
  ])('that sends %s is told never to send it again', async (_name, from, spoil) => {
    const { peer, noted, mos } = await bound();
    const frame = Buffer.from(golden(from));
    spoil(frame);
    peer.send(frame);
    expect((await peer.expect(ID.deliverSmResp)).status).toBe(0x65);
    await noted('mo.junk');
    expect(mos).toEqual([]);
  });

  it('that refuses connections is tried again until it takes one', async () => {
    const rig = await started();
    const peer = await rig.smsc.connection();
    peer.socket.resetAndDestroy();
    await rig.noted('link.connecting', 2);
    await (await rig.smsc.connection()).acceptBind();
  });
});

describe('a submit_sm is', () => {
  it.each([
    ['as it should be', Buffer.alloc(0)],
    ['with an octet too many', Buffer.from([0])],
  ])('temporary for a generic_nack with status 0, %s: it was not taken', async (_, body) => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt());
    const { sequence } = await peer.expect(ID.submitSm);
    peer.send(header(ID.genericNack, 0, sequence, body));
    expect(await submitted).toEqual({ kind: 'temporary', status: 0xff });
  });

  it.each([
    ['NULs that fill a fixed field', 'a1\0\0\0\0\0\0'],
    ['an octet too many', 'a1\0x'],
    ['half a TLV', 'a1\0\x04\x24\0\x05x'],
  ])('accepted under its id with %s after it', async (_, body) => {
    const { peer, gateway, noted } = await bound();
    const submitted = gateway.submit(mt());
    peer.answer(await peer.expect(ID.submitSm), 0, Buffer.from(body));
    expect(await submitted).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
    const fault = await Promise.race([noted('pdu.fault'), new Promise((resolve) => setImmediate(resolve))]);
    expect(fault).toMatchObject({ fields: { kind: 'broken-tlv' } });
  });

  it.each([
    ['an unknown command', 0x80000021, Buffer.alloc(0)],
    ['deliver_sm', ID.deliverSmResp, Buffer.from('no end')],
    ['data_sm', ID.dataSmResp, Buffer.from('no end')],
    ['enquire_link', ID.enquireLinkResp, Buffer.from([0])],
  ])('open after a response to %s under its number', async (_, id, body) => {
    const { peer, gateway, noted } = await bound();
    const submitted = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    peer.send(header(id, 0, submit.sequence, body));
    await noted('pdu.fault');
    expect(gateway.status()[0]?.window.inUse).toBe(1);
    peer.answer(submit, 0, Buffer.from('a\0'));
    expect(await submitted).toMatchObject({ kind: 'accepted', messageIds: ['a'] });
  });

  it('unknown at its timeout when only a response to an unknown command came under its number', async () => {
    const { peer, gateway } = await bound({ responseTimeout: 40 });
    const submitted = gateway.submit(mt());
    const { sequence } = await peer.expect(ID.submitSm);
    peer.send(header(0x80000021, 0, sequence));
    expect(await submitted).toMatchObject({ kind: 'unknown' });
  });
});

describe.skipIf(opensslMissing())('TLS', () => {
  async function secure(names: string) {
    const { cert, key } = certificateFor('smsc.example');
    const server = createServer({ cert, key });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const rig = await started({ port, tls: { ca: cert, cert: undefined, key: undefined, serverName: names } });
    return { server, rig };
  }

  it('binds to a peer whose certificate is good', async () => {
    const { server, rig: made } = await secure('smsc.example');
    const [socket] = (await once(server, 'secureConnection')) as [ConstructorParameters<typeof Peer>[0]];
    const peer = new Peer(socket);
    expect((await peer.acceptBind()).frame).toEqual(golden('bind_transceiver'));
    await made.noted('link.bound');
    server.close();
    socket.destroy();
  });

  it('says nothing to one whose certificate names somebody else', async () => {
    const { server, rig: made } = await secure('other.example');
    expect((await made.noted('link.unreachable')).fields).toMatchObject({ reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(made.notes.filter(({ event }) => event === 'link.bound')).toEqual([]);
    server.close();
  });
});
