import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFramer, MAX_MESSAGE } from '../../src/diameter/framing.ts';
import { golden } from './golden.ts';

const messages = ['cea', 'cca-2001', 'dwr', 'cca-2002-less'].map(golden);
const stream = Buffer.concat(messages);
const hexes = messages.map((message) => message.toString('hex'));

function cut(chunks: readonly Buffer[]): string[] {
  const framer = createFramer();
  return chunks.flatMap((chunk) => framer.push(chunk).frames.map((frame) => Buffer.from(frame).toString('hex')));
}

describe('RFC 6733 section 3: messages out of a stream', () => {
  test('joined in one segment', () => expect(cut([stream])).toEqual(hexes));

  test('octet by octet', () => expect(cut([...stream].map((octet) => Buffer.of(octet)))).toEqual(hexes));

  test('split in two at every octet', () => {
    for (let at = 0; at <= stream.length; at++)
      expect(cut([stream.subarray(0, at), stream.subarray(at)])).toEqual(hexes);
  });

  test('split anyhow (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
        const points = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const chunks = points.slice(1).map((end, i) => stream.subarray(points[i], end));
        expect(cut(chunks)).toEqual(hexes);
      }),
    );
  });
});

describe('a stream that cannot be read on', () => {
  test.each([
    ['hostile-length-16mb', 'length', 'message length 16777212 beyond the limit of 65536'],
    ['hostile-length-16', 'length', "message length 16 below the header's 20"],
    ['hostile-length-21', 'length', 'message length 21 no multiple of 4'],
    ['hostile-version', 'version', 'version 2 where 1 is due'],
    ['hostile-http', 'version', 'version 72 where 1 is due'],
  ])('%s', (name, kind, shape) => {
    expect(createFramer().push(golden(name))).toEqual({ frames: [], fault: { kind, shape } });
  });

  test('gives the good messages before the fault, and nothing after it', () => {
    const framer = createFramer();
    const pushed = framer.push(Buffer.concat([golden('cca-2001'), golden('hostile-http')]));
    expect(pushed.frames).toHaveLength(1);
    expect(pushed.fault?.kind).toBe('version');
    expect(framer.push(golden('cca-2001'))).toMatchObject({ frames: [], fault: { kind: 'version' } });
  });

  test('the fault is seen at the fourth octet: a 16 MB claim is never waited for', () => {
    const framer = createFramer();
    const head = golden('hostile-length-16mb');
    expect(framer.push(head.subarray(0, 3)).fault).toBeUndefined();
    expect(framer.push(head.subarray(3, 4)).fault?.kind).toBe('length');
  });

  test('the limit itself passes', () => {
    const message = Buffer.alloc(MAX_MESSAGE);
    message.writeUInt32BE(0x01000000 + MAX_MESSAGE);
    expect(createFramer().push(message).frames).toHaveLength(1);
  });
});
