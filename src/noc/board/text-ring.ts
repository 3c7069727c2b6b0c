/**
 * The newest lines within so many octets: for what is written all the time and seldom read. The garbage collector has one buffer
 * of it to look at, where a list of objects would be moved twice and then looked through for as long as it is kept.
 */
export interface TextRing {
  /** One that could be longer than the whole ring is not kept; a line end within it becomes a space. */
  add(line: string): void;
  /** Those that hold `part`, oldest first. Looks through all of it. */
  holding(part: string): readonly string[];
}

const END = 0x0a;
/** Octets of a UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;

export function createTextRing(octets: number): TextRing {
  const ring = Buffer.alloc(octets);
  let head = 0;

  /** What was there before the last time round ends at the buffer's end; the line under the head has lost its beginning. */
  function older(): Buffer {
    const end = ring.indexOf(END, head);
    return ring.subarray(end < 0 ? octets : end + 1);
  }

  return {
    add(text) {
      const line = text.includes('\n') ? text.replaceAll('\n', ' ') : text;
      const room = line.length * WIDEST + 1;
      if (room > octets) return;
      if (head + room > octets) {
        ring.fill(0, head);
        head = 0;
      }
      head += ring.write(line, head);
      head = ring.writeUInt8(END, head);
    },
    holding: (part) => [...linesWith(older(), part), ...linesWith(ring.subarray(0, head), part)],
  };
}

function linesWith(lines: Buffer, part: string): readonly string[] {
  const found: string[] = [];
  for (let at = lines.indexOf(part); at >= 0;) {
    const begin = at === 0 ? 0 : lines.lastIndexOf(END, at - 1) + 1;
    const end = lines.indexOf(END, at);
    if (end < 0) break;
    found.push(lines.toString('utf8', begin, end));
    at = lines.indexOf(part, end + 1);
  }
  return found;
}
