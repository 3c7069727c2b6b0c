/** SMPP 3.4 3.2: command_length counts itself and the rest of the header. */
const HEADER = 16;

/** The stream is lost: nothing after these octets can be trusted, so the connection must go. */
export interface FramingFault {
  readonly kind: 'too-short' | 'too-long' | 'http' | 'tls' | 'text';
  /** The four octets that should have been command_length. */
  readonly length: number;
}

/** Cuts a byte stream into PDUs, however the network split or joined it. */
export interface Framer {
  /** The PDUs that `chunk` completed, and why the stream ended if it did; after a fault nothing more is cut. */
  push(chunk: Buffer): { readonly frames: readonly Buffer[]; readonly fault: FramingFault | undefined };
  /** Octets held back for an unfinished PDU. */
  readonly held: number;
}

/** Record type handshake or alert, then version 3.x. */
const TLS_RECORD = /^1[56]030[0-4]/;

function faultOf(length: number, cap: number): FramingFault | undefined {
  if (length >= HEADER && length <= cap) return undefined;
  const start = Buffer.alloc(4);
  start.writeUInt32BE(length);
  if (length < HEADER) return { kind: 'too-short', length };
  if (/^(HTTP|GET |POST|HEAD|PUT |OPTI)/.test(start.toString('latin1'))) return { kind: 'http', length };
  if (TLS_RECORD.test(start.toString('hex'))) return { kind: 'tls', length };
  return { kind: /^[\t\r\n\x20-\x7e]{4}$/.test(start.toString('latin1')) ? 'text' : 'too-long', length };
}

/** `cap` is the longest PDU taken, in octets; never more than that is held. Chunks are joined once per PDU. */
export function createFramer(cap: number): Framer {
  let chunks: Buffer[] = [];
  let held = 0;
  let broken: FramingFault | undefined;

  function cut(): Buffer[] {
    const frames: Buffer[] = [];
    let rest = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, held);
    while (rest.length >= 4) {
      const length = rest.readUInt32BE(0);
      broken = faultOf(length, cap);
      if (broken !== undefined || rest.length < length) break;
      frames.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    chunks = rest.length === 0 ? [] : [rest];
    held = rest.length;
    return frames;
  }

  /** Octets without which joining would be wasted; a length that is a fault is one at once. */
  function wanted(): number {
    const first = chunks[0];
    if (first === undefined || first.length < 4) return 4;
    const length = first.readUInt32BE(0);
    return faultOf(length, cap) === undefined ? length : 4;
  }

  return {
    get held() {
      return held;
    },
    push(chunk) {
      if (broken !== undefined) return { frames: [], fault: broken };
      chunks.push(chunk);
      held += chunk.length;
      if (held < wanted()) return { frames: [], fault: undefined };
      return { frames: cut(), fault: broken };
    },
  };
}
