/** Bytes of a message, made by the package's encoder from our indexed dictionary and mended types. */
import codec from 'diameter/lib/diameter-codec.js';
import './types.ts';
import '../dictionary/dictionary.ts';
import type { Outgoing } from '../message.ts';

/** Throws for an AVP name that the dictionary lacks: names come from our code or from a template checked at start. */
export function encodeMessage({ header, fields }: Outgoing): Uint8Array {
  return codec.encodeMessage({
    header: {
      version: 1,
      commandCode: header.command,
      flags: {
        request: header.request,
        proxiable: header.proxiable,
        error: header.error,
        potentiallyRetransmitted: header.retransmit,
      },
      applicationId: header.application,
      hopByHopId: header.hopByHop,
      endToEndId: header.endToEnd,
    },
    body: fields,
  });
}
