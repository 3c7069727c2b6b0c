import { describe, expect, it } from 'vitest';
import { mt } from './support/gateway.ts';
import { bound, started } from './support/rigs.ts';
import { linkSettings } from './support/settings.ts';
import type { Peer, ScriptedSmsc } from './support/smsc.ts';
import { ID } from './support/smsc.ts';

/** Long enough for a connection that should not come. */
const settle = (ms = 150): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const open = ({ peers }: ScriptedSmsc): readonly Peer[] => peers.filter(({ closed }) => !closed);

/** A bound link, and config for the same name that differs by the size of its window. */
async function reloadable() {
  const rig = await bound();
  return { ...rig, reload: (window: number) => rig.gateway.update([linkSettings({ port: rig.smsc.port, window })]) };
}

/** Two links, bound. */
async function pair() {
  const other = { name: 'lab-2', systemId: 'other' };
  const rig = await started({}, other);
  const [one, two] = [await rig.smsc.connection(), await rig.smsc.connection()];
  await Promise.all([one.acceptBind(), two.acceptBind()]);
  await rig.noted('link.bound', 2);
  return { ...rig, one, two, other };
}

describe('a verb', () => {
  it('rebind binds again when the old bind is over', async () => {
    const { peer, gateway, smsc, noted } = await bound();
    const done = gateway.verb('lab-1', 'rebind');
    const unbind = await peer.expect(ID.unbind);
    expect(gateway.status()).toMatchObject([{ state: 'unbinding', suspended: false }]);
    peer.answer(unbind);
    expect(await done).toBe('done');
    await (await smsc.connection()).acceptBind();
    await noted('link.bound', 2);
    expect(gateway.status()).toMatchObject([{ state: 'bound' }]);
  });

  it('resume binds at once when the suspend before it is over', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = gateway.verb('lab-1', 'suspend');
    peer.answer(await peer.expect(ID.unbind));
    expect(await done).toBe('done');
    expect(gateway.status()).toMatchObject([{ state: 'stopped', suspended: true }]);
    expect(await gateway.verb('lab-1', 'resume')).toBe('done');
    expect(gateway.status()).toMatchObject([{ state: 'connecting', suspended: false }]);
    await (await smsc.connection()).acceptBind();
  });

  it('goes not with every state, and not with every name', async () => {
    const { peer, gateway } = await bound();
    expect(await gateway.verb('lab-1', 'resume')).toBe('refused');
    expect(await gateway.verb('lab-2', 'rebind')).toBe('unknown');
    const done = gateway.verb('lab-1', 'suspend');
    expect(await gateway.verb('lab-1', 'suspend')).toBe('refused');
    expect(await gateway.verb('lab-1', 'rebind')).toBe('refused');
    peer.answer(await peer.expect(ID.unbind));
    await done;
  });
});

describe('verbs while an unbind is under way', () => {
  it('rebind and rebind leave one bind', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = [gateway.verb('lab-1', 'rebind'), gateway.verb('lab-1', 'rebind')];
    peer.answer(await peer.expect(ID.unbind));
    expect(await Promise.all(done)).toEqual(['done', 'done']);
    await settle();
    expect(open(smsc)).toHaveLength(1);
  });

  it('rebind and suspend leave none', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = [gateway.verb('lab-1', 'rebind'), gateway.verb('lab-1', 'suspend')];
    peer.answer(await peer.expect(ID.unbind));
    expect(await Promise.all(done)).toEqual(['done', 'done']);
    await settle();
    expect(gateway.status()).toMatchObject([{ suspended: true }]);
    expect(open(smsc)).toHaveLength(0);
  });

  it('rebind, suspend and resume leave one bind', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = (['rebind', 'suspend', 'resume'] as const).map((verb) => gateway.verb('lab-1', verb));
    peer.answer(await peer.expect(ID.unbind));
    expect(await Promise.all(done)).toEqual(['done', 'done', 'done']);
    await settle();
    expect(gateway.status()).toMatchObject([{ suspended: false, state: 'binding' }]);
    expect(open(smsc)).toHaveLength(1);
  });

  it('suspend and resume: the new bind waits for the end of the old one', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = gateway.verb('lab-1', 'suspend');
    const unbind = await peer.expect(ID.unbind);
    expect(await gateway.verb('lab-1', 'resume')).toBe('done');
    await settle();
    expect(smsc.peers).toHaveLength(1);
    peer.answer(unbind);
    await done;
    await (await smsc.connection()).acceptBind();
  });
});

describe('a reload while an unbind is under way', () => {
  it('and a rebind leave one bind, by the new settings, and a stop ends it', async () => {
    const { peer, gateway, smsc, noted, reload } = await reloadable();
    const done = gateway.verb('lab-1', 'rebind');
    reload(11);
    peer.answer(await peer.expect(ID.unbind));
    expect(await done).toBe('done');
    const next = await smsc.connection();
    await next.acceptBind();
    await noted('link.bound', 2);
    await settle();
    expect(open(smsc)).toEqual([next]);
    expect(gateway.status()).toMatchObject([{ state: 'bound', window: { size: 11 } }]);
    const stopped = gateway.stop(10_000);
    next.answer(await next.expect(ID.unbind));
    await stopped;
    await next.ended();
  });

  it('waits, as the one before it does, for the end of the old bind', async () => {
    const { peer, gateway, smsc, reload } = await reloadable();
    reload(11);
    reload(12);
    const unbind = await peer.expect(ID.unbind);
    await settle();
    // A second bind of the account now would be refused (0x05, 0x0d).
    expect(smsc.peers).toHaveLength(1);
    expect(gateway.status()).toMatchObject([{ state: 'unbinding', window: { size: 10 } }]);
    peer.answer(unbind);
    await (await smsc.connection()).acceptBind();
    await settle();
    expect(open(smsc)).toHaveLength(1);
    expect(gateway.status()).toMatchObject([{ state: 'bound', window: { size: 12 } }]);
  });

  it('that takes the link away and brings it back waits, too', async () => {
    const { peer, gateway, smsc, reload } = await reloadable();
    gateway.update([]);
    const unbind = await peer.expect(ID.unbind);
    expect(gateway.status()).toEqual([]);
    reload(10);
    await settle();
    expect(smsc.peers).toHaveLength(1);
    peer.answer(unbind);
    await (await smsc.connection()).acceptBind();
  });

  it('binds no link that was suspended since, until it is resumed', async () => {
    const { peer, gateway, smsc, reload } = await reloadable();
    reload(11);
    const done = gateway.verb('lab-1', 'suspend');
    reload(12);
    peer.answer(await peer.expect(ID.unbind));
    expect(await done).toBe('done');
    await settle();
    expect(smsc.peers).toHaveLength(1);
    expect(await gateway.verb('lab-1', 'resume')).toBe('done');
    await (await smsc.connection()).acceptBind();
    await settle();
    expect(open(smsc)).toHaveLength(1);
    expect(gateway.status()).toMatchObject([{ state: 'bound', suspended: false, window: { size: 12 } }]);
  });

  it('holds up no link of another name', async () => {
    const { one, two, gateway, smsc, noted, other } = await pair();
    const settings = (window: number) => [
      linkSettings({ port: smsc.port, window: 11 }),
      linkSettings({ port: smsc.port, ...other, window }),
    ];
    gateway.update(settings(10));
    await one.expect(ID.unbind);
    gateway.update(settings(12));
    two.answer(await two.expect(ID.unbind));
    await (await smsc.connection()).acceptBind();
    await noted('link.bound', 3);
    expect(gateway.status()).toMatchObject([{ state: 'unbinding' }, { state: 'bound', window: { size: 12 } }]);
  });

  it('that changes nothing of a link goes unnoticed by it', async () => {
    const { peer, gateway, smsc, reload } = await reloadable();
    reload(10);
    await settle();
    expect(peer.heard).toEqual([]);
    expect(smsc.peers).toHaveLength(1);
    expect(gateway.status()).toMatchObject([{ state: 'bound' }]);
  });
});

describe('a stop while an unbind is under way', () => {
  it('of a rebind is the end of the link', async () => {
    const { peer, gateway, smsc } = await bound();
    const done = gateway.verb('lab-1', 'rebind');
    const unbind = await peer.expect(ID.unbind);
    const stopped = gateway.stop(10_000);
    peer.answer(unbind);
    await Promise.all([done, stopped]);
    expect(await gateway.verb('lab-1', 'rebind')).toBe('done');
    await settle();
    expect(smsc.peers).toHaveLength(1);
  });

  it('of a reload waits for the answer to a text', async () => {
    const { peer, gateway, smsc, reload } = await reloadable();
    const outcome = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    reload(11);
    let over = false;
    const stopped = gateway.stop(10_000).then(() => (over = true));
    await settle();
    expect(over).toBe(false);
    peer.answer(submit, 0, Buffer.from('a1\0'));
    peer.answer(await peer.expect(ID.unbind));
    await stopped;
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a1'] });
    expect(gateway.status()).toMatchObject([{ state: 'stopped' }]);
    expect(smsc.peers).toHaveLength(1);
  });

  it('closes the old connection, too, at its deadline', async () => {
    const { peer, gateway, reload } = await reloadable();
    reload(11);
    await peer.expect(ID.unbind);
    await gateway.stop(30);
    await settle();
    expect(peer.closed).toBe(true);
  });
});
