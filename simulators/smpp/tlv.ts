// Optional parameters: SMPP 3.4 section 5.3.2, SMPP 5.0 section 4.8.4.
import { hex } from './status.ts';

export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

type TlvType = 'uint' | 'cstring' | 'octets';

interface TlvSpec {
  readonly name: string;
  readonly type: TlvType;
}

export const TAG = {
  dest_addr_subunit: 0x0005,
  source_addr_subunit: 0x000d,
  receipted_message_id: 0x001e,
  user_message_reference: 0x0204,
  source_port: 0x020a,
  destination_port: 0x020b,
  sar_msg_ref_num: 0x020c,
  language_indicator: 0x020d,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  sc_interface_version: 0x0210,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  more_messages_to_send: 0x0426,
  message_state: 0x0427,
  congestion_state: 0x0428,
  ussd_service_op: 0x0501,
  its_session_info: 0x1383,
} as const;

const types: Readonly<Record<number, TlvType>> = {
  [TAG.receipted_message_id]: 'cstring',
  [TAG.network_error_code]: 'octets',
  [TAG.message_payload]: 'octets',
  [TAG.its_session_info]: 'octets',
};

const specs = new Map<number, TlvSpec>(
  Object.entries(TAG).map(([name, tag]) => [tag, { name, type: types[tag] ?? 'uint' }]),
);

/** The parameter's name, or its tag in hex when this table does not know it (vendors use 0x1400 to 0x3FFF). */
export const tlvName = (tag: number): string => specs.get(tag)?.name ?? hex(tag, 4);

const toBuffer = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/** The value in its declared type: a number for 1 to 4 octets, text without its NUL, else the octets as they are. */
export function tlvValue(tlv: Tlv): number | string | Uint8Array {
  const type = specs.get(tlv.tag)?.type ?? 'octets';
  if (type === 'uint' && tlv.value.length >= 1 && tlv.value.length <= 4) {
    return toBuffer(tlv.value).readUIntBE(0, tlv.value.length);
  }
  if (type === 'cstring') return toBuffer(tlv.value).toString('latin1').replace(/\0$/, '');
  return tlv.value;
}

/** `width` in octets: 1, 2 or 4. */
export function uintTlv(tag: number, value: number, width: 1 | 2 | 4): Tlv {
  const octets = Buffer.alloc(width);
  octets.writeUIntBE(value, 0, width);
  return { tag, value: octets };
}

export const textTlv = (tag: number, text: string): Tlv => ({ tag, value: Buffer.from(`${text}\0`, 'latin1') });
