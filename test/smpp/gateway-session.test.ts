import { afterEach, describe, expect, it, vi } from 'vitest';
import { mt } from './support/gateway.ts';
import { bound, started } from './support/rigs.ts';
import { golden } from './support/golden.ts';
import type { HeardPdu, Peer, ScriptedSmsc } from './support/smsc.ts';
import { header, ID } from './support/smsc.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The bind of whatever direction that comes first over this connection. */
function anyBind(peer: Peer): Promise<HeardPdu> {
  return Promise.race([ID.bindTransceiver, ID.bindTransmitter, ID.bindReceiver].map((id) => peer.expect(id)));
}

/** Closes on three transceivers; the connection of the transmitter that comes then. */
async function closedOnThrice(smsc: ScriptedSmsc): Promise<Peer> {
  for (let times = 0; times < 3; times++) {
    const peer = await smsc.connection();
    await peer.expect(ID.bindTransceiver);
    peer.socket.destroy();
  }
  return smsc.connection();
}

/** Says "already bound" to every receiver; the first bind that is none. */
async function refuseReceivers(smsc: ScriptedSmsc): Promise<{ readonly peer: Peer; readonly bind: HeardPdu }> {
  for (;;) {
    const peer = await smsc.connection();
    const bind = await anyBind(peer);
    if (bind.id !== ID.bindReceiver) return { peer, bind };
    peer.answer(bind, 0x05);
  }
}

describe('binding', () => {
  it('binds as transceiver, byte for byte, and says so', async () => {
    const { smsc, gateway, noted } = await started();
    const peer = await smsc.connection();
    expect((await peer.acceptBind()).frame).toEqual(golden('bind_transceiver'));
    await noted('link.bound');
    expect(gateway.status()).toMatchObject([
      { name: 'lab-1', smsc: 'lab', state: 'bound', bound: true, window: { inUse: 0, size: 10 }, queued: 0 },
    ]);
  });

  it('binds a transmitter and a receiver over two connections', async () => {
    const { smsc, gateway, noted, mos } = await started({ bind: 'tx+rx' });
    const transmitter = await smsc.connection();
    const receiver = await smsc.connection();
    expect((await transmitter.acceptBind(ID.bindTransmitter)).frame).toEqual(golden('bind_transmitter'));
    await noted('link.bound');
    expect(gateway.status()[0]?.bound).toBe(false);
    expect((await receiver.acceptBind(ID.bindReceiver)).frame).toEqual(golden('bind_receiver'));
    await noted('link.bound', 2);
    expect(gateway.status()[0]?.bound).toBe(true);
    receiver.send(golden('deliver_sm-gsm7'));
    await receiver.expect(ID.deliverSmResp);
    expect(mos).toHaveLength(1);
    const outcome = gateway.submit(mt());
    await transmitter.acceptSubmit('a1');
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
  });

  it('takes no response over the receiver for one to a text of the transmitter', async () => {
    const { smsc, gateway, noted } = await started({ bind: 'tx+rx' });
    const transmitter = await smsc.connection();
    const receiver = await smsc.connection();
    await transmitter.acceptBind(ID.bindTransmitter);
    await receiver.acceptBind(ID.bindReceiver);
    await noted('link.bound', 2);
    const outcome = gateway.submit(mt());
    const submit = await transmitter.expect(ID.submitSm);
    receiver.send(header(ID.genericNack, 0x03, submit.sequence));
    expect((await noted('pdu.unexpected')).fields).toMatchObject({ mode: 'rx', command: 'generic_nack' });
    transmitter.answer(submit, 0, Buffer.from('a1\0'));
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
  });

  it('falls back to the pair when the peer does not know bind_transceiver', async () => {
    const { smsc, noted, gateway } = await started({ bind: 'auto' });
    const old = await smsc.connection();
    await old.expect(ID.bindTransceiver);
    old.send(golden('generic_nack'));
    const transmitter = await smsc.connection();
    const receiver = await smsc.connection();
    await transmitter.acceptBind(ID.bindTransmitter);
    await receiver.acceptBind(ID.bindReceiver);
    await noted('link.bound', 2);
    expect(gateway.status()[0]?.bound).toBe(true);
  });

  it('falls back when the peer just closes on bind_transceiver, three times', async () => {
    const { smsc } = await started({ bind: 'auto' });
    for (let times = 0; times < 3; times++) {
      const peer = await smsc.connection();
      await peer.expect(ID.bindTransceiver);
      peer.socket.destroy();
    }
    await (await smsc.connection()).expect(ID.bindTransmitter);
  });

  it('stays with the transceiver that was bound once, however often the peer closes on it then', async () => {
    const { smsc } = await bound({ bind: 'auto' });
    smsc.peers[0]?.socket.destroy();
    for (let times = 0; times < 3; times++) {
      const peer = await smsc.connection();
      await anyBind(peer);
      peer.socket.destroy();
    }
    expect((await anyBind(await smsc.connection())).id).toBe(ID.bindTransceiver);
  });

  it('tries a transceiver again when the peer refuses half of the pair, and loses no text by it', async () => {
    const { smsc, gateway, noted } = await started({ bind: 'auto' });
    const transmitter = await closedOnThrice(smsc);
    const refused = refuseReceivers(smsc);
    await transmitter.acceptBind(ID.bindTransmitter);
    await noted('link.bound');
    const outcome = gateway.submit(mt());
    const submit = await transmitter.expect(ID.submitSm);
    await noted('link.fallback', 2);
    expect(await gateway.submit(mt({ id: 'mt-2' }))).toEqual({ kind: 'no-bind' });
    expect(transmitter.heard).toEqual([]);
    transmitter.answer(submit, 0, Buffer.from('a1\0'));
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
    transmitter.answer(await transmitter.expect(ID.unbind));
    await transmitter.ended();
    const { peer, bind } = await refused;
    expect(bind.id).toBe(ID.bindTransceiver);
    peer.answer(bind, 0, Buffer.from('SMSC\0'));
    await noted('link.bound', 2);
    expect(gateway.status()).toMatchObject([{ state: 'bound', bound: true }]);
  });

  it('stops while it goes back to a transceiver, and binds none', async () => {
    const { smsc, gateway, notes, noted } = await started({ bind: 'auto' });
    const transmitter = await closedOnThrice(smsc);
    void refuseReceivers(smsc);
    await transmitter.acceptBind(ID.bindTransmitter);
    await noted('link.fallback', 2);
    const unbind = await transmitter.expect(ID.unbind);
    const connections = smsc.peers.length;
    const stopped = gateway.stop(10_000);
    transmitter.answer(unbind);
    await stopped;
    expect(gateway.status()).toMatchObject([{ state: 'stopped' }]);
    expect(smsc.peers).toHaveLength(connections);
    expect(notes.filter(({ event }) => event === 'link.event-refused')).toEqual([]);
  });

  it('after a refused password waits long and raises its alarm', async () => {
    const { smsc, noted, gateway } = await started();
    const peer = await smsc.connection();
    const bind = await peer.expect(ID.bindTransceiver);
    peer.answer(bind, 0x0e);
    expect((await noted('link.password-refused')).fields).toMatchObject({ link: 'lab-1', status: 0x0e });
    await peer.ended();
    expect(gateway.status()).toMatchObject([{ state: 'waiting', lastError: 'bind refused: ESME_RINVPASWD' }]);
    expect(smsc.peers).toHaveLength(1);
  });

  it('after a refused password waits while a link that is refused otherwise comes back and back', async () => {
    const { smsc } = await started({}, { name: 'lab-2', systemId: 'other' });
    const refused: string[] = [];
    for (let times = 0; times < 6; times++) {
      const peer = await smsc.connection();
      const bind = await peer.expect(ID.bindTransceiver);
      const isOther = bind.frame.includes('other');
      refused.push(isOther ? 'lab-2' : 'lab-1');
      peer.answer(bind, isOther ? 0x05 : 0x0e);
    }
    expect(refused.filter((name) => name === 'lab-1')).toHaveLength(1);
  });

  it('takes ESME_RBINDFAIL for a refused password, but not for one that was taken before', async () => {
    const { smsc, gateway, notes, noted } = await started({}, { name: 'lab-2', password: 'other' });
    const [one, two] = [await smsc.connection(), await smsc.connection()];
    await one.acceptBind();
    two.answer(await two.expect(ID.bindTransceiver), 0x0d);
    await noted('link.bound');
    const done = gateway.verb('lab-1', 'rebind');
    one.answer(await one.expect(ID.unbind));
    await done;
    const again = await smsc.connection();
    again.answer(await again.expect(ID.bindTransceiver), 0x0d);
    await (await smsc.connection()).acceptBind();
    await noted('link.bound', 2);
    const refused = notes.filter(({ event }) => /refused/.test(event));
    expect(refused).toMatchObject([
      { event: 'link.password-refused', fields: { link: 'lab-2', status: 0x0d } },
      { event: 'link.bind-refused', fields: { link: 'lab-1', status: 0x0d } },
    ]);
  });

  it('after any other refusal comes back', async () => {
    const { smsc } = await started();
    const peer = await smsc.connection();
    peer.answer(await peer.expect(ID.bindTransceiver), 0x05);
    await (await smsc.connection()).acceptBind();
  });

  it('takes a generic_nack with status 0 for a refusal', async () => {
    const { smsc, noted } = await started();
    const peer = await smsc.connection();
    const { sequence } = await peer.expect(ID.bindTransceiver);
    peer.send(header(ID.genericNack, 0, sequence));
    expect((await noted('link.bind-refused')).fields).toMatchObject({ status: 0xff });
    await (await smsc.connection()).acceptBind();
  });

  it('answers enquire_link even before the bind is answered', async () => {
    const { smsc } = await started();
    const peer = await smsc.connection();
    await peer.expect(ID.bindTransceiver);
    peer.send(golden('enquire_link'));
    expect((await peer.expect(ID.enquireLinkResp)).frame).toEqual(golden('enquire_link_resp'));
  });

  it('gives up a bind that nobody answers', async () => {
    const { smsc } = await started({ responseTimeout: 30 });
    const peer = await smsc.connection();
    await peer.expect(ID.bindTransceiver);
    await peer.ended();
    await smsc.connection();
  });
});

/** Bodies that break their layout, as peers are seen to send them. */
const ODD_BODIES: readonly (readonly [string, Buffer])[] = [
  ['a system_id of 17 octets', Buffer.from('S'.repeat(16) + '\0')],
  ['a system_id without its end', Buffer.from('SMSC')],
  ['an octet too many', Buffer.from('SMSC\0\0')],
  ['a TLV cut short', Buffer.from([...Buffer.from('SMSC\0'), 0x02, 0x10, 0x00, 0x01])],
];

describe('a response with an odd body', () => {
  it.each(ODD_BODIES)('binds all the same: %s', async (_, body) => {
    const { smsc, noted, gateway } = await started();
    const peer = await smsc.connection();
    peer.answer(await peer.expect(ID.bindTransceiver), 0, body);
    await noted('link.bound');
    const outcome = gateway.submit(mt());
    await peer.acceptSubmit('a1');
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
  });

  it.each(ODD_BODIES)('refuses a password all the same: %s', async (_, body) => {
    const { smsc, noted, gateway } = await started();
    const peer = await smsc.connection();
    peer.answer(await peer.expect(ID.bindTransceiver), 0x0e, body);
    expect((await noted('link.password-refused')).fields).toMatchObject({ status: 0x0e });
    await peer.ended();
    expect(gateway.status()).toMatchObject([{ state: 'waiting', lastError: 'bind refused: ESME_RINVPASWD' }]);
  });

  it('keeps its TLVs when only the system_id is longer than the standard has it', async () => {
    const { smsc, noted } = await started();
    const peer = await smsc.connection();
    const version = [0x02, 0x10, 0x00, 0x01, 0x34];
    peer.answer(
      await peer.expect(ID.bindTransceiver),
      0,
      Buffer.from([...Buffer.from(`${'S'.repeat(40)}\0`), ...version]),
    );
    expect((await noted('link.bound')).fields).toMatchObject({ version: 0x34 });
  });

  it('is noted as a fault, and answers the bind under its own number only', async () => {
    const { smsc, noted, gateway } = await started();
    const peer = await smsc.connection();
    const bind = await peer.expect(ID.bindTransceiver);
    peer.answer({ ...bind, sequence: bind.sequence + 1 }, 0, Buffer.from('SMSC'));
    expect((await noted('pdu.fault')).fields).toMatchObject({ kind: 'unterminated', where: 'system_id' });
    await noted('pdu.unexpected');
    expect(gateway.status()).toMatchObject([{ state: 'binding' }]);
  });

  it('ends a stop: an unbind_resp with an octet too many', async () => {
    const { peer, gateway, notes } = await bound({ responseTimeout: 500 });
    const stopped = gateway.stop(10_000);
    peer.answer(await peer.expect(ID.unbind), 0, Buffer.from([0]));
    await stopped;
    const order = notes.map(({ event }) => event).filter((event) => !event.startsWith('pdu.'));
    expect(order).toEqual(['link.connecting', 'link.bound', 'link.unbound']);
    expect(notes.filter(({ event }) => event === 'pdu.fault')).toHaveLength(1);
  });
});

describe('keeping alive', () => {
  it('asks when nothing was heard, and is content with an answer', async () => {
    const { peer } = await bound({ enquireLinkEvery: 25 });
    const first = await peer.expect(ID.enquireLink);
    peer.answer(first);
    peer.answer(await peer.expect(ID.enquireLink));
    await peer.expect(ID.enquireLink);
    expect(peer.closed).toBe(false);
  });

  it('closes on a peer that does not answer, and binds again', async () => {
    const { peer, smsc, noted } = await bound({ enquireLinkEvery: 25, responseTimeout: 40 });
    await peer.expect(ID.enquireLink);
    await peer.ended();
    expect((await noted('link.silent')).fields).toMatchObject({ state: 'bound' });
    await (await smsc.connection()).acceptBind();
  });

  it('answers unbind, and comes back', async () => {
    const { peer, smsc } = await bound();
    peer.send(golden('unbind'));
    expect((await peer.expect(ID.unbindResp)).frame).toEqual(golden('unbind_resp'));
    await peer.ended();
    await (await smsc.connection()).acceptBind();
  });

  it('comes back when the peer only ends its own direction, and holds no socket half open', async () => {
    const { peer, smsc, noted } = await bound();
    peer.socket.end();
    await noted('link.lost');
    await peer.ended();
    await (await smsc.connection()).acceptBind();
    await noted('link.bound', 2);
  });

  it('comes back when the connection is lost', async () => {
    const { peer, smsc, noted, gateway } = await bound();
    peer.socket.destroy();
    await noted('link.lost');
    expect(gateway.status()[0]?.bound).toBe(false);
    const next = await smsc.connection();
    expect((await next.acceptBind()).frame).toEqual(golden('bind_transceiver'));
    await noted('link.bound', 2);
  });
});

describe('stopping', () => {
  it.each([
    ['by an unbind', true],
    ['by force', false],
  ])('tells since when it is not bound: %s', async (_, answered) => {
    const { peer, gateway } = await bound();
    const since = gateway.status()[0]?.since ?? 0;
    vi.spyOn(Date, 'now').mockReturnValue(since + 60_000);
    if (!answered) void gateway.submit(mt());
    const stopped = gateway.stop(answered ? 10_000 : 0);
    if (answered) peer.answer(await peer.expect(ID.unbind));
    await stopped;
    expect(gateway.status()[0]).toMatchObject({ bound: false, since: since + 60_000 });
  });

  it('lets the window run empty, unbinds, closes', async () => {
    const { peer, gateway } = await bound();
    const outcome = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    const stopped = gateway.stop(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await gateway.submit(mt({ id: 'mt-2' }))).toEqual({ kind: 'no-bind' });
    expect(peer.heard).toEqual([]);
    peer.answer(submit, 0, Buffer.from('a1\0'));
    const unbind = await peer.expect(ID.unbind);
    peer.answer(unbind);
    await stopped;
    await peer.ended();
    expect(await outcome).toMatchObject({ kind: 'accepted' });
    expect(gateway.status()).toMatchObject([{ state: 'stopped', bound: false }]);
  });

  it('answers what is being stored before it unbinds, and gives up half messages', async () => {
    const { peer, gateway, onMo } = await bound();
    let store = (): void => undefined;
    onMo(() => new Promise((resolve) => (store = () => resolve({ ack: 'stored' }))));
    peer.send(golden('deliver_sm-gsm7'), golden('deliver_sm-udh8-1of2'), golden('enquire_link'));
    await peer.expect(ID.enquireLinkResp);
    const stopped = gateway.stop(10_000);
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 21, status: 0x64 });
    store();
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 11, status: 0 });
    peer.answer(await peer.expect(ID.unbind));
    await stopped;
  });

  it('ends by force at its deadline; what was in flight is unknown', async () => {
    const { peer, gateway } = await bound();
    const outcome = gateway.submit(mt());
    await peer.expect(ID.submitSm);
    await gateway.stop(30);
    expect(await outcome).toEqual({ kind: 'unknown' });
    await peer.ended();
  });

  it('stops a link that is not bound at once', async () => {
    const { smsc, gateway } = await started();
    await smsc.connection();
    await gateway.stop(10_000);
    expect(gateway.status()[0]?.state).toBe('stopped');
  });
});
