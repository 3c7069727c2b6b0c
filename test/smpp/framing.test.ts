import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFramer } from '../../src/smpp/framing.ts';
import { golden, goldenNames } from './support/golden.ts';

const frames = goldenNames()
  .filter((name) => !name.startsWith('hostile-'))
  .map((name) => golden(name));
const stream = Buffer.concat(frames);

function cutAt(places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...[...places].sort((left, right) => left - right), stream.length];
  return sorted.slice(1).map((end, index) => stream.subarray(sorted[index], end));
}

describe('framing', () => {
  it('cuts the same PDUs however the stream is split', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 60 }), (places) => {
        const framer = createFramer(0x20000);
        const cut = cutAt(places).flatMap((chunk) => framer.push(chunk).frames);
        expect(cut.map((frame) => frame.toString('hex'))).toEqual(frames.map((frame) => frame.toString('hex')));
        expect(framer.held).toBe(0);
      }),
    );
  });

  it('takes one octet at a time', () => {
    const framer = createFramer(0x20000);
    let count = 0;
    for (const octet of stream) count += framer.push(Buffer.from([octet])).frames.length;
    expect(count).toBe(frames.length);
  });

  it.each([
    ['hostile-http', 'http'],
    ['hostile-tls', 'tls'],
    ['hostile-length-0', 'too-short'],
    ['hostile-length-4', 'too-short'],
    ['hostile-length-8', 'too-short'],
  ])('%s ends the stream as %s, after the good PDU before it', (name, kind) => {
    const framer = createFramer(0x20000);
    const { frames: cut, fault } = framer.push(Buffer.concat([golden('enquire_link'), golden(name)]));
    expect(cut).toEqual([golden('enquire_link')]);
    expect(fault?.kind).toBe(kind);
    expect(framer.push(golden('enquire_link'))).toEqual({ frames: [], fault });
  });

  it('takes a PDU of exactly the cap and refuses one octet more without waiting for it', () => {
    const atCap = Buffer.alloc(100);
    atCap.writeUInt32BE(100, 0);
    expect(createFramer(100).push(atCap)).toEqual({ frames: [atCap], fault: undefined });
    const beyond = Buffer.from([0, 0, 0, 101]);
    expect(createFramer(100).push(beyond).fault).toEqual({ kind: 'too-long', length: 101 });
  });

  it('knows text that is no web server', () => {
    expect(createFramer(100).push(Buffer.from('SSH-2.0-x\r\n')).fault?.kind).toBe('text');
  });
});
