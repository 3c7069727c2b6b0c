import { readFileSync } from 'node:fs';

/** Octets of an annotated hex file beside this one: `#` opens a comment. */
export function golden(name: string): Buffer {
  const text = readFileSync(new URL(`golden/${name}.hex`, import.meta.url), 'utf8');
  return Buffer.from(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''), 'hex');
}
