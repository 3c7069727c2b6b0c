import { beforeEach, expect, it } from 'vitest';
import type { Mo } from '../../src/domain/message.ts';
import { createPartStore } from '../../src/redis/part-store.ts';
import { decodePdu, encodePdu } from '../../src/smpp/codec/codec.ts';
import { createGateway } from '../../src/smpp/gateway.ts';
import { checkFrame } from '../../src/smpp/guard.ts';
import type { MoAnswer } from '../../src/smpp/handlers.ts';
import { Inbox } from '../../src/smpp/mo/inbox.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { manualClock } from '../smpp/support/clock.ts';
import { linkSettings } from '../smpp/support/settings.ts';
import { hash, PARTITIONS, useBench, useServer } from './support.ts';

const server = useServer();
const bench = useBench(server);
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const TIMEOUT = 5 * MINUTE;
const NAMED = { moIdTlv: 0x1403 };
const [ONE, TWO] = ['NEWS please, thank you ', 'and greetings to all of you'];

/** Part 1 or 2 of a message under reference 7; `id` is the SMSC's own for this part. */
function pduOf(sequence: number, text: string, id = `mo-${text}`): Pdu {
  const user = Buffer.concat([Buffer.from([5, 0, 3, 7, 2, sequence]), Buffer.from(text)]);
  const source = { source_addr_ton: 1, source_addr_npi: 1, source_addr: '491701234567' };
  const fields = { ...source, destination_addr: '12345', esm_class: 0x40, short_message: user };
  const tlvs = [{ tag: NAMED.moIdTlv, value: Buffer.from(id) }];
  const frame = encodePdu({ command: 'deliver_sm', status: 0, sequence, fields, tlvs });
  const checked = checkFrame(frame);
  if (!checked.ok) throw new Error(checked.fault.kind);
  return decodePdu(frame, checked.value);
}

function createRig(changes: Partial<LinkSettings> = {}) {
  const clock = manualClock();
  const link = linkSettings({ reassemblyTimeout: TIMEOUT, ...changes });
  const dedupeWindow = (named: boolean): number => (named ? DAY : MINUTE);
  const parts = createPartStore(bench.handle, { partitions: PARTITIONS, hash, now: () => clock.now(), dedupeWindow });
  const mos: Mo[] = [];
  const answer: { now: MoAnswer } = { now: { ack: 'stored' } };
  const onMo = (mo: Mo): Promise<MoAnswer> => {
    mos.push(mo);
    return Promise.resolve(answer.now);
  };
  // As for receiveMo, what is held is an order here, and waits for the SMSC.
  const onMoOrHeld = (mo: Mo) => (mo.held === true ? Promise.resolve({ ack: 'temporary-error' } as const) : onMo(mo));
  const handlers = { parts, onReceipt: () => Promise.resolve(), onMo: onMoOrHeld };
  const env = { clock, random: (size: number) => Buffer.alloc(size), note: () => undefined };
  const inbox = new Inbox(handlers, env, TIMEOUT);
  const gateway = createGateway([link], handlers, env); // never started: only its sweep is used
  const deliver = (sequence: number, text: string, id?: string): Promise<number> =>
    new Promise((resolve) =>
      inbox.take(link, pduOf(sequence, text, id), (status, handed) => {
        handed(true);
        resolve(status);
      }),
    );
  const heard = () => mos.map(({ text, partial }) => (partial === true ? `(${text})` : text));
  return { clock, deliver, heard, sweep: () => gateway.handLateParts(), answer };
}

let rig: ReturnType<typeof createRig>;
beforeEach(() => {
  rig = createRig();
});

const keysOf = (what: 'parts:*' | 'parts-due'): Promise<string[]> => bench.redis.keys(`{${bench.prefix}:*}:${what}`);

/** `done` runs beside the response. */
const isDone = async (): Promise<void> => {
  while ((await keysOf('parts-due')).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
};

it('E24: a long order that is pushed back is whole when its last part comes again, however late within a day', async () => {
  rig.answer.now = { ack: 'temporary-error' };
  expect(await rig.deliver(1, ONE)).toBe(0);
  expect(await rig.deliver(2, TWO)).toBe(0x64);
  for (let hours = 0; hours < 20; hours++) {
    rig.clock.advance(60 * MINUTE);
    await rig.sweep();
  }
  expect(await rig.deliver(2, TWO)).toBe(0x64);
  rig.answer.now = { ack: 'stored' };
  expect(await rig.deliver(2, TWO)).toBe(0);
  await isDone();
  rig.clock.advance(10 * MINUTE);
  await rig.sweep();
  expect(rig.heard()).toEqual([ONE + TWO, ONE + TWO, ONE + TWO]);
});

it('is not for ever: what the SMSC gave up is forgotten after a day', async () => {
  rig.answer.now = { ack: 'temporary-error' };
  await rig.deliver(1, ONE);
  await rig.deliver(2, TWO);
  const [key = ''] = await keysOf('parts:*');
  expect(await bench.redis.pttl(key)).toBeLessThanOrEqual(DAY + TIMEOUT);
  await bench.redis.del(key);
  rig.clock.advance(DAY);
  await rig.sweep();
  expect([await keysOf('parts:*'), await keysOf('parts-due')]).toEqual([[], []]);
});

it('E13: a last part whose response was lost is a repeat for as long as the SMSC names it', async () => {
  rig = createRig(NAMED);
  await rig.deliver(1, ONE);
  await rig.deliver(2, TWO);
  await isDone();
  const [key = ''] = await keysOf('parts:*');
  expect(await bench.redis.pttl(key)).toBeGreaterThan(DAY - MINUTE);
  expect(await rig.deliver(2, TWO)).toBe(0);
  expect(rig.heard()).toEqual([ONE + TWO]);
});

it('E13: a new message under the same reference whose first part is equal loses none where the SMSC names it', async () => {
  rig = createRig(NAMED);
  await rig.deliver(1, ONE, 'a1');
  await rig.deliver(2, TWO, 'a2');
  await isDone();
  await rig.deliver(1, ONE, 'b1');
  await rig.deliver(2, 'and goodbye', 'b2');
  await isDone();
  rig.clock.advance(6 * MINUTE);
  await rig.sweep();
  expect(rig.heard()).toEqual([ONE + TWO, `${ONE}and goodbye`]);
});

it('P1: what came of a message whose last part never did is still handed over as a partial one', async () => {
  await rig.deliver(1, ONE);
  rig.clock.advance(6 * MINUTE);
  await rig.sweep();
  expect(rig.heard()).toEqual([`(${ONE})`]);
});
