/** Messages out of a byte stream (RFC 6733 section 3: version, 24-bit length that counts the header, multiple of 4). */

/** A message beyond this is not one of credit control; longer claims reset the stream instead of filling memory. */
export const MAX_MESSAGE = 65_536;
const HEADER = 20;

export interface FrameFault {
  readonly kind: 'version' | 'length';
  readonly shape: string;
}

export interface Framed {
  /** Whole messages, also those before a fault. */
  readonly frames: readonly Uint8Array[];
  /** The stream cannot be read on: its framing is lost. */
  readonly fault: FrameFault | undefined;
}

export interface Framer {
  push(chunk: Buffer): Framed;
}

function lengthShape(length: number, limit: number): string | undefined {
  if (length < HEADER) return `message length ${length} below the header's ${HEADER}`;
  if (length % 4 !== 0) return `message length ${length} no multiple of 4`;
  return length > limit ? `message length ${length} beyond the limit of ${limit}` : undefined;
}

function readLength(bytes: Buffer, limit: number): number | FrameFault {
  const version = bytes.readUInt8(0);
  if (version !== 1) return { kind: 'version', shape: `version ${version} where 1 is due` };
  const length = bytes.readUIntBE(1, 3);
  const shape = lengthShape(length, limit);
  return shape === undefined ? length : { kind: 'length', shape };
}

/** Joins only when a whole message is there, so that a message sent byte by byte costs no more than its length. */
export function createFramer(limit: number = MAX_MESSAGE): Framer {
  let chunks: Buffer[] = [];
  let size = 0;
  let due = 4;
  let fault: FrameFault | undefined;

  function cut(joined: Buffer): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    let at = 0;
    due = 4;
    while (joined.length - at >= due) {
      const length = readLength(joined.subarray(at), limit);
      if (typeof length !== 'number') {
        fault = length;
        break;
      }
      due = length;
      if (joined.length - at < length) break;
      frames.push(joined.subarray(at, at + length));
      at += length;
      due = 4;
    }
    chunks = at === joined.length ? [] : [joined.subarray(at)];
    size = joined.length - at;
    return frames;
  }

  return {
    push(chunk) {
      if (fault !== undefined) return { frames: [], fault };
      chunks.push(chunk);
      size += chunk.length;
      if (size < due) return { frames: [], fault: undefined };
      const frames = cut(chunks.length === 1 ? chunk : Buffer.concat(chunks, size));
      return { frames, fault };
    },
  };
}
