import { readdirSync, readFileSync } from 'node:fs';

type Room = 'smpp' | 'ussd';

const folderOf = (room: Room): URL => new URL(`../../golden/${room}/`, import.meta.url);

/** The octets of an annotated hex file: everything after `#` is comment. */
export function golden(name: string, room: Room = 'smpp'): Buffer {
  const text = readFileSync(new URL(`${name}.hex`, folderOf(room)), 'utf8');
  const hex = text.replace(/#.*$/gm, '').replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})+$/.test(hex)) throw new Error(`${name}.hex is not hex`);
  return Buffer.from(hex, 'hex');
}

export function goldenNames(room: Room = 'smpp'): readonly string[] {
  return readdirSync(folderOf(room))
    .filter((file) => file.endsWith('.hex'))
    .map((file) => file.replace(/\.hex$/, ''));
}

/** The same PDU under another sequence number. */
export function numbered(frame: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt32BE(sequence, 12);
  return copy;
}
