/** Cuts a byte stream into frames in place: no copy where a chunk holds whole frames. */

export interface FrameShape {
  /** Octets that must be there before the length can be read. */
  readonly head: number;
  readonly lengthAt: (bytes: Buffer, offset: number) => number;
  readonly longest: number;
}

export type OnFrame = (bytes: Buffer, offset: number, end: number) => void;

/** `onFrame` is called for each whole frame; throws RangeError when the stream has lost its framing. */
export function frameWalker(shape: FrameShape, onFrame: OnFrame): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    while (bytes.length - offset >= shape.head) {
      const length = shape.lengthAt(bytes, offset);
      if (length < shape.head || length > shape.longest) throw new RangeError(`a frame of ${length} octets`);
      if (bytes.length - offset < length) break;
      onFrame(bytes, offset, offset + length);
      offset += length;
    }
    rest = offset === bytes.length ? undefined : bytes.subarray(offset);
  };
}

/** SMPP 3.4 section 3.2. */
export const SMPP_FRAMES: FrameShape = {
  head: 16,
  lengthAt: (bytes, offset) => bytes.readUInt32BE(offset),
  longest: 70_000,
};

/** RFC 6733 section 3. */
export const DIAMETER_FRAMES: FrameShape = {
  head: 20,
  lengthAt: (bytes, offset) => bytes.readUInt32BE(offset) & 0xff_ffff,
  longest: 65_536,
};
