import type { Mt } from '../../domain/message.ts';
import type { UssdFrame, UssdSession } from '../../domain/ussd.ts';
import type { Pdu, Tlv } from '../pdu.ts';
import { STATUS, TAG } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';
import { encodeText } from '../text/encode.ts';
import { SESSION_FORMS } from './dialects.ts';
import type { UssdSettings } from './settings.ts';
import { CBS_DEFAULT } from './settings.ts';

/** 160 octets of a USSD string (3GPP TS 24.080): 182 packed septets, or 80 characters of UCS2 (TS 23.038 section 5). */
const MOST = { default: 182, ucs2: 160 } as const;

/** Whether a text is one screen of a handset. */
export function fitsScreen(text: string, defaultAlphabet: LinkSettings['defaultAlphabet']): boolean {
  const { alphabet, units } = encodeText(text, { defaultAlphabet });
  return units.reduce((sum, { cost }) => sum + cost, 0) <= MOST[alphabet];
}

/** How a link's screens are written: under data_coding 15 in GSM 7-bit, else in what the SMSC takes for its default. */
export function screenAlphabet(
  { defaultAlphabet }: LinkSettings,
  { gsm7Coding }: UssdSettings,
): LinkSettings['defaultAlphabet'] {
  return gsm7Coding === CBS_DEFAULT ? 'gsm7' : defaultAlphabet;
}

/** The submit_sm of one USSD operation: never in parts, never with a receipt (SMPP 3.4 4.4.1, 5.3.2.44). */
export function ussdSubmit(
  mt: Mt,
  frame: UssdFrame,
  settings: LinkSettings,
  ussd: UssdSettings,
): Omit<Pdu, 'sequence'> {
  const { alphabet, units } = encodeText(mt.text, { defaultAlphabet: screenAlphabet(settings, ussd) });
  const { sourceTon, sourceNpi, destinationTon, destinationNpi } = settings;
  const service = frame.service ?? { ton: sourceTon, npi: sourceNpi, digits: codeFor(mt.from, ussd) };
  // A gateway may know its dialogues by the handset's number as it wrote it.
  const handset = frame.handset ?? { ton: destinationTon, npi: destinationNpi, digits: mt.to };
  return {
    command: 'submit_sm',
    status: STATUS.ok,
    fields: {
      service_type: 'USSD',
      source_addr_ton: service.ton,
      source_addr_npi: service.npi,
      source_addr: service.digits,
      dest_addr_ton: handset.ton,
      dest_addr_npi: handset.npi,
      destination_addr: handset.digits,
      data_coding: alphabet === 'ucs2' ? ussd.ucs2Coding : ussd.gsm7Coding,
      short_message: Buffer.from(units.flatMap(({ octets }) => octets)),
    },
    tlvs: [{ tag: TAG.ussdServiceOp, value: Buffer.from([frame.op]) }, ...sessionTlvs(frame, ussd)],
  };
}

/** What a push of that short code is from. */
function codeFor(shortCode: string, { codes }: UssdSettings): string {
  return codes.find((code) => code.shortCode === shortCode)?.parts[0] ?? shortCode;
}

function sessionTlvs({ session, ends }: UssdFrame, { dialect }: UssdSettings): readonly Tlv[] {
  if (session === undefined || dialect === 'none') return [];
  return [{ tag: session.tag, value: SESSION_FORMS[dialect].marked(Buffer.from(session.value, 'hex'), ends) }];
}

/** How a dialogue that we open is named; `random` are 4 octets. */
export function freshSession({ dialect, tag }: UssdSettings, random: Uint8Array): UssdSession | undefined {
  if (dialect === 'none') return undefined;
  const form = SESSION_FORMS[dialect];
  const value = form.fresh(Buffer.from(random).readUInt32BE(0));
  return { tag: form.tag ?? tag, value: value.toString('hex'), number: form.number(value) };
}
