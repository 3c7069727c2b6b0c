// What a submit_sm, deliver_sm or data_sm says to the handset: its text, its place in a longer one, how it is shown.
import type { Charset } from './data-coding.ts';
import { charsetOf, isFlash } from './data-coding.ts';
import { alphabetOf, shiftOf } from './national.ts';
import type { Pdu } from './pdu.ts';
import { intField, intTlv, octetsField, tlvOf } from './pdu.ts';
import { decodeText } from './text.ts';
import { TAG } from './tlv.ts';
import { concatOf, readUdh } from './udh.ts';
import type { Concat } from './udh.ts';

export interface UserData {
  readonly text: string;
  readonly dataCoding: number;
  readonly flash: boolean;
  readonly concat?: Concat;
}

/** Why a message cannot be read, in the standard's status. */
export type UserDataFault = 'ESME_RINVESMCLASS' | 'ESME_ROPTPARNOTALLWD' | 'ESME_RINVOPTPARAMVAL';

const UDHI = 0x40;
/** dest_addr_subunit 1: the mobile's display (SMPP 3.4 section 5.3.2.1). */
const SUBUNIT_DISPLAY = 1;

function sarOf(pdu: Pdu): Concat | undefined {
  const ref = intTlv(pdu, TAG.sar_msg_ref_num);
  if (ref === undefined) return undefined;
  return { ref, total: intTlv(pdu, TAG.sar_total_segments) ?? 0, part: intTlv(pdu, TAG.sar_segment_seqnum) ?? 0 };
}

const isPlaced = ({ total, part }: Concat): boolean => total >= 1 && part >= 1 && part <= total;

/** A user data header may open short_message or message_payload; the two fields together are refused. */
function octetsOf(pdu: Pdu): ReturnType<typeof readUdh> | UserDataFault {
  const payload = tlvOf(pdu, TAG.message_payload)?.value;
  const short = octetsField(pdu, 'short_message');
  if (payload !== undefined && short.length > 0) return 'ESME_ROPTPARNOTALLWD';
  const octets = payload ?? short;
  return (intField(pdu, 'esm_class') & UDHI) === 0 ? { elements: [], rest: octets } : readUdh(octets);
}

export function userDataOf(pdu: Pdu, charset0: Charset): UserData | UserDataFault {
  const octets = octetsOf(pdu);
  if (octets === undefined) return 'ESME_RINVESMCLASS';
  if (typeof octets === 'string') return octets;
  const concat = concatOf(octets.elements) ?? sarOf(pdu);
  if (concat !== undefined && !isPlaced(concat)) return 'ESME_RINVOPTPARAMVAL';
  const dataCoding = intField(pdu, 'data_coding');
  return {
    text: decodeText(octets.rest, charsetOf(dataCoding, charset0), alphabetOf(shiftOf(octets.elements))),
    dataCoding,
    flash: isFlash(dataCoding) || intTlv(pdu, TAG.dest_addr_subunit) === SUBUNIT_DISPLAY,
    ...(concat === undefined ? {} : { concat }),
  };
}
