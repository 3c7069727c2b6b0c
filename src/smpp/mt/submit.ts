import type { Mt } from '../../domain/message.ts';
import type { Pdu } from '../pdu.ts';
import { STATUS } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';
import { encodeText } from '../text/encode.ts';
import type { Carrier } from '../text/split.ts';
import { splitText } from '../text/split.ts';
import { ussdSubmit } from '../ussd/submit.ts';

/** How a text is to be sent this time. */
export interface SubmitForm {
  /** Asked for the concatenation reference of these octets, 0 to 65535, where a text needs more than one part. */
  readonly reference: (octets: Uint8Array) => number;
  /** False for peers that take no TLVs: SAR and payload become a user data header. */
  readonly tlvs: boolean;
  readonly withoutValidity?: boolean;
  readonly asUcs2?: boolean;
}

/** submit_sm without its sequence number. */
export type SubmitSm = Omit<Pdu, 'sequence'>;

/** MC delivery receipt on success and failure (SMPP 3.4 5.2.17). */
const FINAL_RECEIPT = 1;

/** TS 23.038 section 4: class 0 in the general group; the 0xF0 group has no UCS2. */
export const DATA_CODING = {
  default: { plain: 0x00, flash: 0x10 },
  ucs2: { plain: 0x08, flash: 0x18 },
} as const;

/** The submit_sm PDUs of a message, one per part (SMPP 3.4 4.4.1). */
export function submitParts(mt: Mt, settings: LinkSettings, form: SubmitForm): readonly SubmitSm[] {
  if (mt.ussd !== undefined && settings.ussd !== undefined) return [ussdSubmit(mt, mt.ussd, settings, settings.ussd)];
  const text = encodeText(mt.text, alphabetsOf(mt, settings), form.asUcs2 === true);
  const { flash, plain } = DATA_CODING[text.alphabet];
  const coding = mt.channel === 'flash' ? flash : plain;
  const validity = settings.sendValidity && form.withoutValidity !== true ? relativeTime(mt.validityMs) : '';
  return splitText(text, carrierFor(settings.split, form.tlvs), form.reference).map((part) => ({
    command: 'submit_sm',
    status: STATUS.ok,
    fields: {
      service_type: settings.serviceType ?? '',
      source_addr_ton: settings.sourceTon,
      source_addr_npi: settings.sourceNpi,
      source_addr: mt.from,
      dest_addr_ton: settings.destinationTon,
      dest_addr_npi: settings.destinationNpi,
      destination_addr: mt.to,
      esm_class: part.esmClass,
      validity_period: validity,
      registered_delivery: FINAL_RECEIPT,
      data_coding: coding,
      short_message: part.shortMessage,
    },
    tlvs: part.tlvs,
  }));
}

/** A link's word for data_coding 0 says nothing of flash: class 0 of the general group names GSM 7-bit itself. */
function alphabetsOf({ channel }: Mt, settings: LinkSettings): LinkSettings {
  return channel === 'flash' ? { ...settings, defaultAlphabet: 'gsm7' } : settings;
}

function carrierFor(wanted: Carrier, tlvs: boolean): Carrier {
  return tlvs || wanted === 'udh16' ? wanted : 'udh8';
}

const DAY = 86_400;

/** Relative time YYMMDDhhmmss000R (SMPP 3.4 7.1.1.2), whole seconds, at most 30 days; empty for the SMSC's default. */
export function relativeTime(ms: number | undefined): string {
  if (ms === undefined) return '';
  const seconds = Math.min(Math.max(Math.round(ms / 1000), 1), 30 * DAY);
  const fields = [
    Math.floor(seconds / DAY),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  return `0000${fields.map((field) => String(field).padStart(2, '0')).join('')}000R`;
}
