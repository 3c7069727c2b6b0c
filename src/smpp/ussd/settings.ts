import type { UssdTimers } from '../../domain/ussd.ts';
import type { UssdDialect } from './dialects.ts';

/** A code as it is dialled, cut at its stars: `*384*1#` is 384, 1. */
export interface UssdCode {
  readonly parts: readonly string[];
  /** The short code whose services it sells. */
  readonly shortCode: string;
}

/** USSD over one link. */
export interface UssdSettings extends UssdTimers {
  readonly dialect: UssdDialect;
  /** Tag of the vendor's TLV, for the dialect `tlv`. */
  readonly tag: number;
  readonly codes: readonly UssdCode[];
  /** Whether we may open dialogues here. */
  readonly push: boolean;
  /** ussd_service_op with which this gateway says that the dialogue broke off; 129 has been seen of several. */
  readonly abortOp: number;
  /** data_coding of our texts. */
  readonly gsm7Coding: number;
  readonly ucs2Coding: number;
}

/** data_coding 15 is the default alphabet of cell broadcast and USSD (TS 23.038 section 5), which SMPP 5.2.19 reserves. */
export const CBS_DEFAULT = 0x0f;
