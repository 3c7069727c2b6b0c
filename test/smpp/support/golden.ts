import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../golden/smpp/', import.meta.url);

/** The octets of an annotated hex file: everything after `#` is comment. */
export function golden(name: string): Buffer {
  const text = readFileSync(new URL(`${name}.hex`, FOLDER), 'utf8');
  const hex = text.replace(/#.*$/gm, '').replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})+$/.test(hex)) throw new Error(`${name}.hex is not hex`);
  return Buffer.from(hex, 'hex');
}

export function goldenNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.hex'))
    .map((file) => file.replace(/\.hex$/, ''));
}

/** The same PDU under another sequence number. */
export function numbered(frame: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt32BE(sequence, 12);
  return copy;
}
