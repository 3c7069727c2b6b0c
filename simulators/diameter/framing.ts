/** Cuts a TCP byte stream into Diameter messages, however it was split or joined. */
import { HEADER_LENGTH } from './message.ts';

export type Framed =
  | { readonly kind: 'frames'; readonly frames: readonly Buffer[] }
  /** The length cannot be believed, so where the next message starts is unknown: the connection must go. */
  | { readonly kind: 'lost'; readonly frames: readonly Buffer[]; readonly reason: string; readonly header: Buffer };

export interface Framer {
  push(bytes: Buffer): Framed;
}

/** RFC 6733 section 3: the length counts the header and is a multiple of 4. `max` in octets. */
export function createFramer(max = 1_048_576): Framer {
  let held: Buffer = Buffer.alloc(0);

  function take(frames: Buffer[]): string | undefined {
    while (held.length >= 4) {
      const length = held.readUIntBE(1, 3);
      if (length < HEADER_LENGTH || length % 4 !== 0)
        return `message length ${length} is below 20 or not a multiple of 4`;
      if (length > max) return `message length ${length} is above the limit of ${max} octets`;
      if (held.length < length) return undefined;
      frames.push(held.subarray(0, length));
      held = held.subarray(length);
    }
    return undefined;
  }

  return {
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const frames: Buffer[] = [];
      const reason = take(frames);
      return reason === undefined ? { kind: 'frames', frames } : { kind: 'lost', frames, reason, header: held };
    },
  };
}
