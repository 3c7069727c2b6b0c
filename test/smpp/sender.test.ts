import { describe, expect, it, vi } from 'vitest';
import type { SessionState } from '../../src/smpp/session/fsm.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { References } from '../../src/smpp/mt/references.ts';
import { Sender } from '../../src/smpp/mt/sender.ts';
import type { Session } from '../../src/smpp/session/session.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { manualClock } from './support/clock.ts';
import { mt } from './support/gateway.ts';
import { linkSettings } from './support/settings.ts';

function session(sent: Pdu[]) {
  let sequence = 0;
  return {
    state: 'bound' as SessionState,
    takesTlvs: true,
    nextSequence: () => ++sequence,
    send: (pdu: Pdu) => sent.push(pdu),
  };
}

/** A sender over a session that only collects what it is given, and a clock turned by hand. */
function senderRig(changes: Partial<LinkSettings> = {}) {
  const clock = manualClock();
  const sent: Pdu[] = [];
  const notes: string[] = [];
  const env = { clock, random: (n: number) => new Uint8Array(n), note: (event: string) => void notes.push(event) };
  const sender = new Sender(linkSettings(changes), env, new References());
  const over = session(sent);
  sender.attach(over as unknown as Session);
  const answer = (status: number, tlvs: Pdu['tlvs'] = []) => {
    const { sequence: asked } = sent.at(-1) ?? { sequence: 0 };
    sender.response({ sequence: asked, status, fields: { message_id: 'a' }, tlvs });
  };
  return { clock, sent, notes, sender, answer, over };
}

describe('a part that is throttled again and again', () => {
  it('pauses the bind each time, and after six its message is handed back to wait', async () => {
    const { clock, sent, sender, answer } = senderRig({ responseTimeout: 60_000 });
    const outcome = sender.submit(mt());
    for (let times = 1; times <= 6; times++) {
      expect(sent).toHaveLength(times);
      answer(0x58);
      expect(sent).toHaveLength(times);
      clock.advance(20_000);
    }
    expect(await outcome).toEqual({ kind: 'slow-down', status: 0x58, afterMs: 5_000 });
    expect([sender.inUse, sender.queued]).toEqual([0, 0]);
  });

  it('goes through as soon as the SMSC takes it', async () => {
    const { clock, sender, answer, notes } = senderRig();
    const outcome = sender.submit(mt());
    answer(0x58);
    clock.advance(2_000);
    answer(0);
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a'] });
    expect(notes).toEqual(['mt.throttled', 'mt.accepted']);
  });
});

describe('a text in parts of which one was taken', () => {
  const LONG = { text: 'x'.repeat(300) };
  const headersOf = (pdus: readonly Pdu[]) =>
    pdus.map(({ fields }) => (fields['short_message'] as Buffer).subarray(0, 6).toString('hex'));

  /** The first part is taken, then the second throttled once in each eight seconds. */
  function throttled(times: number) {
    const rig = senderRig({ window: 1 });
    const outcome = rig.sender.submit(mt(LONG));
    rig.answer(0);
    for (let count = 0; count < times; count++) {
      rig.answer(0x58);
      rig.clock.advance(8_000);
    }
    return { ...rig, outcome };
  }

  it('is accepted once the SMSC takes the rest, which alone is sent again', async () => {
    const { sent, outcome, answer } = throttled(8);
    answer(0);
    expect(await outcome).toMatchObject({ kind: 'accepted', messageIds: ['a', 'a'] });
    expect(new Set(headersOf(sent.slice(1))).size).toBe(1);
  });

  it('is handed back where the rest was throttled for a minute', async () => {
    const { outcome } = throttled(9);
    expect(await outcome).toMatchObject({ kind: 'slow-down', status: 0x58 });
  });

  it('is in doubt when the session goes while the rest waits: what was taken may be read', async () => {
    const { sent, sender, answer } = senderRig({ rate: 1 });
    const outcome = sender.submit(mt(LONG));
    answer(0);
    expect(sent).toHaveLength(1);
    sender.detach();
    expect(await outcome).toEqual({ kind: 'unknown' });
  });

  it('is not sent again without what the SMSC disliked: its first part would be read twice', async () => {
    const { sent, sender, answer } = senderRig({ window: 1 });
    const outcome = sender.submit(mt(LONG));
    answer(0);
    answer(0x104);
    expect(await outcome).toMatchObject({ kind: 'permanent', status: 0x104 });
    expect(sent).toHaveLength(2);
  });

  it('has the same reference when it is said again, so that the handset joins both tries', async () => {
    const { sent, sender, answer } = senderRig({ window: 1 });
    const first = sender.submit(mt(LONG));
    answer(0);
    answer(0x64);
    expect(await first).toMatchObject({ kind: 'temporary' });
    void sender.submit(mt(LONG));
    answer(0);
    expect(headersOf(sent.slice(2))).toEqual(headersOf(sent.slice(0, 2)));
  });
});

describe('a session that its peer unbinds', () => {
  it('gets nothing more of what waits, and is not looked after again and again', () => {
    const { clock, sent, sender, over } = senderRig({ rate: 10 });
    for (const id of ['mt-1', 'mt-2', 'mt-3']) void sender.submit(mt({ id }));
    expect(sent).toHaveLength(1);
    over.state = 'yielding';
    const after = vi.spyOn(clock, 'after');
    clock.advance(5_000);
    expect([sent.length, sender.inUse, sender.queued]).toEqual([1, 1, 2]);
    expect(after.mock.calls.length).toBeLessThan(2);
  });
});

describe('the pace', () => {
  it('is no faster than the configured rate', () => {
    const { clock, sent, sender } = senderRig({ rate: 10, window: 1_000 });
    for (let count = 0; count < 50; count++) void sender.submit(mt({ id: String(count) }));
    expect(sent).toHaveLength(1);
    clock.advance(1_000);
    expect(sent).toHaveLength(11);
    clock.advance(2_000);
    expect(sent).toHaveLength(31);
  });

  it.each([
    [85, 21],
    [90, 9],
  ])('congestion_state %i: %i parts in two seconds; 80 to 89 is the optimum load (5.0 4.8.4.18)', (state, parts) => {
    const { clock, sent, sender, answer } = senderRig({ rate: 10, window: 1_000 });
    for (let count = 0; count < 50; count++) void sender.submit(mt({ id: String(count) }));
    answer(0, [{ tag: 0x0428, value: Buffer.from([state]) }]);
    clock.advance(2_000);
    expect(sent).toHaveLength(parts);
  });
});

describe('an answer that comes after the response timeout', () => {
  it('of every part is told to whoever was told that it is unknown; a refusal, or one of a part, is not', async () => {
    const { clock, sent, sender, answer } = senderRig({ responseTimeout: 10_000 });
    const outcome = sender.submit(mt());
    clock.advance(10_000);
    const unknown = await outcome;
    if (unknown.kind !== 'unknown') throw new Error(unknown.kind);
    answer(0);
    expect(await unknown.late).toEqual({ smsc: 'lab', messageIds: ['a'] });
    expect(sent).toHaveLength(1);
    let told = 0;
    for (const [status, text] of [
      [8, 'Hi'],
      [0, 'x'.repeat(300)],
    ] as const) {
      const other = sender.submit(mt({ text }));
      clock.advance(10_000);
      const gone = await other;
      if (gone.kind === 'unknown') void gone.late?.then(() => told++);
      answer(status);
    }
    await Promise.resolve();
    expect(told).toBe(0);
  });

  it.each([
    ['the last part is taken in time after it', 10_000],
    ['the last part is taken late as well', 11_000],
  ])('of one part is told with the rest when %s', async (_, wait) => {
    const { clock, sent, sender } = senderRig({ rate: 1, responseTimeout: 10_000 });
    const outcome = sender.submit(mt({ text: 'x'.repeat(300) }));
    clock.advance(wait);
    const unknown = await outcome;
    if (unknown.kind !== 'unknown') throw new Error(unknown.kind);
    expect(sent).toHaveLength(2);
    for (const [at, id] of ['a', 'b'].entries())
      sender.response({ sequence: sent[at]?.sequence ?? 0, status: 0, fields: { message_id: id }, tlvs: [] });
    const told = await Promise.race([unknown.late, new Promise((resolve) => setImmediate(resolve))]);
    expect(told).toEqual({ smsc: 'lab', messageIds: ['a', 'b'] });
  });
});

describe('a text that no PDU can hold', () => {
  it('is refused for good, and holds up no other', async () => {
    const { sent, sender } = senderRig({ window: 1 });
    const unfit = {
      ...session(sent),
      send: () => {
        throw new RangeError('short_message has 300 octets');
      },
    };
    sender.attach(unfit as unknown as Session);
    expect(await sender.submit(mt())).toMatchObject({
      kind: 'permanent',
      reason: expect.stringContaining('300') as string,
    });
    expect([sender.inUse, sender.queued]).toEqual([0, 0]);
  });
});

describe('a mending', () => {
  it('finds room however full the queue is', async () => {
    const { sent, sender, answer } = senderRig({ window: 1, queue: 2 });
    const outcomes = ['a', 'b', 'c'].map((id) => sender.submit(mt({ id, validityMs: 300_000 })));
    answer(0x62);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.fields['validity_period']).toBe('');
    for (let count = 0; count < 3; count++) answer(0);
    expect(await Promise.all(outcomes)).toMatchObject(Array(3).fill({ kind: 'accepted' }));
  });
});

describe('no answer', () => {
  it('is unknown at the response timeout, not before', async () => {
    const { clock, sender } = senderRig({ responseTimeout: 10_000 });
    let kind = 'open';
    const outcome = sender.submit(mt()).then((settled) => (kind = settled.kind));
    clock.advance(9_999);
    await Promise.resolve();
    expect(kind).toBe('open');
    clock.advance(1);
    await outcome;
    expect(kind).toBe('unknown');
  });

  it('to one part makes the message unknown, and its waiting parts are not sent', async () => {
    const { clock, sent, sender } = senderRig({ window: 1, responseTimeout: 10_000 });
    const outcome = sender.submit(mt({ text: 'x'.repeat(400) }));
    clock.advance(10_000);
    expect(await outcome).toMatchObject({ kind: 'unknown' });
    expect(sent).toHaveLength(1);
    await sender.idle();
  });
});
