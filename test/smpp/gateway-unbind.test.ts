import { describe, expect, it } from 'vitest';
import type { MoAnswer } from '../../src/smpp/gateway.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { mt } from './support/gateway.ts';
import { bound, started } from './support/rigs.ts';
import { golden, numbered } from './support/golden.ts';
import type { Peer } from './support/smsc.ts';
import { header, ID } from './support/smsc.ts';

/** A link with one MO that is being stored, until `store`. */
async function storing(changes: Partial<LinkSettings> = {}) {
  const rig = await bound(changes);
  let store = (): void => undefined;
  rig.onMo(() => new Promise<MoAnswer>((resolve) => (store = () => resolve({ ack: 'stored' }))));
  rig.peer.send(golden('deliver_sm-gsm7'));
  await rig.noted('mo.received');
  return { ...rig, store: () => store() };
}

/** Resolves when all that was sent to the link is read; what it answered by then is in `heard`. */
async function read(peer: Peer): Promise<void> {
  peer.send(header(ID.enquireLink, 0, 999));
  await peer.expect(ID.enquireLinkResp);
}

const ids = (peer: Peer): readonly number[] => peer.heard.map(({ id }) => id);

describe('an unbind of the peer (SMPP 3.4 2.1, 4.2)', () => {
  it('is answered when the MO before it is, and that one is told that it is stored', async () => {
    const { peer, smsc, store } = await storing();
    peer.send(golden('unbind'));
    await read(peer);
    expect(ids(peer)).toEqual([]);
    store();
    await peer.ended();
    expect(peer.heard).toMatchObject([
      { id: ID.deliverSmResp, sequence: 11, status: 0 },
      { id: ID.unbindResp, status: 0 },
    ]);
    await (await smsc.connection()).acceptBind();
  });

  it('still lets it answer a text, and no other leaves meanwhile', async () => {
    const { peer, gateway } = await bound();
    const outcome = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    peer.send(golden('unbind'));
    await read(peer);
    expect(await gateway.submit(mt({ id: 'mt-2' }))).toEqual({ kind: 'no-bind' });
    expect(gateway.status()).toMatchObject([{ state: 'yielding', bound: false, window: { inUse: 1 } }]);
    peer.answer(submit, 0, Buffer.from('a1\0'));
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
    await peer.ended();
    expect(ids(peer)).toEqual([ID.unbindResp]);
  });

  it('hands back what only waited for the window', async () => {
    const { peer, gateway } = await bound({ window: 1 });
    const outcomes = [gateway.submit(mt()), gateway.submit(mt({ id: 'mt-2' }))];
    const submit = await peer.expect(ID.submitSm);
    peer.send(golden('unbind'));
    await read(peer);
    peer.answer(submit, 0, Buffer.from('a1\0'));
    expect(await Promise.all(outcomes)).toMatchObject([{ kind: 'accepted' }, { kind: 'no-bind' }]);
    await peer.ended();
    expect(ids(peer)).toEqual([ID.unbindResp]);
  });

  it('has a further MO come again', async () => {
    const { peer, mos, store } = await storing();
    peer.send(golden('unbind'), numbered(golden('deliver_sm-gsm7'), 12));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 12, status: 0x64 });
    store();
    await peer.ended();
    expect(mos).toHaveLength(1);
  });

  it('is answered after responseTimeout, whatever is open', async () => {
    const { peer, gateway, smsc, store, noted } = await storing({ responseTimeout: 60 });
    const outcome = gateway.submit(mt());
    await peer.expect(ID.submitSm);
    peer.send(golden('unbind'));
    await peer.ended();
    expect(ids(peer)).toEqual([ID.unbindResp]);
    expect(await outcome).toMatchObject({ kind: 'unknown' });
    const next = await smsc.connection();
    await next.acceptBind();
    store();
    await noted('mo.unacknowledged');
    await read(next);
    expect(ids(next)).toEqual([]);
  });

  it('of the receiver waits for no text of the transmitter', async () => {
    const { smsc, gateway, noted } = await started({ bind: 'tx+rx' });
    const [transmitter, receiver] = [await smsc.connection(), await smsc.connection()];
    await transmitter.acceptBind(ID.bindTransmitter);
    await receiver.acceptBind(ID.bindReceiver);
    await noted('link.bound', 2);
    void gateway.submit(mt());
    await transmitter.expect(ID.submitSm);
    receiver.send(golden('unbind'));
    await receiver.expect(ID.unbindResp);
  });
});

describe('an unbind of ours', () => {
  it.each(['suspend', 'rebind'] as const)('waits for what the peer asked: %s', async (verb) => {
    const { peer, gateway, mos, store } = await storing();
    const done = gateway.verb('lab-1', verb);
    await read(peer);
    peer.send(numbered(golden('deliver_sm-gsm7'), 12));
    expect(await peer.expect(ID.deliverSmResp)).toMatchObject({ sequence: 12, status: 0x64 });
    expect(ids(peer)).toEqual([]);
    store();
    const unbind = await peer.expect(ID.unbind);
    expect(peer.heard).toMatchObject([{ id: ID.deliverSmResp, sequence: 11, status: 0 }]);
    peer.answer(unbind);
    expect(await done).toBe('done');
    expect(mos).toHaveLength(1);
  });

  it('waits no longer than responseTimeout', async () => {
    const { peer, gateway } = await storing({ responseTimeout: 60 });
    const done = gateway.verb('lab-1', 'suspend');
    peer.answer(await peer.expect(ID.unbind));
    expect(await done).toBe('done');
  });

  it('is not sent where the peer unbinds first, and the link ends', async () => {
    const { peer, gateway, store } = await storing();
    peer.send(golden('unbind'));
    await read(peer);
    const done = gateway.verb('lab-1', 'suspend');
    await read(peer);
    store();
    expect(await done).toBe('done');
    await peer.ended();
    expect(ids(peer)).toEqual([ID.deliverSmResp, ID.unbindResp]);
    expect(gateway.status()).toMatchObject([{ state: 'stopped' }]);
  });

  it('is not sent where the peer unbinds while it waits, either', async () => {
    const { peer, gateway, store } = await storing();
    const done = gateway.verb('lab-1', 'suspend');
    await read(peer);
    peer.send(golden('unbind'));
    await read(peer);
    store();
    expect(await done).toBe('done');
    await peer.ended();
    expect(ids(peer)).toEqual([ID.deliverSmResp, ID.unbindResp]);
  });
});
