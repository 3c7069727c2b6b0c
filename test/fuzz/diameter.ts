import { readdirSync } from 'node:fs';
import { unknownMandatory } from '../../src/diameter/avp.ts';
import { reply, type Self } from '../../src/diameter/base-messages.ts';
import { readCea } from '../../src/diameter/capabilities.ts';
import { decodeMessage } from '../../src/diameter/codec/decode.ts';
import { encodeMessage } from '../../src/diameter/codec/encode.ts';
import { readCca } from '../../src/diameter/cca.ts';
import { createFramer } from '../../src/diameter/framing.ts';
import { COMMAND, type Incoming } from '../../src/diameter/message.ts';
import { aCharge, bench, nodeSettings, peerSettings } from '../diameter/bench.ts';
import { golden } from '../diameter/golden.ts';
import { requestFrom, scriptedPeer } from '../diameter/scripted-peer.ts';
import type { Random } from './random.ts';
import { mutate, seeded, split } from './random.ts';
import type { Fuzz, FuzzOptions, FuzzReport } from './report.ts';
import { GROWTH, heapMiB, Tally } from './report.ts';

const BATCH = 500;
const LONGEST = 65_536;

const folder = new URL('../golden/diameter/', import.meta.url);
const seeds = readdirSync(folder).map((file) => golden(file.replace(/\.hex$/, '')));

const self: Self = {
  originHost: 'orderd1.orders.test',
  originRealm: 'orders.test',
  productName: 'orderd',
  vendorId: 0,
  originStateId: 1,
};
const request = aCharge('s');

/** Mutated golden messages, most with a length that fits; random AVPs under a header; random octets. */
function makeCase(random: Random): Buffer {
  const kind = random.below(10);
  if (kind === 0) return random.octets(1 + random.below(64));
  const mutated = kind < 8 ? mutate(random.pick(seeds), random) : randomAvps(random);
  const octets = mutated.subarray(0, mutated.length & ~3);
  if (octets.length >= 20 && random.below(8) !== 0) octets.writeUInt32BE(0x0100_0000 + octets.length, 0);
  return octets;
}

/** AVPs of true codes with lengths of every kind, grouped ones among them. */
function randomAvps(random: Random): Buffer {
  const avps = Array.from({ length: random.below(12) }, () => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(random.pick([263, 264, 268, 279, 284, 297, 413, 429, 431, 445, 447, 456, 9001]), 0);
    const data = random.octets(4 * random.below(8));
    const length = random.below(3) === 0 ? random.below(64) : 8 + data.length;
    header.writeUInt32BE(random.pick([0x40, 0x40, 0x80, 0]) * 0x100_0000 + length, 4);
    return Buffer.concat([header, data]);
  });
  const head = Buffer.from(random.pick(seeds).subarray(0, 20));
  return Buffer.concat([head, ...avps]);
}

/** Everything that is read from a message, and for a request what we would answer. */
function readMessage(message: Incoming): string {
  unknownMandatory(message.avps);
  if (message.header.request) {
    const answer = decodeMessage(encodeMessage(reply(self, message, () => 'idle')));
    if (!answer.ok) throw new Error(`our own answer does not read: ${answer.fault.path}: ${answer.fault.shape}`);
    return 'request';
  }
  readCea(message.avps);
  return readCca(message, request) === undefined ? 'answer without a result' : 'answer';
}

function read(chunks: readonly Buffer[]): string {
  const framer = createFramer();
  let end = 'unfinished';
  for (const chunk of chunks) {
    const { frames, fault } = framer.push(chunk);
    for (const frame of frames) {
      const decoded = decodeMessage(frame);
      end = decoded.ok ? readMessage(decoded.value) : 'broken AVP';
    }
    if (fault !== undefined) return `stream: ${fault.kind}`;
  }
  return end;
}

/** A live client: each batch goes over its connection in random pieces, and then it, or its successor, must answer a DWR. */
async function createLive() {
  const ocs = await scriptedPeer();
  const b = bench(nodeSettings([peerSettings(ocs)]));
  let connections = 1;
  b.client.start();
  await b.untilOpen();

  async function answers(): Promise<boolean> {
    ocs.received.length = 0;
    ocs.send(requestFrom(COMMAND.deviceWatchdog, ocs.originHost));
    for (;;) {
      if (ocs.all('DWA').some(({ header }) => header.hopByHop === 0x5eed)) return true;
      if (ocs.sockets.size === 0) return false;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function reconnect(): Promise<void> {
    connections += 1;
    while (ocs.sockets.size === 0 || b.client.status()[0]?.state !== 'I-Open') {
      b.client.open(); // a need: a case may have been a DPR
      if (b.client.status()[0]?.state === 'Closed') b.clock.advance(30_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    get connections() {
      return connections;
    },
    async play(batch: readonly Buffer[], random: Random): Promise<void> {
      for (const chunk of split(Buffer.concat(batch), random)) ocs.send(chunk);
      while (!(await answers())) await reconnect();
      b.notes.length = 0;
    },
    async close(): Promise<void> {
      const stopped = b.client.stop(1_000);
      b.clock.advance(1_000);
      await stopped;
      await ocs.close();
    },
  };
}

function batchOf(count: number, random: Random, tally: Tally): readonly Buffer[] {
  return Array.from({ length: count }, () => {
    const octets = makeCase(random);
    const chunks = random.below(2) === 0 ? [octets] : split(Buffer.concat([random.pick(seeds), octets]), random);
    tally.run(octets, () => read(chunks));
    return octets;
  });
}

/** The cases whose length is their own, so that each is read; every fourth batch ends with one that loses the stream. */
function whole(batch: readonly Buffer[], random: Random): readonly Buffer[] {
  const claimed = (octets: Buffer): number => (octets.length >= 20 && octets[0] === 1 ? octets.readUIntBE(1, 3) : 0);
  const framed = batch.filter((octets) => claimed(octets) === octets.length);
  const rest = batch.find((octets) => claimed(octets) > LONGEST);
  return rest !== undefined && random.below(4) === 0 ? [...framed, rest] : framed;
}

export const fuzz: Fuzz = async ({ cases, seed, progress }: FuzzOptions): Promise<FuzzReport> => {
  const [random, tally, start] = [seeded(seed), new Tally(), performance.now()];
  const live = await createLive();
  let [done, batches, early] = [0, 0, heapMiB()];
  while (done < cases) {
    const batch = batchOf(Math.min(BATCH, cases - done), random, tally);
    await live.play(whole(batch, random), random);
    done += batch.length;
    batches += 1;
    if (batches === Math.ceil(cases / BATCH / 10)) early = heapMiB();
    progress(done);
  }
  const heap = { early, end: heapMiB() };
  if (heap.end - heap.early > GROWTH) tally.fail(`the heap grew from ${heap.early} to ${heap.end} MiB`);
  const connections = live.connections;
  await live.close();
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const { ends, slowest, failures } = tally;
  return { cases, seed, seconds, ends, batches, connections, slowest, heap, failures };
};
