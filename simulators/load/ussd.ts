/**
 * USSD dialogues of the load: what a subscriber dials and types as deliver_sm, and what the peer's submit_sm does to the
 * dialogue. Sessions are named by the book, its_session_info (SMPP 3.4 section 5.3.2.43).
 */
import { TAG, uintTlv } from '../smpp/tlv.ts';
import type { Addresses, Template } from './pdus.ts';
import { fromHandset } from './pdus.ts';
import type { Script } from './plan.ts';

/** ussd_service_op (SMPP 3.4 section 5.3.2.44). */
export const USSD_OP = { dial: 1, ask: 2, reply: 18 } as const;

/** A script whose first text is a code to dial. */
export const isUssd = ([first]: Script): boolean => first !== undefined && /^\*[\d*]+#$/.test(first);

/** The turn `step` of a dialogue, from 0; its session octet is the subscriber's. */
export function turnTemplate({ prefix }: Addresses, script: Script, step: number, text: string): Template {
  const code = /\d+/.exec(script[0] ?? '')?.[0] ?? '';
  const template = fromHandset(
    { prefix, shortCode: code },
    {
      short: Buffer.from(text, 'latin1'),
      serviceType: 'USSD',
      // Octet 2: the turn's sequence in bits 7-1, the end in bit 0.
      tlvs: [
        uintTlv(TAG.ussd_service_op, step === 0 ? USSD_OP.dial : USSD_OP.reply, 1),
        { tag: TAG.its_session_info, value: Uint8Array.of(0, (step + 1) << 1) },
      ],
    },
  );
  return { ...template, sessionAt: template.frame.length - 2 };
}

/** The value of a submit_sm's ussd_service_op; undefined: the text is none of a dialogue. `tlvs` is where its TLVs begin. */
export function serviceOp(bytes: Buffer, tlvs: number, end: number): number | undefined {
  for (let at = tlvs; at + 4 < end; at += 4 + bytes.readUInt16BE(at + 2))
    if (bytes.readUInt16BE(at) === TAG.ussd_service_op) return bytes[at + 4];
  return undefined;
}

/** Whether the peer's word leaves the dialogue such that `script` can go on after `step`. */
export function goesOn(op: number | undefined, script: Script, step: number): boolean {
  return op === USSD_OP.ask || (op !== undefined && step === script.length - 1);
}
