// Framing of the byte stream: command_length counts itself (SMPP 3.4 section 3.2.1).

export const HEADER_OCTETS = 16;
/** Our own limit: a header, the fields, and a message_payload of 65535 octets with room to spare. */
const MAX_PDU_OCTETS = 0x14000;

export interface Frames {
  readonly frames: readonly Buffer[];
  /** Set when a length cannot be one; nothing after it can be read, so the connection must end. */
  readonly broken?: { readonly length: number; readonly header: Buffer };
}

export type FrameReader = (chunk: Uint8Array) => Frames;

/** A reader for one direction of one connection: hand it chunks of any size, it gives back whole PDUs. */
export function frameReader(): FrameReader {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const all = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const frames: Buffer[] = [];
    let offset = 0;
    while (all.length - offset >= 4) {
      const length = all.readUInt32BE(offset);
      if (length < HEADER_OCTETS || length > MAX_PDU_OCTETS) {
        rest = Buffer.alloc(0);
        return { frames, broken: { length, header: all.subarray(offset, offset + HEADER_OCTETS) } };
      }
      if (all.length - offset < length) break;
      frames.push(all.subarray(offset, offset + length));
      offset += length;
    }
    rest = all.subarray(offset);
    return { frames };
  };
}
