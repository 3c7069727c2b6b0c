import { decodePdu, encodePdu } from '../../src/smpp/codec/codec.ts';
import { createFramer } from '../../src/smpp/framing.ts';
import { checkFrame } from '../../src/smpp/guard.ts';
import { concatKey, moOf, readInbound } from '../../src/smpp/mo/inbound.ts';
import type { Pdu } from '../../src/smpp/pdu.ts';
import { PartJoiner } from '../../src/smpp/mo/reassembly.ts';
import { golden, goldenNames } from '../smpp/support/golden.ts';
import { startRig } from '../smpp/support/gateway.ts';
import { USSD_DIALECTS } from '../../src/smpp/ussd/dialects.ts';
import { linkSettings, ussdSettings } from '../smpp/support/settings.ts';
import type { Peer } from '../smpp/support/smsc.ts';
import { header, ID } from '../smpp/support/smsc.ts';
import type { Random } from './random.ts';
import { mutate, seeded, split } from './random.ts';
import type { Fuzz, FuzzOptions, FuzzReport } from './report.ts';
import { GROWTH, heapMiB, Tally } from './report.ts';

const BATCH = 500;
const LONGEST_PDU = 0x20000;

const seeds = [
  ...goldenNames().map((name) => golden(name)),
  ...goldenNames('ussd').map((name) => golden(name, 'ussd')),
];
const ALPHABETS = ['gsm7', 'latin1', 'ascii'] as const;
/** One link of each dialect of USSD, and of each alphabet that data_coding 0 may mean; they take turns. */
const links = [
  linkSettings({ moIdTlv: 0x1501 }),
  ...USSD_DIALECTS.map((dialect, at) =>
    linkSettings({ ussd: ussdSettings(dialect), defaultAlphabet: ALPHABETS[at % ALPHABETS.length] ?? 'gsm7' }),
  ),
];

type Reading = ReturnType<typeof createReading>;

/** Mutated golden PDUs, most with a command_length that fits; PDUs of random body; random octets. */
function makeCase(random: Random): Buffer {
  const kind = random.below(10);
  if (kind === 0) return random.octets(1 + random.below(64));
  const octets = kind < 8 ? mutate(random.pick(seeds), random) : randomBody(random);
  if (octets.length >= 16 && random.below(8) !== 0) octets.writeUInt32BE(octets.length, 0);
  return octets;
}

function randomBody(random: Random): Buffer {
  const id = random.pick([0x05, 0x103, 0x80000004, 0x80000009, 0x15, 0x06, 0x0b, 0x102, random.below(0x80000000)]);
  return header(id, random.below(300), random.below(0x7fffffff), random.octets(random.below(200)));
}

/** Everything that reads, without sockets: framing, guard, codec, inbound, text, receipts, joining. */
function createReading() {
  const joiner = new PartJoiner<Buffer>({ timeout: 1_000, messages: 100, octets: 100_000 });
  let now = 0;
  let turn = 0;

  function readFrame(frame: Buffer): string {
    const checked = checkFrame(frame);
    if (!checked.ok) return checked.fault.kind;
    const pdu = decodePdu(frame, checked.value);
    if (encodePdu(pdu).length < 16) throw new Error('encoded to less than a header');
    return pdu.command === 'deliver_sm' || pdu.command === 'data_sm' ? readMessage(pdu, frame) : pdu.command;
  }

  function readMessage(pdu: Pdu, frame: Buffer): string {
    const settings = links[turn++ % links.length] ?? linkSettings();
    const inbound = readInbound(pdu, settings);
    if (inbound.kind !== 'part') return inbound.kind;
    const { part } = inbound;
    moOf(part, [part], settings, 0);
    if (part.concat === undefined) return 'mo';
    const key = concatKey(part, part.concat, settings);
    const offered = joiner.offer({ key, concat: part.concat, data: part.data, hold: frame }, now);
    if (offered.kind === 'joined') joiner.finish(key, now % 2 === 0);
    return `part-${offered.kind}`;
  }

  return function read(chunks: readonly Buffer[]): string {
    now += 10;
    joiner.expire(now);
    const framer = createFramer(LONGEST_PDU);
    let end = 'unfinished';
    for (const chunk of chunks) {
      const { frames, fault } = framer.push(chunk);
      for (const frame of frames) end = readFrame(frame);
      if (fault !== undefined) return `stream-${fault.kind}`;
    }
    if (framer.held > LONGEST_PDU) throw new Error(`held ${framer.held} octets`);
    return end;
  };
}

/** A live link: each batch goes over its socket in random pieces, and then it, or its successor, must answer. */
async function createLive() {
  const rig = await startRig({
    reconnectFirst: 1,
    reconnectCap: 2,
    badPasswordDelay: 1,
    responseTimeout: 2_000,
    reassemblyTimeout: 200,
  });
  let peer = await bind();
  let connections = 1;

  async function bind(): Promise<Peer> {
    const next = await rig.smsc.connection();
    await next.acceptBind();
    return next;
  }

  async function answers(sequence: number): Promise<boolean> {
    peer.heard.length = 0;
    peer.send(header(ID.enquireLink, 0, sequence));
    const answered = peer.expect(ID.enquireLinkResp).then((pdu) => pdu.sequence === sequence || answers(sequence));
    return Promise.race([answered, peer.ended().then(() => false)]);
  }

  return {
    get connections() {
      return connections;
    },
    async play(batch: readonly Buffer[], random: Random): Promise<void> {
      for (const chunk of split(Buffer.concat(batch), random)) peer.send(chunk);
      // A case may unbind the link or break its stream: then the next connection must bind and answer.
      while (!(await answers(0x7ffffff0))) {
        connections += 1;
        peer = await bind();
      }
      // The script keeps its connections; here only the live one matters.
      rig.smsc.peers.splice(0, rig.smsc.peers.length - 1);
      rig.notes.length = rig.mos.length = rig.receipts.length = 0;
    },
    close: () => rig.close(),
  };
}

function batchOf(count: number, read: Reading, random: Random, tally: Tally): readonly Buffer[] {
  return Array.from({ length: count }, () => {
    const octets = makeCase(random);
    const before = Buffer.concat([random.pick(seeds), octets]);
    const chunks = random.below(2) === 0 ? [octets] : split(before, random);
    tally.run(octets, () => read(chunks));
    return octets;
  });
}

export const fuzz: Fuzz = async ({ cases, seed, progress }: FuzzOptions): Promise<FuzzReport> => {
  const [random, tally, read, start] = [seeded(seed), new Tally(), createReading(), performance.now()];
  const live = await createLive();
  let [done, batches, early] = [0, 0, heapMiB()];
  while (done < cases) {
    const batch = batchOf(Math.min(BATCH, cases - done), read, random, tally);
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

/** The cases whose length is their own, so that each is read; every fourth batch ends with one that loses the stream. */
function whole(batch: readonly Buffer[], random: Random): readonly Buffer[] {
  const framed = batch.filter((octets) => octets.length >= 16 && octets.readUInt32BE(0) === octets.length);
  const rest = batch.find((octets) => octets.length >= 4 && octets.readUInt32BE(0) > LONGEST_PDU);
  return rest !== undefined && random.below(4) === 0 ? [...framed, rest] : framed;
}
