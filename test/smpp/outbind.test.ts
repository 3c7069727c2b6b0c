import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rig } from './support/gateway.ts';
import { startRig } from './support/gateway.ts';
import { golden, numbered } from './support/golden.ts';
import { header, ID, Peer } from './support/smsc.ts';

let rig: Rig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A gateway that listens for the SMSC's outbind, and a way to call it. */
async function listening(connectTimeout = 5_000) {
  const port = await freePort();
  const outbind = { host: '127.0.0.1', port, systemId: 'SMSC', password: 'callme' };
  rig = await startRig({ outbind, connectTimeout });
  const call = async (): Promise<Peer> => {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new Peer(socket);
  };
  return { rig, call };
}

describe('an outbind (SMPP 3.4 2.2.1)', () => {
  it('is answered with bind_receiver, and MOs come over that connection', async () => {
    const { rig: made, call } = await listening();
    const smsc = await call();
    smsc.send(golden('outbind'));
    expect((await smsc.expect(ID.bindReceiver)).frame).toEqual(golden('bind_receiver'));
    smsc.answer({ id: ID.bindReceiver, status: 0, sequence: 1, frame: Buffer.alloc(0) }, 0, Buffer.from('SMSC\0'));
    await made.noted('link.bound');
    smsc.send(numbered(golden('deliver_sm-gsm7'), 7));
    expect(await smsc.expect(ID.deliverSmResp)).toMatchObject({ status: 0, sequence: 7 });
    expect(made.mos).toHaveLength(1);
    expect(made.gateway.status()[0]).toMatchObject({ bound: false, state: 'binding' });
  });

  it('leaves the link as it was when its connection goes, and may come again', async () => {
    const { rig: made, call } = await listening();
    for (const times of [1, 2]) {
      const smsc = await call();
      smsc.send(golden('outbind'));
      await smsc.acceptBind(ID.bindReceiver);
      await made.noted('link.bound', times);
      smsc.socket.destroy();
      await made.noted('link.lost', times);
    }
    expect(made.notes.filter(({ event }) => event === 'link.connecting')).toHaveLength(3);
  });

  it.each<[string, Buffer]>([
    ['with a wrong password', golden('outbind-wrong-password')],
    ['that is another PDU', golden('enquire_link')],
    ['that is cut short', Buffer.concat([header(0x0b, 0, 1, Buffer.from('SM'))])],
    ['that is a web request', golden('hostile-http')],
    ['that is longer than any outbind', header(0x0b, 0, 1, Buffer.alloc(200, 0x41))],
  ])('%s is turned away without a word', async (_, octets) => {
    const { rig: made, call } = await listening();
    const smsc = await call();
    smsc.send(octets);
    await smsc.ended();
    expect(smsc.heard).toEqual([]);
    await made.noted('link.outbind-refused');
    expect(JSON.stringify(made.notes)).not.toMatch(/callme|wrongpw/);
  });

  it('that never comes costs a connection no longer than connectTimeout', async () => {
    const { rig: made, call } = await listening(30);
    const smsc = await call();
    await smsc.ended();
    expect((await made.noted('link.outbind-refused')).fields).toMatchObject({ why: 'no outbind came' });
  });

  it('in single octets is one all the same, and eight strangers are the most at once', async () => {
    const { rig: made, call } = await listening();
    const smsc = await call();
    for (const octet of golden('outbind')) smsc.send(Buffer.from([octet]));
    await smsc.acceptBind(ID.bindReceiver);
    await made.noted('link.bound');
    const strangers = await Promise.all(Array.from({ length: 9 }, call));
    await Promise.race(strangers.map((each) => each.ended()));
    expect((await made.noted('link.outbind-refused')).fields).toMatchObject({ why: 'too many at once' });
    expect(strangers.filter(({ closed }) => closed)).toHaveLength(1);
  });

  it('is unbound cleanly with the link', async () => {
    const { rig: made, call } = await listening();
    const link = await made.smsc.connection();
    await link.acceptBind();
    const smsc = await call();
    smsc.send(golden('outbind'));
    await smsc.acceptBind(ID.bindReceiver);
    await made.noted('link.bound', 2);
    const stopped = made.gateway.stop(5_000);
    for (const peer of [link, smsc]) peer.answer(await peer.expect(ID.unbind));
    await stopped;
    await expect(call()).rejects.toThrow('ECONNREFUSED');
  });

  it('on a port that is taken is an error in the log, and the link works without it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    rig = await startRig({ outbind: { host: '127.0.0.1', port, systemId: 'SMSC', password: 'callme' } });
    expect((await rig.noted('link.outbind-deaf')).fields).toMatchObject({ why: 'EADDRINUSE' });
    await (await rig.smsc.connection()).acceptBind();
    await rig.noted('link.bound');
    taken.close();
  });
});
