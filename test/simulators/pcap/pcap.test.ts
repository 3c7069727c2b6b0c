import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPcap, type Pcap } from '../../../simulators/pcap/pcap.ts';
import { tsharkMissing } from './tshark.ts';

let folder: string;
let file: string;
let pcap: Pcap;
/** 2026-01-02T03:04:05.678901Z, in microseconds. */
const MICROS = 1_767_323_045_678_901;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcap-'));
  file = join(folder, 'f.pcap');
  pcap = openPcap(file, () => MICROS);
});

afterEach(async () => {
  await pcap.close();
  rmSync(folder, { recursive: true });
});

interface Frame {
  readonly fromPort: number;
  readonly toPort: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly payload: Buffer;
  readonly micros: number;
}

/** A reader written from the format, not from the writer. */
function frames(): Frame[] {
  const bytes = readFileSync(file);
  const found: Frame[] = [];
  for (let at = 24; at < bytes.length;) {
    const length = bytes.readUInt32LE(at + 8);
    const tcp = bytes.subarray(at + 16 + 34, at + 16 + length);
    found.push({
      micros: bytes.readUInt32LE(at) * 1_000_000 + bytes.readUInt32LE(at + 4),
      fromPort: tcp.readUInt16BE(0),
      toPort: tcp.readUInt16BE(2),
      seq: tcp.readUInt32BE(4),
      ack: tcp.readUInt32BE(8),
      flags: tcp.readUInt8(13),
      payload: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
    });
    at += 16 + length;
  }
  return found;
}

describe('a fabricated TCP conversation', () => {
  it('opens with a file header: magic of microseconds, version 2.4, Ethernet', () => {
    expect(readFileSync(file).toString('hex')).toBe(
      'd4c3b2a1' + '0200' + '0400' + '00000000' + '00000000' + 'ffff0000' + '01000000',
    );
  });

  it('shakes hands, carries both ways, says FIN both ways, and its numbers add up', () => {
    const talk = pcap.conversation(3868, 41_000);
    talk.fromClient(Buffer.from('hello'));
    talk.fromServer(Buffer.from('hi'));
    talk.close();
    const told = frames().map((f) => [f.fromPort, f.flags, f.seq, f.ack, f.payload.toString()]);
    expect(told).toEqual([
      [41_000, 0x02, 1000, 0, ''],
      [3868, 0x12, 5000, 1001, ''],
      [41_000, 0x10, 1001, 5001, ''],
      [41_000, 0x18, 1001, 5001, 'hello'],
      [3868, 0x18, 5001, 1006, 'hi'],
      [41_000, 0x11, 1006, 5003, ''],
      [3868, 0x11, 5003, 1007, ''],
      [41_000, 0x10, 1007, 5004, ''],
    ]);
    expect(frames().every((f) => f.micros === MICROS)).toBe(true);
  });

  it('cuts a big write into segments of at most 1460 octets that join to the same bytes', () => {
    const talk = pcap.conversation(2775);
    const big = Buffer.from(Array.from({ length: 100_001 }, (_, i) => i % 251));
    talk.fromServer(big);
    const carried = frames().filter((f) => f.payload.length > 0);
    expect(Math.max(...carried.map((f) => f.payload.length))).toBe(1460);
    expect(Buffer.concat(carried.map((f) => f.payload)).equals(big)).toBe(true);
  });

  it('is on disk before close, so a killed process loses nothing', () => {
    pcap.conversation(2775).fromClient(Buffer.from([1]));
    expect(frames().length).toBe(4);
  });

  it('gives each conversation its own client port', () => {
    pcap.conversation(2775);
    pcap.conversation(2775);
    expect(new Set(frames().flatMap((f) => [f.fromPort, f.toPort])).size).toBe(3);
  });

  it('writes nothing after its close, and no empty segment', () => {
    const talk = pcap.conversation(2775);
    talk.fromClient(new Uint8Array(0));
    talk.close();
    const before = frames().length;
    talk.fromClient(Buffer.from('late'));
    talk.close();
    expect(frames().length).toBe(before);
    expect(before).toBe(6);
  });

  it.skipIf(tsharkMissing())('tshark finds right checksums, no lost or repeated segment, no full window', () => {
    const talk = pcap.conversation(9, 41_001);
    talk.fromClient(Buffer.alloc(300_001, 0x41));
    talk.fromServer(Buffer.alloc(77));
    talk.close();
    const options = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    const faults =
      '_ws.malformed or _ws.expert.severity >= warning or tcp.checksum.status != 1 or ip.checksum.status != 1';
    expect(execFileSync('tshark', ['-r', file, ...options, '-Y', faults], { encoding: 'utf8' })).toBe('');
  });
});
