// data_coding: SMPP 3.4 section 5.2.19 below 0x10, the groups of 3GPP TS 23.038 section 4 from there on.

export type Charset = 'gsm7' | 'ascii' | 'latin1' | 'octets' | 'ucs2';

const SMPP_CODES: Readonly<Record<number, Charset>> = {
  0x01: 'ascii',
  0x02: 'octets',
  0x03: 'latin1',
  0x04: 'octets',
  0x08: 'ucs2',
  // Reserved by both standards.
  0x0c: 'gsm7',
  0x0f: 'gsm7',
};

/** General data coding, to be deleted or not (0x10 to 0x7F): bits 3-2 name the alphabet. The last is reserved. */
const GENERAL: readonly Charset[] = ['gsm7', 'octets', 'ucs2', 'gsm7'];

/**
 * `fallback` is what data_coding 0 means at this SMSC. A reserved coding is GSM 7-bit (TS 23.038 section 4), and so is
 * message waiting but for its group E.
 */
export function charsetOf(dataCoding: number, fallback: Charset): Charset {
  if (dataCoding < 0x10) return SMPP_CODES[dataCoding] ?? fallback;
  if (dataCoding < 0x80) return GENERAL[(dataCoding >> 2) & 3] ?? 'gsm7';
  if ((dataCoding & 0xf0) === 0xe0) return 'ucs2';
  return (dataCoding & 0xf4) === 0xf4 ? 'octets' : 'gsm7';
}

/** Message class 0: shown at once and not stored, the "flash" message. */
export function isFlash(dataCoding: number): boolean {
  const hasClass = (dataCoding & 0x90) === 0x10 || (dataCoding & 0xf0) === 0xf0;
  return hasClass && (dataCoding & 3) === 0;
}
