/**
 * A frame into a record. The package's header and type readers are used; its AVP walk is not, because it loops for ever
 * on AVP length 0, throws a whole answer away for one unknown AVP, and forgets the M bit (docs/adr).
 */
import codec from 'diameter/lib/diameter-codec.js';
import { fault, ok, type Result } from '../../lib/result.ts';
import { readAvps, type RawAvp } from '../guard.ts';
import type { Avp, AvpValue, Header, Incoming, MessageFault } from '../message.ts';
import { decodeValue } from './types.ts';

const HEADER = 20;

function valueOf({ entry, data, members }: RawAvp): AvpValue {
  if (members !== undefined) return members.map(avpOf);
  return entry === undefined || entry.type === 'Grouped' ? data : decodeValue(entry.type, data);
}

function avpOf(raw: RawAvp): Avp {
  return {
    name: raw.name,
    known: raw.entry !== undefined,
    mandatory: raw.mandatory,
    value: valueOf(raw),
    bytes: raw.bytes,
  };
}

function headerOf(frame: Buffer): Header {
  const { header } = codec.decodeMessageHeader(frame);
  return {
    request: header.flags.request,
    proxiable: header.flags.proxiable,
    error: header.flags.error,
    retransmit: header.flags.potentiallyRetransmitted,
    command: header.commandCode,
    application: header.applicationId,
    hopByHop: header.hopByHopId,
    endToEnd: header.endToEndId,
  };
}

/** `frame` is one whole message as the framer cut it. The record refers to its octets. */
export function decodeMessage(frame: Uint8Array): Result<Incoming, MessageFault> {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  const header = headerOf(bytes);
  const read = readAvps(bytes.subarray(HEADER), !header.request);
  if ('path' in read) return fault({ header, ...read, before: read.before.map(avpOf) });
  return ok({ header, avps: read.avps.map(avpOf), odd: read.odd });
}
