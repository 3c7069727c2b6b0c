/** The null sink: a peer that answers every text with one pre-encoded text, and does nothing else. It shows what the load can offer. */
import { connect } from 'node:net';
import { encode } from '../smpp/codec.ts';
import { pdu } from '../smpp/pdu.ts';
import { frameWalker, SMPP_FRAMES } from './frames.ts';
import { Outgoing } from './outgoing.ts';
import type { Tlv } from '../smpp/tlv.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';
import { bareResponse, COMMAND } from './pdus.ts';
import { serviceOp, USSD_OP } from './ussd.ts';

export interface SinkSettings {
  readonly host: string;
  readonly port: number;
  readonly prefix: string;
  readonly shortCode: string;
}

const DELIVER_SM = 0x00000005;
const NUMBER_DIGITS = 8;
const ANSWER = 'Daily Headlines by Daily Planet Media is ordered: KES 5.00 a day. To stop it, send STOP NEWS to 5000.';

const DELIVER_RESP = encode(pdu('deliver_sm_resp', 0));

const USSD_TLVS: readonly Tlv[] = [
  uintTlv(TAG.ussd_service_op, USSD_OP.ask, 1),
  { tag: TAG.its_session_info, value: Uint8Array.of(0, 0) },
];

function answerTemplate({ prefix, shortCode }: SinkSettings, tlvs: readonly Tlv[] = []): Buffer {
  return encode(
    pdu('submit_sm', 0, {
      fields: {
        source_addr: shortCode,
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: `${prefix}${'0'.repeat(NUMBER_DIGITS)}`,
        registered_delivery: 1,
        short_message: Buffer.from(ANSWER, 'latin1'),
      },
      tlvs,
    }),
  );
}

/** Answers each deliver_sm on `out`; receipts are only acknowledged. */
function answering(settings: SinkSettings, out: Outgoing): (bytes: Buffer, offset: number, end: number) => void {
  const template = answerTemplate(settings);
  const screen = answerTemplate(settings, USSD_TLVS);
  const toAt = template.indexOf(`${settings.prefix}0`, 16, 'latin1');
  const width = settings.prefix.length + NUMBER_DIGITS;
  let sequence = 1;
  return (bytes, offset, end) => {
    const at = out.put(DELIVER_RESP);
    bytes.copy(out.buffer, at + 12, offset + 12, offset + 16);
    const from = bytes.indexOf(0, offset + 16) + 3;
    const to = bytes.indexOf(0, from) + 3;
    const esmClass = bytes.indexOf(0, to) + 1;
    if (((bytes[esmClass] ?? 0) & 0x04) !== 0) return;
    // Behind esm_class, protocol_id, priority_flag and two empty times: four octets, sm_length and the text.
    const tlvs = esmClass + 10 + (bytes[esmClass + 9] ?? 0);
    const asked = serviceOp(bytes, tlvs, end) !== undefined;
    const answer = out.put(asked ? screen : template);
    out.buffer.writeUInt32BE((sequence = (sequence + 1) & 0x7fff_ffff), answer + 12);
    bytes.copy(out.buffer, answer + toAt, from, from + width);
    // The session is the last parameter on both sides.
    if (asked) bytes.copy(out.buffer, answer + screen.length - 2, end - 2, end);
  };
}

/** Resolves once it is bound, with the port that it connected to. */
export async function connectSink(settings: SinkSettings): Promise<number> {
  const socket = connect(settings.port, settings.host);
  const out = new Outgoing(socket);
  const answer = answering(settings, out);
  socket.setNoDelay(true);
  socket.on('error', () => process.exit(0));
  socket.on('close', () => process.exit(0));
  await new Promise<void>((bound) => {
    const walk = frameWalker(SMPP_FRAMES, (bytes, offset, end) => {
      const command = bytes.readUInt32BE(offset + 4);
      if (command === DELIVER_SM) answer(bytes, offset, end);
      else if (command === COMMAND.enquireLink)
        out.put(bareResponse(COMMAND.enquireLinkResp, 0, bytes.readUInt32BE(offset + 12)));
      else if (command === (COMMAND.bindTransceiver | 0x80000000) >>> 0) bound();
    });
    socket.on('data', (chunk) => {
      walk(chunk);
      out.flush();
    });
    socket.once('connect', () => {
      out.put(encode(pdu('bind_transceiver', 1, { fields: { system_id: 'sink', interface_version: 0x34 } })));
      out.flush();
    });
  });
  return settings.port;
}
