import { describe, expect, it } from 'vitest';
import type { Mt } from '../../src/domain/message.ts';
import { userDataOf } from '../../src/smpp/pdu.ts';
import { decodePdu } from '../../src/smpp/codec/codec.ts';
import { layoutOf } from '../../src/smpp/codec/dictionary.ts';
import type { Rig } from './support/gateway.ts';
import { mt } from './support/gateway.ts';
import { bound, started } from './support/rigs.ts';
import { golden, numbered } from './support/golden.ts';
import type { HeardPdu, Peer } from './support/smsc.ts';
import { ID } from './support/smsc.ts';

const LONG = `${'x'.repeat(152)}{${'y'.repeat(10)}`;

function textOf(pdu: HeardPdu): string {
  return userDataOf(decodePdu(pdu.frame, layoutOf('submit_sm'))).toString('latin1');
}

/** Sets the concatenation reference that a golden part has, so that the rest can be compared. */
function withReference(frame: Buffer, like: Buffer): Buffer {
  const at = like.indexOf(Buffer.from([0x05, 0x00, 0x03]));
  const copy = Buffer.from(frame);
  if (at >= 0) copy[at + 3] = like[at + 3] ?? 0;
  return copy;
}

/** Hex with the 16-bit reference blanked: it starts at random. */
function likeReference(frame: Buffer): string {
  return frame.toString('hex').replace(/(060804|020c0002)..../, '$1____');
}

describe('a submit_sm', () => {
  it.each<[string, Partial<Mt>]>([
    ['gsm7', {}],
    ['ucs2', { text: 'Заказ 😀' }],
    ['flash', { text: 'Hi', channel: 'flash' }],
    ['flash-ucs2', { text: 'Д', channel: 'flash' }],
    ['validity', { text: 'Code 123456', validityMs: 300_000 }],
  ])('submit_sm-%s goes out byte for byte', async (name, changes) => {
    const { peer, gateway } = await bound();
    const outcome = gateway.submit(mt(changes));
    const submit = await peer.acceptSubmit('00Ab12');
    expect(submit.frame).toEqual(golden(`submit_sm-${name}`));
    expect(await outcome).toEqual({ kind: 'accepted', smsc: 'lab', messageIds: ['00Ab12'] });
  });

  it('has the service_type that its SMSC wants (SMPP 3.4 5.2.11)', async () => {
    const { peer, gateway } = await bound({ serviceType: 'CMT' });
    const outcome = gateway.submit(mt({ text: LONG }));
    for (const id of ['1', '2']) {
      const { frame } = await peer.acceptSubmit(id);
      expect(frame.toString('latin1', 16, 20)).toBe('CMT\0');
    }
    expect(await outcome).toMatchObject({ kind: 'accepted' });
  });

  it('as flash is GSM 7-bit whatever data_coding 0 means at that link: 0x10 names it (TS 23.038 section 4)', async () => {
    const { peer, gateway } = await bound({ defaultAlphabet: 'latin1' });
    const outcome = gateway.submit(mt({ text: 'me@x_1 $5', channel: 'flash' }));
    const { frame } = await peer.acceptSubmit('00Ab12');
    // data_coding, sm_default_msg_id, sm_length, short_message
    expect(frame.subarray(-12).toString('hex')).toBe('1000096d6500781131200235');
    expect(await outcome).toMatchObject({ kind: 'accepted' });
  });

  it('in the letters of a language goes out with its shift table, byte for byte', async () => {
    const { peer, gateway } = await bound({ national: { language: 1, locking: false, single: true } });
    const outcome = gateway.submit(mt({ text: 'şifre' }));
    expect((await peer.acceptSubmit('00Ab12')).frame).toEqual(golden('submit_sm-turkish'));
    expect(await outcome).toMatchObject({ kind: 'accepted' });
  });

  it('in two parts is accepted when both are, with both ids in order', async () => {
    const { peer, gateway } = await bound();
    const outcome = gateway.submit(mt({ text: LONG }));
    const one = await peer.expect(ID.submitSm);
    const two = await peer.expect(ID.submitSm);
    expect([one.frame, two.frame]).toEqual(
      ['submit_sm-udh8-1of2', 'submit_sm-udh8-2of2'].map((name) => withReference(golden(name), one.frame)),
    );
    peer.answer(two, 0, Buffer.from('b\0'));
    peer.answer(one, 0, Buffer.from('a\0'));
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a', 'b'] });
  });

  it('is noted as written when the kernel has its last part, before any answer', async () => {
    const { peer, gateway, noted } = await bound();
    const outcome = gateway.submit(mt({ text: LONG }));
    expect((await noted('mt.written')).fields).toMatchObject({ link: 'lab-1', mt: 'mt-1', parts: 2 });
    await peer.acceptSubmit('a');
    await peer.acceptSubmit('b');
    await outcome;
  });

  it('names no text and no full MSISDN in any note', async () => {
    const { peer, gateway, notes, noted } = await bound();
    const outcome = gateway.submit(mt({ text: 'secret code 424242' }));
    await peer.acceptSubmit('a');
    await outcome;
    peer.send(golden('deliver_sm-gsm7'), golden('receipt-text'), golden('hostile-unterminated'));
    await noted('pdu.fault');
    expect(JSON.stringify(notes)).not.toMatch(/424242|491701234567|NEWS/);
  });

  it.each(['none', 0x33] as const)('carries no TLVs to a peer whose version is %s', async (version) => {
    const rig = await started({ split: 'payload' });
    const peer = await rig.smsc.connection();
    await peer.acceptBind(ID.bindTransceiver, version);
    await rig.noted('link.bound');
    const outcome = rig.gateway.submit(mt({ text: LONG }));
    const one = await peer.expect(ID.submitSm);
    expect(one.frame).toEqual(withReference(golden('submit_sm-udh8-1of2'), one.frame));
    peer.answer(one, 0, Buffer.from('a\0'));
    await peer.acceptSubmit('b');
    await outcome;
  });

  it.each(['udh16', 'sar', 'payload'] as const)('is carried by %s, byte for byte', async (split) => {
    const { peer, gateway } = await bound({ split });
    const outcome = gateway.submit(mt({ text: LONG }));
    const names = split === 'payload' ? ['payload'] : [`${split}-1of2`, `${split}-2of2`];
    for (const name of names) {
      const submit = await peer.acceptSubmit(name);
      expect(likeReference(submit.frame)).toBe(likeReference(golden(`submit_sm-${name}`)));
    }
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: names });
  });

  it('has no validity where the SMSC wants it empty', async () => {
    const { peer, gateway } = await bound({ sendValidity: false });
    const outcome = gateway.submit(mt({ validityMs: 300_000 }));
    expect((await peer.acceptSubmit('a')).frame).toEqual(golden('submit_sm-gsm7'));
    await outcome;
  });
});

describe('the outcome of a submit_sm', () => {
  it.each([
    [0x0b, { kind: 'permanent', status: 0x0b }],
    [0x08, { kind: 'temporary', status: 0x08 }],
    [0x14, { kind: 'slow-down', status: 0x14, afterMs: 15_000 }],
    [0x4a1, { kind: 'temporary', status: 0x4a1 }],
    [0x7777, { kind: 'temporary', status: 0x7777 }],
  ])('for status %i', async (status, outcome) => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt());
    peer.answer(await peer.expect(ID.submitSm), status);
    expect(await submitted).toEqual(outcome);
  });

  it('by generic_nack is temporary and leaves the bind alone', async () => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt());
    await peer.expect(ID.submitSm);
    peer.send(numbered(golden('generic_nack'), 2));
    expect(await submitted).toEqual({ kind: 'temporary', status: 3 });
    peer.send(golden('enquire_link'));
    await peer.expect(ID.enquireLinkResp);
  });

  it('for a wrong bind state is temporary, and the link binds again', async () => {
    const { peer, smsc, gateway } = await bound();
    const submitted = gateway.submit(mt());
    peer.answer(await peer.expect(ID.submitSm), 0x04);
    expect(await submitted).toEqual({ kind: 'temporary', status: 4 });
    await peer.ended();
    await (await smsc.connection()).acceptBind();
  });

  it('may be told otherwise by the link', async () => {
    const { peer, gateway } = await bound({ statusClasses: new Map([[0x4a1, 'permanent']]) });
    const submitted = gateway.submit(mt());
    peer.answer(await peer.expect(ID.submitSm), 0x4a1);
    expect(await submitted).toEqual({ kind: 'permanent', status: 0x4a1 });
  });

  it.each([
    ['no body', ''],
    ['no end within 256 octets', 'a'.repeat(300)],
  ])('is accepted even when the response has no readable id: %s', async (_, body) => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    peer.answer(submit, 0, Buffer.from(body));
    expect(await submitted).toEqual({ kind: 'accepted', smsc: 'lab', messageIds: [''] });
  });

  it('has the id that ends where its response does, without a NUL', async () => {
    const { peer, gateway, noted } = await bound();
    const submitted = gateway.submit(mt());
    peer.answer(await peer.expect(ID.submitSm), 0, Buffer.from('5f3a'));
    expect(await submitted).toEqual({ kind: 'accepted', smsc: 'lab', messageIds: ['5f3a'] });
    expect((await noted('pdu.fault')).fields).toMatchObject({ kind: 'unterminated', where: 'message_id' });
  });

  it('is unknown without a response, and a late one is only noted', async () => {
    const { peer, gateway, noted } = await bound({ responseTimeout: 40 });
    const submitted = gateway.submit(mt());
    const submit = await peer.expect(ID.submitSm);
    expect(await submitted).toMatchObject({ kind: 'unknown' });
    expect(gateway.status()[0]?.window.inUse).toBe(0);
    peer.answer(submit, 0, Buffer.from('a\0'));
    await noted('mt.late-response');
  });

  it('is unknown for what was in flight when the link was lost, and no-bind for what only waited', async () => {
    const { peer, gateway } = await bound({ window: 1 });
    const written = gateway.submit(mt());
    const waiting = gateway.submit(mt({ id: 'mt-2' }));
    await peer.expect(ID.submitSm);
    peer.socket.destroy();
    expect(await written).toEqual({ kind: 'unknown' });
    expect(await waiting).toEqual({ kind: 'no-bind' });
  });

  it('mends once: without validity for 0x62, as UCS2 for 0x104', async () => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt({ text: 'Д', validityMs: 300_000 }));
    peer.answer(await peer.expect(ID.submitSm), 0x62);
    const second = await peer.expect(ID.submitSm);
    expect(second.frame.includes('000000000500000R')).toBe(false);
    peer.answer(second, 0x62);
    expect(await submitted).toEqual({ kind: 'permanent', status: 0x62 });
    const other = gateway.submit(mt({ text: 'Hi' }));
    peer.answer(await peer.expect(ID.submitSm), 0x104);
    const asUcs2 = await peer.acceptSubmit('a');
    expect(textOf(asUcs2)).toBe('\0H\0i');
    expect(await other).toMatchObject({ kind: 'accepted' });
  });

  it.each(['sar', 'payload'] as const)('mends 0xC1 once: a long text by %s goes by UDH, in order', async (split) => {
    const { peer, gateway } = await bound({ split, window: 1 });
    const submitted = gateway.submit(mt({ text: LONG }));
    peer.answer(await peer.expect(ID.submitSm), 0xc1);
    const again = [await peer.acceptSubmit('a'), await peer.acceptSubmit('b')].map(({ frame }) => frame);
    const like = (name: string, sequence: number): Buffer =>
      withReference(numbered(golden(name), sequence), again[0] ?? Buffer.alloc(0));
    expect(again).toEqual([like('submit_sm-udh8-1of2', 3), like('submit_sm-udh8-2of2', 4)]);
    expect(await submitted).toMatchObject({ kind: 'accepted', messageIds: ['a', 'b'] });
    expect(peer.heard.filter(({ id }) => id === ID.submitSm)).toEqual([]);
  });

  it.each([
    ['0xC1 for a PDU without TLVs', 0xc1, {}],
    ['0x62 for one without a validity', 0x62, {}],
    ['0x104 for one that is UCS2 already', 0x104, { text: 'Д' }],
  ])('%s is permanent at once: the same octets would be refused again', async (_, status, changes) => {
    const { peer, gateway } = await bound();
    const submitted = gateway.submit(mt(changes));
    peer.answer(await peer.expect(ID.submitSm), status);
    expect(await submitted).toEqual({ kind: 'permanent', status });
    expect(peer.heard.filter(({ id }) => id === ID.submitSm)).toEqual([]);
  });

  it('by each class of the table, as the link overrides it', async () => {
    const statusClasses = new Map([
      [0x0b, 'temporary'],
      [0x08, 'permanent'],
      [0x401, 'queue-full'],
      [0x402, 'throttled'],
    ] as const);
    const { peer, gateway, noted } = await bound({ statusClasses });
    const play = async (status: number): Promise<unknown> => {
      const submitted = gateway.submit(mt());
      peer.answer(await peer.expect(ID.submitSm), status);
      return submitted;
    };
    expect(await play(0x0b)).toEqual({ kind: 'temporary', status: 0x0b });
    expect(await play(0x08)).toEqual({ kind: 'permanent', status: 0x08 });
    expect(await play(0x401)).toEqual({ kind: 'slow-down', status: 0x401, afterMs: 15_000 });
    const throttled = play(0x402);
    await noted('mt.throttled');
    await peer.acceptSubmit('a');
    expect(await throttled).toMatchObject({ kind: 'accepted' });
  });
});

describe('the window', () => {
  it('never has more parts unanswered than it may, and sends them in order', async () => {
    const { peer, gateway } = await bound({ window: 3 });
    const texts = Array.from({ length: 20 }, (_, index) => `n${index}`);
    const all = texts.map((text) => gateway.submit(mt({ id: text, text })));
    const seen: string[] = [];
    for (const [index] of texts.entries()) {
      const submit = await peer.expect(ID.submitSm);
      expect(gateway.status()[0]?.window.inUse).toBeLessThanOrEqual(3);
      seen.push(textOf(submit));
      peer.answer(submit, 0, Buffer.from(`${index}\0`));
    }
    expect(seen).toEqual(texts);
    expect((await Promise.all(all)).map((outcome) => outcome.kind)).toEqual(texts.map(() => 'accepted'));
  });

  it('has a bounded queue: what does not fit is told to slow down', async () => {
    const { peer, gateway } = await bound({ window: 1, queue: 2 });
    const first = [1, 2, 3].map((id) => gateway.submit(mt({ id: String(id) })));
    expect(await gateway.submit(mt({ id: '4' }))).toMatchObject({ kind: 'slow-down', afterMs: 1_000 });
    for (const id of ['a', 'b', 'c']) await peer.acceptSubmit(id);
    expect((await Promise.all(first)).every((outcome) => outcome.kind === 'accepted')).toBe(true);
  });

  it('puts a throttled part back first: 0x58 on part 2 of 3 keeps the order', async () => {
    const { peer, gateway } = await bound({ window: 1 });
    const long = gateway.submit(mt({ text: 'x'.repeat(400) }));
    const next = gateway.submit(mt({ id: 'mt-2', text: 'after' }));
    peer.answer(await peer.expect(ID.submitSm), 0, Buffer.from('1\0'));
    const second = await peer.expect(ID.submitSm);
    peer.answer(second, 0x58);
    const again = await peer.acceptSubmit('2');
    expect(textOf(again)).toBe(textOf(second));
    await peer.acceptSubmit('3');
    await peer.acceptSubmit('4');
    expect(await long).toMatchObject({ kind: 'accepted', messageIds: ['1', '2', '3'] });
    expect(await next).toMatchObject({ kind: 'accepted', messageIds: ['4'] });
  });
});

describe('routing', () => {
  async function two(): Promise<{ readonly rig: Rig; readonly peers: readonly [Peer, Peer] }> {
    const rig = await started({ name: 'one' }, { name: 'two', shortCodes: ['12345', '777'] });
    const peers = [await rig.smsc.connection(), await rig.smsc.connection()] as const;
    for (const peer of peers) await peer.acceptBind();
    await rig.noted('link.bound', 2);
    return { rig, peers };
  }

  it('prefers the link that the MO came on, else takes any that serves the short code', async () => {
    const { rig, peers } = await two();
    const [one, other] = peers;
    const preferred = rig.gateway.submit(mt({ link: 'two' }));
    await other.acceptSubmit('a');
    expect(await preferred).toMatchObject({ kind: 'accepted' });
    const served = rig.gateway.submit(mt({ link: 'one', from: '777' }));
    await other.acceptSubmit('b');
    expect(await served).toMatchObject({ kind: 'accepted' });
    one.socket.destroy();
    await rig.noted('link.lost');
    const elsewhere = rig.gateway.submit(mt({ link: 'one' }));
    await other.acceptSubmit('c');
    expect(await elsewhere).toMatchObject({ kind: 'accepted' });
  });

  it('takes the link of the longest prefix, and one without prefixes for all the rest', async () => {
    const rig = await started(
      { name: 'all' },
      { name: 'near', prefixes: ['49'] },
      { name: 'nearest', prefixes: ['30', '4917'] },
      { name: 'far', prefixes: ['44'] },
    );
    const peers: Record<string, Peer> = {};
    for (const name of ['all', 'near', 'nearest', 'far']) {
      const peer = await rig.smsc.connection();
      await peer.acceptBind();
      peers[name] = peer;
    }
    await rig.noted('link.bound', 4);
    const sent = async (to: string, name: string): Promise<void> => {
      const submitted = rig.gateway.submit(mt({ to, link: 'far' }));
      await peers[name]!.acceptSubmit('a');
      expect(await submitted).toMatchObject({ kind: 'accepted' });
    };
    await sent('491701234567', 'nearest');
    await sent('493012345678', 'near');
    await sent('441632960000', 'far');
    await sent('254700000001', 'all');
    peers['nearest']!.socket.destroy();
    await rig.noted('link.lost');
    await sent('491701234567', 'near');
  });

  it('by channel: a flash leaves only over a link that carries it', async () => {
    const rig = await started({ name: 'plain', channels: ['sms'] }, { name: 'both' });
    const peers = [await rig.smsc.connection(), await rig.smsc.connection()];
    for (const peer of peers) await peer.acceptBind();
    await rig.noted('link.bound', 2);
    const flash = rig.gateway.submit(mt({ link: 'plain', channel: 'flash' }));
    await peers[1]!.acceptSubmit('a');
    expect(await flash).toMatchObject({ kind: 'accepted' });
    const text = rig.gateway.submit(mt({ link: 'plain' }));
    await peers[0]!.acceptSubmit('b');
    expect(await text).toMatchObject({ kind: 'accepted' });
    peers[1]!.socket.destroy();
    await rig.noted('link.lost');
    expect(await rig.gateway.submit(mt({ link: 'plain', channel: 'flash' }))).toEqual({ kind: 'no-bind' });
  });

  it('says no-bind for a short code that no bound link serves', async () => {
    const { rig } = await two();
    expect(await rig.gateway.submit(mt({ from: '999' }))).toEqual({ kind: 'no-bind' });
  });
});
