import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextRing } from '../../src/noc/board/text-ring.ts';

describe('a ring of text', () => {
  it('gives the lines that hold something, oldest first, each once', () => {
    const ring = createTextRing(1000);
    for (const line of ['a one', 'b two', 'a three a', 'ä four a']) ring.add(line);
    expect(ring.holding('a')).toEqual(['a one', 'a three a', 'ä four a']);
    expect(ring.holding('five')).toEqual([]);
  });

  it('keeps a line as one, and none that it has no room for', () => {
    const ring = createTextRing(30);
    ring.add('one\ntwo');
    ring.add('x'.repeat(10));
    expect(ring.holding('')).toEqual(['one two']);
  });

  it('forgets what the last time round left behind its end, which is older than what it wrote over', () => {
    const ring = createTextRing(40);
    for (let number = 10; number < 24; number++) ring.add(`a${number}`);
    ring.add(`a${'x'.repeat(9)}`);
    expect(ring.holding('a')).toEqual(['a21', 'a22', 'a23', `a${'x'.repeat(9)}`]);
  });

  it('holds the newest, whole and in order, however often it was filled', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (texts) => {
        const ring = createTextRing(200);
        const lines = texts.map((text, at) => `${at}:${text}`);
        for (const one of lines) ring.add(one);
        const kept = ring.holding(':');
        expect(kept).toEqual(lines.slice(lines.length - kept.length));
        // A fifth of it may be given away at its end, and one line at the head.
        const octets = Buffer.byteLength(lines.slice(lines.length - kept.length - 1).join('\n'));
        expect(kept.length === lines.length || octets > 200 - 2 * 48).toBe(true);
      }),
    );
  });
});
