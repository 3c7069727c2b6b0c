// data_coding: SMPP 3.4 section 5.2.19, with the message class groups of 3GPP TS 23.038 section 4.

export type Charset = 'gsm7' | 'ascii' | 'latin1' | 'octets' | 'ucs2';

const SMPP_CODES: Readonly<Record<number, Charset>> = {
  0x01: 'ascii',
  0x02: 'octets',
  0x03: 'latin1',
  0x04: 'octets',
  0x08: 'ucs2',
};

/** General data coding with a message class (0x10 to 0x1F): bits 3-2 name the alphabet. */
const GENERAL: readonly Charset[] = ['gsm7', 'octets', 'ucs2', 'octets'];

/** `fallback` is what data_coding 0 means at this SMSC. */
export function charsetOf(dataCoding: number, fallback: Charset): Charset {
  if ((dataCoding & 0xf0) === 0x10) return GENERAL[(dataCoding >> 2) & 3] ?? 'octets';
  if ((dataCoding & 0xf0) === 0xf0) return (dataCoding & 4) === 0 ? 'gsm7' : 'octets';
  return SMPP_CODES[dataCoding] ?? fallback;
}

/** Message class 0: shown at once and not stored, the "flash" message. */
export function isFlash(dataCoding: number): boolean {
  const group = dataCoding & 0xf0;
  return (group === 0x10 || group === 0xf0) && (dataCoding & 3) === 0;
}
