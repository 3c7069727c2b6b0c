import { expect, test } from 'vitest';
import { parseFlags } from '../../../simulators/load/flags.ts';
import { frameWalker, SMPP_FRAMES } from '../../../simulators/load/frames.ts';
import { parseKind, parseMix, spread } from '../../../simulators/load/plan.ts';
import { Tally } from '../../../simulators/load/tally.ts';

test('kinds come as often as their weights say, spread evenly', () => {
  const next = spread(parseMix('notice=95,otp=5'));
  const drawn = Array.from({ length: 200 }, next);
  expect(drawn.filter((kind) => kind === 1)).toHaveLength(10);
  for (let at = 0; at < 200; at += 20) expect(drawn.slice(at, at + 20).filter((kind) => kind === 1)).toHaveLength(1);
});

test('a kind of one’s own is a name and its texts', () => {
  const own = Object.fromEntries([parseKind('twice=NEWS|NEWS')]);
  expect(parseMix('twice', own)).toEqual([{ kind: 'twice', script: ['NEWS', 'NEWS'], weight: 1 }]);
});

test.each([
  [['--mix', 'nothing'], /nothing is none of notice/],
  [['--mix', 'notice=0'], /the weight of notice/],
  [['--kind', 'x'], /x is not name=TEXT/],
  [['--window', '0'], /--window 0: wants a whole number from 1/],
  [['--rate', 'fast'], /--rate fast/],
  [['--warmup', '3'], /--warmup 3: wants a time/],
  [['--prefix', '12345678'], /--prefix/],
  [['--what'], /--what/],
])('%j is refused with a reason', (args, reason) => {
  const command = parseFlags(args);
  expect(command.kind === 'wrong' ? command.reason : '').toMatch(reason);
});

test('frames are cut wherever the stream was', () => {
  const frame = (body: string): Buffer => {
    const bytes = Buffer.alloc(16 + body.length);
    bytes.writeUInt32BE(bytes.length, 0);
    bytes.write(body, 16);
    return bytes;
  };
  const stream = Buffer.concat([frame('one'), frame(''), frame('three')]);
  for (let cut = 1; cut < stream.length; cut++) {
    const bodies: string[] = [];
    const walk = frameWalker(SMPP_FRAMES, (bytes, offset, end) =>
      bodies.push(bytes.toString('latin1', offset + 16, end)),
    );
    walk(stream.subarray(0, cut));
    walk(stream.subarray(cut));
    expect(bodies).toEqual(['one', '', 'three']);
  }
  expect(() => frameWalker(SMPP_FRAMES, () => undefined)(Buffer.alloc(16))).toThrow(/a frame of 0 octets/);
});

test('only what was due in the measured time is measured, and it is measured from then', () => {
  const tally = new Tally(1);
  tally.measure(1000, 2000);
  tally.answered(0, 999, 1500);
  tally.answered(0, 1000, 1005);
  tally.answered(0, 1999, 2999);
  tally.answered(0, 2000, 2001);
  expect(tally.counts.replies).toBe(4);
  const { count, p50, max } = tally.latency(0);
  expect(count).toBe(2);
  expect(p50).toBeCloseTo(5, 1);
  expect(max).toBeGreaterThanOrEqual(999);
});
